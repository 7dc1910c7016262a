//! Fixes: the edits that findings carry, put into the text of a document. Pure: nothing here reads or writes a file.

mod rounds;

use std::collections::{BTreeMap, HashSet};

use crate::check::{Beside, Settings, check_beside};
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::source::{Source, Span};

pub use rounds::{Applied, Fixed, LeftOut};
pub(crate) use rounds::{Job, run};

/// What a run does with fixes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fixing {
    /// What becomes of them.
    pub mode: Mode,
    /// Those that may change what a document means, too.
    pub with_unsafe: bool,
}

/// What becomes of fixes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The findings carry them.
    #[default]
    Offer,
    /// They are applied to the texts, but no file is written.
    Show,
    /// They are applied, and files are written.
    Apply,
}

impl Fixing {
    /// Whether fixes are applied to texts.
    pub fn is_on(self) -> bool {
        self.mode != Mode::Offer
    }

    /// Whether a fix is among those that were asked for.
    pub fn wants(self, fix: &Fix) -> bool {
        self.with_unsafe || fix.safety == Safety::Safe
    }
}

/// Fixes a document as far as that can be done: every finding whose fix is wanted, in rounds until nothing is left or
/// only what cannot be fixed. Pure: nothing is read or written. A fix after which the document could not be read, or
/// would have an error that it has not now, is left out.
///
/// ```
/// use cloudfront_lint::{Beside, Safety, Settings, Source, fix};
///
/// let text = br#"<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
///   <Paths><Items><Path>/index.html</Path></Items></Paths>
///   <CallerReference>2026-01-31</CallerReference>
/// </InvalidationBatch>"#;
/// let source = Source::from_bytes("batch.xml", text.to_vec());
/// let safe = |_: &_, fix: &cloudfront_lint::Fix| fix.safety == Safety::Safe;
/// let fixed = fix(&source, &Beside::default(), &Settings::default(), safe);
/// assert!(fixed.source.unwrap().text().contains("<Paths><Quantity>1</Quantity><Items>"));
/// assert!(fixed.checked.findings.is_empty());
/// ```
pub fn fix(
    source: &Source,
    beside: &Beside<'_>,
    settings: &Settings,
    wanted: impl Fn(&Finding, &Fix) -> bool,
) -> Fixed {
    let check = |source: &Source| check_beside(source, beside, settings);
    let checked = check(source);
    let job = Job {
        check: &check,
        triage: &|_, _| {},
        wanted: &wanted,
    };
    run(source, checked, &job)
}

/// A text with the edits of some fixes. A fix is taken whole or not at all: one that overlaps a fix before it is left
/// out, and so is one whose edits do not lie in the text. Of fixes that begin at the same place the earlier in the list
/// wins, but two that only put in different texts there follow each other.
pub fn apply(text: &str, fixes: &[&Fix]) -> String {
    let (edits, _) = compatible(text, fixes);
    spliced(text, &edits)
}

/// A text that steers a run, after its fixes.
pub(crate) struct Once {
    pub(crate) source: Source,
    /// What is left to say of it, with its places in the new text.
    pub(crate) findings: Vec<Finding>,
    pub(crate) applied: Vec<Applied>,
}

/// Applies fixes that only take parts of a text away, so that nothing has to be checked again: what was said of a part
/// goes with it. None if there is nothing to fix.
pub(crate) fn once(source: &Source, findings: &[Finding], fixing: Fixing) -> Option<Once> {
    let open = |finding: &&Finding| !finding.suppressed && !finding.baselined;
    let fixable = findings.iter().filter(open).filter_map(|finding| {
        let fix = finding.fix.as_ref().filter(|fix| fixing.wants(fix))?;
        let only_removes = fix.edits.iter().all(|edit| edit.content.is_empty());
        only_removes.then_some((finding, fix))
    });
    let (of, fixes): (Vec<&Finding>, Vec<&Fix>) = fixable.unzip();
    let (edits, is_taken) = compatible(source.text(), &fixes);
    if edits.is_empty() {
        return None;
    }
    let taken = of
        .iter()
        .zip(&fixes)
        .zip(is_taken)
        .filter(|(_, is_taken)| *is_taken);
    let applied = taken.map(|((finding, fix), _)| Applied::new(finding, fix));
    let removed = Removed::by(&edits);
    Some(Once {
        source: Source::from_bytes(
            source.name(),
            source.encode(&spliced(source.text(), &edits)),
        ),
        applied: applied.collect(),
        findings: findings
            .iter()
            .filter_map(|finding| removed.left(finding))
            .collect(),
    })
}

