//! An update: the older document, the newer one, what differs between them, and what rules say of it.

use std::collections::HashSet;
use std::sync::Arc;

use crate::check::{Older, trimmed};
use crate::compare::{self, Action, Change, Comparison};
use crate::document::{Document, Element, cut};
use crate::edit::{lists, repair};
use crate::finding::{Finding, Fix, Safety};
use crate::fingerprint::without_positions;
use crate::rule::{Operation, RuleId, id};
use crate::schema::roots;

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
    /// Where the newer document lacks what its API version demands, and a finding says so: starts of the places.
    incomplete: HashSet<u32>,
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
            incomplete: HashSet::new(),
        }
    }

    /// Takes note of what others have found in the newer document.
    pub(crate) fn note(&mut self, findings: &[Finding]) {
        let missing = |finding: &&Finding| finding.rule == id::MISSING_REQUIRED_ELEMENT;
        let starts = findings.iter().filter(missing).map(|f| f.span.start);
        self.incomplete = starts.collect();
    }

    /// Whether what is gone has to be there, and a finding says so.
    fn is_demanded(&self, change: &Change<'_>) -> bool {
        let around = change.new_around;
        let gone = change.old.filter(|_| change.action == Action::Removed);
        let member = gone.and_then(|old| around.shape()?.member(old.name()));
        member.is_some_and(|member| member.is_required(self.new.version()))
            && self.incomplete.contains(&around.name_span().start)
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

    /// The open changes that can be spoken of as losses: those of two documents that have the same elements and can be
    /// sent in an update.
    pub(crate) fn losses(&self) -> Vec<(usize, Change<'d>)> {
        match &self.comparison {
            Some(c) if !c.kinds_differ() && !c.is_across_generations() && is_updated(c.new) => {
                let mut open = self.open();
                open.retain(|(_, change)| !self.is_demanded(change));
                open
            }
            _ => Vec::new(),
        }
    }

    /// The first of them for which something holds.
    pub(crate) fn find(&self, wanted: impl Fn(&Change<'d>) -> bool) -> Option<(usize, Change<'d>)> {
        self.losses().into_iter().find(|(_, change)| wanted(change))
    }

    /// A finding at the smallest place of a change in the newer document, without words about either.
    pub(crate) fn at(
        &self,
        rule: RuleId,
        change: &Change<'d>,
        message: impl Into<String>,
    ) -> Finding {
        let place = change.place();
        let span = match change.new {
            Some(new) if !new.has_children() => new.subject_span(),
            _ => place.name_span(),
        };
        Finding::new(rule, span, message).at(place.path())
    }

    /// The same, with words about the older place.
    pub(crate) fn finding(
        &self,
        rule: RuleId,
        change: &Change<'d>,
        message: impl Into<String>,
        was: &str,
    ) -> Finding {
        let finding = self.also_old(self.at(rule, change, message), change.old_place(), was);
        // What is gone has no place of its own in the newer document.
        match change.action {
            Action::Removed => finding.about(gone(change.element())),
            _ => finding,
        }
    }

    /// Leaves a change to a rule that needs no older document.
    pub(crate) fn leave(&mut self, change: usize) {
        self.taken[change] = true;
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

    /// Shows the API version of the older document beside a finding.
    pub(crate) fn also_old_version(&self, finding: Finding, words: &str) -> Finding {
        let span = crate::rules::text_in_namespace(self.old.root(), self.old.version().date());
        finding.also_in(Arc::clone(&self.older.source), span, words)
    }

    /// All that was said, and what it was said of.
    pub(crate) fn into_parts(self) -> (Option<Comparison<'d>>, Vec<Said>) {
        (self.comparison, self.said)
    }
}

/// An element that is gone, in a few words.
fn gone(old: Element<'_>) -> String {
    let path = without_positions(&old.path());
    match old.has_children() {
        true => path,
        false => format!("{path} {}", old.shown_value()),
    }
}

/// Whether the API has a call that updates what an element configures. All else is only ever sent to create something.
pub(crate) fn is_updated(configuration: Element<'_>) -> bool {
    let mut roots = roots().iter();
    let root = roots.find(|root| root.name == configuration.name());
    root.is_some_and(|root| Operation::Update.call(root).is_some())
}

/// The fix that takes a change back: for a setting that no update can change, if the documents are of one resource.
pub(crate) fn undone(change: &Change<'_>) -> Option<Fix> {
    match (change.old, change.new) {
        (Some(old), Some(new)) => repair::write(new, trimmed(old.value()), Safety::Unsafe),
        (Some(old), None) => {
            let title = format!("copy {} from the older document", old.shown_name());
            Fix::risky(title, lists::copy_members(change.new_around, &[old]))
        }
        (None, Some(new)) => {
            let title = format!("delete {}", new.shown_name());
            Fix::risky(title, repair::remove([new]))
        }
        (None, None) => None,
    }
}

/// What had a value before and has none afterwards: the older element.
pub(crate) fn lost<'d>(change: &Change<'d>) -> Option<Element<'d>> {
    match change.action {
        Action::Removed => change.old,
        Action::Changed => change.old.filter(|_| change.new.is_some_and(is_empty)),
        _ => None,
    }
}

/// What had no value before and has one afterwards: the newer element.
pub(crate) fn gained<'d>(change: &Change<'d>) -> Option<Element<'d>> {
    match change.action {
        Action::Added => change.new,
        Action::Changed => change.new.filter(|_| change.old.is_some_and(is_empty)),
        _ => None,
    }
}

fn is_empty(element: Element<'_>) -> bool {
    !element.has_children() && trimmed(element.value()).is_empty()
}

/// The values of an element that has changed, old and new, cut where they are too long for a message.
pub(crate) fn values<'d>(change: &Change<'d>) -> Option<(&'d str, &'d str)> {
    match (change.action, change.old, change.new) {
        (Action::Changed, Some(old), Some(new)) => {
            Some((cut(trimmed(old.value())), cut(trimmed(new.value()))))
        }
        _ => None,
    }
}

/// Whether a boolean was changed to this.
pub(crate) fn became(change: &Change<'_>, value: &str) -> bool {
    values(change).is_some_and(|(_, new)| new.eq_ignore_ascii_case(value))
}

/// The element itself, or the innermost one around it, with this name.
pub(crate) fn around<'d>(element: Element<'d>, name: &str) -> Option<Element<'d>> {
    let mut at = Some(element);
    while let Some(element) = at {
        if element.name() == name {
            return Some(element);
        }
        at = element.parent();
    }
    None
}

/// Whether an element has this name, in a parent of that name.
pub(crate) fn is_in(element: Element<'_>, parent: &str, name: &str) -> bool {
    element.name() == name && element.parent().is_some_and(|p| p.name() == parent)
}

/// The cache behavior that an element belongs to.
pub(crate) fn behavior_of(element: Element<'_>) -> Option<Element<'_>> {
    around(element, "CacheBehavior").or_else(|| around(element, "DefaultCacheBehavior"))
}

/// A cache behavior in words: which requests it serves.
pub(crate) fn requests_of(behavior: Element<'_>) -> String {
    match behavior.child("PathPattern") {
        Some(pattern) => format!("requests for {}", pattern.shown_value()),
        None => "requests that no path pattern matches".to_owned(),
    }
}

/// An origin in words.
pub(crate) fn origin_in_words(element: Element<'_>) -> String {
    let id = around(element, "Origin").and_then(|origin| origin.child("Id"));
    match id {
        Some(id) => format!("the origin {}", id.shown_value()),
        None => "the origin".to_owned(),
    }
}
