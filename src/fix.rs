//! Fixes: the edits that findings carry, put into the text of a document.

use std::collections::BTreeMap;

use crate::finding::{Edit, Fix};

/// A text with the edits of some fixes. A fix is taken whole or not at all: one that overlaps a fix before it is left
/// out, and so is one whose edits do not lie in the text. Of fixes that begin at the same place, the earlier in the list wins.
pub fn apply(text: &str, fixes: &[&Fix]) -> String {
    let (edits, _) = compatible(text, fixes);
    spliced(text, &edits)
}

/// The edits of the fixes that do not overlap, in the order of the text, and for each fix whether it is among them.
pub(crate) fn compatible<'f>(text: &str, fixes: &[&'f Fix]) -> (Vec<&'f Edit>, Vec<bool>) {
    let mut order: Vec<usize> = (0..fixes.len()).collect();
    order.sort_by_key(|at| fixes[*at].edits.first().map(|edit| edit.span));
    let mut taken = BTreeMap::new();
    let mut is_taken = vec![false; fixes.len()];
    for at in order {
        let edits = &fixes[at].edits;
        let mut own: Option<&Edit> = None;
        let fits = edits.iter().all(|edit| {
            let follows =
                own.is_none_or(|before| !touches(before, edit) && before.span < edit.span);
            own = Some(edit);
            follows && lies_in(text, edit) && !overlaps(&taken, edit)
        });
        if fits && !edits.is_empty() {
            taken.extend(edits.iter().map(|edit| (edit.span.start, edit)));
            is_taken[at] = true;
        }
    }
    (taken.into_values().collect(), is_taken)
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

/// Whether the text has such a part, cut between characters.
fn lies_in(text: &str, edit: &Edit) -> bool {
    let (start, end) = (edit.span.start as usize, edit.span.end as usize);
    text.get(start..end).is_some()
}

/// Whether an edit overlaps one of those that are taken; they are found by their beginning.
fn overlaps(taken: &BTreeMap<u32, &Edit>, edit: &Edit) -> bool {
    let before = taken.range(..=edit.span.start).next_back();
    let behind = taken.range(edit.span.start..).next();
    let either = [before, behind].into_iter().flatten();
    either.into_iter().any(|(_, other)| touches(other, edit))
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
    use crate::source::Span;

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
    fn two_texts_at_one_place_have_no_order_so_one_waits() {
        assert_eq!(
            applied(&[fix(&[(3, 3, "a")]), fix(&[(3, 3, "b")])]),
            "012a3456789"
        );
        assert_eq!(
            applied(&[fix(&[(3, 4, "a")]), fix(&[(3, 3, "b")])]),
            "012b3456789"
        );
        // Neighbours do not touch each other.
        assert_eq!(
            applied(&[fix(&[(3, 4, "a")]), fix(&[(4, 4, "b")])]),
            "012ab456789"
        );
    }

    #[test]
    fn edits_outside_of_the_text_are_left_out() {
        assert_eq!(applied(&[fix(&[(9, 11, "a")])]), "0123456789");
        assert_eq!(applied(&[fix(&[(5, 4, "a")])]), "0123456789");
        assert_eq!(applied(&[fix(&[(5, 6, "a"), (2, 3, "b")])]), "0123456789");
        assert_eq!(apply("ä", &[&fix(&[(1, 2, "a")])]), "ä");
    }
}
