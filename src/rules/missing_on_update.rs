//! `missing-on-update`: what an update lacks, as the older document has it.
//!
//! The rule's page says what must be there; here, the older document shows what would be lost.

use std::collections::HashMap;

use crate::compare::Change;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::update::Update;

/// So many places of the older document are shown.
const SHOWN: usize = 3;

/// Takes over the findings of the rule, and the changes that they speak of.
pub(crate) fn compare(update: &mut Update<'_>, findings: &mut Vec<Finding>) {
    let missing: Vec<Finding> = findings
        .extract_if(.., |finding| finding.rule == id::MISSING_ON_UPDATE)
        .collect();
    if missing.is_empty() {
        return;
    }
    let mut gone: HashMap<u32, Vec<(usize, Change<'_>)>> = HashMap::new();
    for (place, change) in update.open() {
        let around = change.new_around.name_span().start;
        gone.entry(around).or_default().push((place, change));
    }
    let elements: HashMap<u32, Element<'_>> = (update.new.elements())
        .filter(|element| element.has_children())
        .map(|element| (element.name_span().start, element))
        .collect();
    for mut finding in missing {
        let lacking = elements.get(&finding.span.start);
        let older = lacking.and_then(|element| update.comparison()?.counterpart(*element));
        let Some(older) = older else {
            update.say([], finding);
            continue;
        };
        let names = finding.message.clone();
        let is_named = |element: Element<'_>| {
            let mut words = names.split(|c: char| !c.is_ascii_alphanumeric());
            words.any(|word| word == element.name())
        };
        for member in older.children().filter(|m| is_named(*m)).take(SHOWN) {
            finding = update.also_old(finding, member, "as it is today");
        }
        let changes = gone.get(&finding.span.start).map_or(&[][..], Vec::as_slice);
        let spoken = changes.iter().filter(|(_, change)| {
            let member = change.old.and_then(|old| member_in(older, old));
            change.new.is_none() && member.is_some_and(is_named)
        });
        let spoken: Vec<usize> = spoken.map(|(place, _)| *place).collect();
        update.say(spoken, finding);
    }
}

/// The member of a structure that an element is, or lies in.
fn member_in<'d>(structure: Element<'d>, element: Element<'d>) -> Option<Element<'d>> {
    let mut at = element;
    loop {
        let parent = at.parent()?;
        if parent.id() == structure.id() {
            return Some(at);
        }
        at = parent;
    }
}
