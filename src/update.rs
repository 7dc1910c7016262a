//! An update: the older document, the newer one, what differs between them, and what rules say of it.

use std::sync::Arc;

use crate::check::Older;
use crate::compare::{self, Change, Comparison};
use crate::document::{Document, Element};
use crate::finding::Finding;

/// An update that rules look at. Each change is spoken of once: a rule that does takes it from those that come later.
pub(crate) struct Update<'d> {
    /// The document that would be replaced.
    pub(crate) old: &'d Document<'d>,
    /// The document that would be sent.
    pub(crate) new: &'d Document<'d>,
    older: &'d Older<'d>,
    comparison: Option<Comparison<'d>>,
    taken: Vec<bool>,
    said: Vec<Said>,
}

/// What a rule says, and of which changes: their places in [`Comparison::changes`].
pub(crate) struct Said {
    pub(crate) changes: Vec<usize>,
    pub(crate) finding: Finding,
}

impl<'d> Update<'d> {
    pub(crate) fn new(new: &'d Document<'d>, older: &'d Older<'d>) -> Update<'d> {
        let old = older.document;
        let comparison = compare::compare(old, new);
        let count = comparison.as_ref().map_or(0, |c| c.changes.len());
        Update {
            old,
            new,
            older,
            comparison,
            taken: vec![false; count],
            said: Vec::new(),
        }
    }

    /// What differs; none if one of the two is no CloudFront document.
    pub(crate) fn comparison(&self) -> Option<&Comparison<'d>> {
        self.comparison.as_ref()
    }

    /// The changes of which no rule has spoken yet, with their places.
    pub(crate) fn open(&self) -> Vec<(usize, Change<'d>)> {
        let changes = self.comparison.iter().flat_map(|c| &c.changes);
        (changes.copied().enumerate())
            .filter(|(place, _)| !self.taken[*place])
            .collect()
    }

    #[allow(dead_code)]
    /// The changes that can be spoken of as losses: those of two documents that have the same elements.
    pub(crate) fn losses(&self) -> Vec<(usize, Change<'d>)> {
        match &self.comparison {
            Some(c) if !c.kinds_differ() && !c.is_across_generations() => self.open(),
            _ => Vec::new(),
        }
    }

    /// Says something of these changes.
    pub(crate) fn say(&mut self, changes: impl IntoIterator<Item = usize>, finding: Finding) {
        let changes: Vec<usize> = changes.into_iter().collect();
        for place in &changes {
            self.taken[*place] = true;
        }
        self.said.push(Said { changes, finding });
    }

    /// Shows a place of the older document beside a finding.
    pub(crate) fn also_old(
        &self,
        finding: Finding,
        element: Element<'_>,
        words: impl Into<String>,
    ) -> Finding {
        let whole = element.has_children() || element.value_span().is_empty();
        let span = match whole {
            true => element.name_span(),
            false => element.value_span(),
        };
        finding.also_in(Arc::clone(&self.older.source), span, words)
    }

    /// All that was said, and what it was said of.
    pub(crate) fn into_parts(self) -> (Option<Comparison<'d>>, Vec<Said>) {
        (self.comparison, self.said)
    }
}