/// What edits have taken away: where each ends, with all that is gone before that place.
struct Removed(Vec<(Span, u32)>);

impl Removed {
    /// By edits that are sorted and do not overlap.
    fn by(edits: &[&Edit]) -> Removed {
        let mut gone = 0;
        let gone = edits.iter().map(|edit| {
            gone += edit.span.end - edit.span.start;
            (edit.span, gone)
        });
        Removed(gone.collect())
    }

    /// A finding in the new text; none if its place is gone.
    fn left(&self, finding: &Finding) -> Option<Finding> {
        let mut left = finding.clone();
        left.span = self.moved(left.span)?;
        left.labels
            .retain_mut(|label| match self.moved(label.span) {
                _ if label.source.is_some() => true,
                Some(span) => {
                    label.span = span;
                    true
                }
                None => false,
            });
        for edit in left.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span = self.moved(edit.span).unwrap_or(Span::at(left.span.start));
        }
        Some(left)
    }

    fn moved(&self, span: Span) -> Option<Span> {
        let before = self.0.partition_point(|(edit, _)| edit.end <= span.start);
        if self
            .0
            .get(before)
            .is_some_and(|(edit, _)| edit.start <= span.start)
        {
            return None;
        }
        let gone = before.checked_sub(1).and_then(|last| self.0.get(last));
        let gone = gone.map_or(0, |(_, gone)| *gone);
        Some(Span::new(span.start - gone, span.end - gone))
    }
}

/// The edits of the fixes that do not overlap, in the order of the text, and for each fix whether it is among them.
pub(crate) fn compatible<'f>(text: &str, fixes: &[&'f Fix]) -> (Vec<&'f Edit>, Vec<bool>) {
    let mut order: Vec<usize> = (0..fixes.len()).collect();
    order.sort_by_key(|at| fixes[*at].edits.first().map(|edit| edit.span));
    let mut taken = Taken::default();
    let mut is_taken = vec![false; fixes.len()];
    for at in order {
        is_taken[at] = is_sound(text, fixes[at]) && taken.add(fixes[at]);
    }
    let edits = taken.edits.into_values();
    (edits.map(|(edit, _)| edit).collect(), is_taken)
}

/// Whether the text has what a fix replaces, and its edits are in order.
fn is_sound(text: &str, fix: &Fix) -> bool {
    let lies_in = |edit: &Edit| {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        text.get(start..end).is_some()
    };
    let edits = &fix.edits;
    let in_order = |two: &[Edit]| two[0].span < two[1].span && !touches(&two[0], &two[1]);
    !edits.is_empty() && edits.iter().all(lies_in) && edits.windows(2).all(in_order)
}

/// Edits that do not overlap.
#[derive(Default)]
struct Taken<'f> {
    /// By where they begin, and then by when they were added; with whether such an edit is all that its fix does, and
    /// only puts in a text.
    edits: BTreeMap<(u32, u32), (&'f Edit, bool)>,
    /// Texts that are only put in, with their places.
    put_in: HashSet<(u32, &'f str)>,
    count: u32,
}

impl<'f> Taken<'f> {
    /// Adds all edits of a fix, or none.
    fn add(&mut self, fix: &'f Fix) -> bool {
        let only_puts_in = matches!(&fix.edits[..], [edit] if edit.span.is_empty());
        if fix
            .edits
            .iter()
            .any(|edit| self.overlaps(edit, only_puts_in))
        {
            return false;
        }
        for edit in &fix.edits {
            self.count += 1;
            let place = (edit.span.start, self.count);
            self.edits.insert(place, (edit, only_puts_in));
            if only_puts_in {
                self.put_in.insert((edit.span.start, &edit.content));
            }
        }
        true
    }

    fn overlaps(&self, edit: &Edit, only_puts_in: bool) -> bool {
        let (start, content) = (edit.span.start, &edit.content[..]);
        let before = self.edits.range(..=(start, u32::MAX)).next_back();
        let behind = self.edits.range((start, 0)..).next();
        let either = [before, behind].into_iter().flatten();
        either.into_iter().any(|(_, (other, puts_in_too))| {
            let may_follow = only_puts_in
                && *puts_in_too
                && other.span.start == start
                && !self.put_in.contains(&(start, content));
            !may_follow && touches(other, edit)
        })
    }
}

/// A text with edits that are sorted and do not overlap.
pub(crate) fn spliced(text: &str, edits: &[&Edit]) -> String {
    let added: usize = edits.iter().map(|edit| edit.content.len()).sum();
    let mut new = String::with_capacity(text.len() + added);
    let mut at = 0;
    for edit in edits {
        new.push_str(text.get(at..edit.span.start as usize).unwrap_or_default());
        new.push_str(&edit.content);
        at = edit.span.end as usize;
    }
    new.push_str(text.get(at..).unwrap_or_default());
    new
}

/// Whether two edits have a byte in common, or begin at the same place, so that their order would matter.
fn touches(one: &Edit, other: &Edit) -> bool {
    let (one, other) = (one.span, other.span);
    one.start == other.start || one.start < other.end && other.start < one.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Safety;

    fn fix(edits: &[(u32, u32, &str)]) -> Fix {
        let edits = edits.iter().map(|(start, end, content)| Edit {
            span: Span::new(*start, *end),
            content: (*content).to_owned(),
        });
        Fix {
            title: "change".to_owned(),
            safety: Safety::Safe,
            edits: edits.collect(),
        }
    }

    fn applied(fixes: &[Fix]) -> String {
        apply("0123456789", &fixes.iter().collect::<Vec<_>>())
    }

    #[test]
    fn fixes_come_in_any_order() {
        let fixes = [
            fix(&[(8, 9, "x")]),
            fix(&[(0, 0, "a"), (10, 10, "z")]),
            fix(&[(2, 4, "")]),
        ];
        assert_eq!(applied(&fixes), "a014567x9z");
        assert_eq!(applied(&[]), "0123456789");
    }

    #[test]
    fn a_fix_is_taken_whole_or_not_at_all() {
        let outer = fix(&[(1, 2, "a"), (7, 8, "b")]);
        let inner = fix(&[(4, 5, "c")]);
        assert_eq!(applied(&[outer.clone(), inner]), "0a23c56b89");
        let late = fix(&[(3, 4, "d"), (7, 8, "e")]);
        assert_eq!(applied(&[outer.clone(), late]), "0a23456b89");
        let around = fix(&[(0, 9, "")]);
        assert_eq!(applied(&[outer, around]), "9");
    }

    #[test]
    fn what_begins_at_the_same_place_waits() {
        let two = |one: Fix, other: Fix| applied(&[one, other]);
        let replaced = fix(&[(3, 4, "a")]);
        assert_eq!(two(replaced.clone(), fix(&[(3, 3, "b")])), "012b3456789");
        let around = fix(&[(3, 3, "<"), (5, 5, ">")]);
        assert_eq!(two(around, fix(&[(3, 3, "b")])), "012<34>56789");
        // Neighbours do not touch each other.
        assert_eq!(two(replaced, fix(&[(4, 4, "b")])), "012ab456789");
    }

    #[test]
    fn texts_that_are_only_put_in_follow_each_other() {
        let put = |text| fix(&[(3, 3, text)]);
        let fixes = [put("a"), put("b"), put("a"), put("c")];
        assert_eq!(
            applied(&fixes),
            "012abc3456789",
            "the second a is the first"
        );
        // One that does more has to wait.
        let more = fix(&[(3, 3, "x"), (7, 8, "y")]);
        assert_eq!(applied(&[put("a"), put("b"), more]), "012ab3456789");
        let behind = [put("a"), fix(&[(3, 5, "")]), put("b")];
        assert_eq!(applied(&behind), "012ab3456789");
    }

    #[test]
    fn edits_outside_of_the_text_are_left_out() {
        assert_eq!(applied(&[fix(&[(9, 11, "a")])]), "0123456789");
        assert_eq!(applied(&[fix(&[(5, 4, "a")])]), "0123456789");
        assert_eq!(applied(&[fix(&[(5, 6, "a"), (2, 3, "b")])]), "0123456789");
        assert_eq!(apply("ä", &[&fix(&[(1, 2, "a")])]), "ä");
    }
}
