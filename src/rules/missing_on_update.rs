//! `missing-on-update`: what an update lacks, as the older document has it.
//!
//! The rule's page says what must be there; here, the older document shows what would be lost.

use std::collections::HashMap;

use crate::compare::Change;
use crate::document::Element;
use crate::edit::lists;
use crate::finding::{Finding, Fix, Level, Safety};
use crate::rule::id;
use crate::suggest;
use crate::update::Update;

/// So many places of the older document are shown.
const SHOWN: usize = 3;

/// Changes by the innermost element around them in the newer document, with their places.
type Gone<'d> = HashMap<u32, Vec<(usize, Change<'d>)>>;

/// Takes over the findings of the rule, and the changes that they speak of.
pub(crate) fn compare(update: &mut Update<'_>, findings: &mut Vec<Finding>) {
    let missing: Vec<Finding> = findings
        .extract_if(.., |finding| finding.rule == id::MISSING_ON_UPDATE)
        .collect();
    if missing.is_empty() {
        return;
    }
    let mut gone = Gone::new();
    for (place, change) in update.open() {
        let around = change.new_around.id();
        gone.entry(around).or_default().push((place, change));
    }
    let elements: HashMap<u32, Element<'_>> = (update.new.elements())
        .filter(|element| element.has_children())
        .map(|element| (element.name_span().start, element))
        .collect();
    for finding in missing {
        let lacking = elements.get(&finding.span.start);
        match lacking.and_then(|new| Some((*new, update.comparison()?.counterpart(*new)?))) {
            Some((new, old)) => {
                let changes = gone.get(&new.id()).map_or(&[][..], Vec::as_slice);
                report(update, finding, (new, old), changes);
            }
            None => update.say([], finding),
        }
    }
}

/// Says of what is refused how it was before. What is not refused for certain is lost for certain if it had a meaning:
/// of that, the rules about losses speak.
fn report<'d>(
    update: &mut Update<'d>,
    mut finding: Finding,
    (new, old): (Element<'d>, Element<'d>),
    changes: &[(usize, Change<'d>)],
) {
    let lost = |name: &str| {
        let is_it = |old_element| member_in(old, old_element).is_some_and(|m| m.name() == name);
        let gone = changes.iter().filter(|(_, c)| c.new.is_none());
        let gone = gone.filter(|(_, c)| c.old.is_some_and(is_it));
        gone.map(|(place, _)| *place).collect::<Vec<usize>>()
    };
    let mut names = named(&finding.message);
    if finding.level < Level::Error {
        let kept: Vec<String> = (names.iter())
            .filter(|name| lost(name).is_empty())
            .cloned()
            .collect();
        if kept.is_empty() {
            return;
        }
        reword(&mut finding, &names, &kept);
        finding.fix = None;
        names = kept;
    }
    let before = names.iter().filter_map(|name| old.child(name));
    for member in before.take(SHOWN) {
        finding = update.also_old(finding, member, "as it is today");
    }
    finding.fix = restored(new, old, &names, finding.level).or(finding.fix);
    let spoken: Vec<usize> = names.iter().flat_map(|name| lost(name)).collect();
    update.say(spoken, finding);
}

/// Copies what is missing from the older document, if all of it is there. What CloudFront does not refuse may have been
/// left out on purpose.
fn restored(new: Element<'_>, old: Element<'_>, names: &[String], level: Level) -> Option<Fix> {
    let members: Option<Vec<Element<'_>>> = names.iter().map(|name| old.child(name)).collect();
    let safety = match level {
        Level::Error => Safety::Safe,
        _ => Safety::Unsafe,
    };
    let list = suggest::alternatives(names.iter().map(String::as_str), "and");
    let title = format!("copy {list} from the older document");
    Fix::new(title, safety, lists::copy_members(new, &members?))
}

/// The elements that a message names: its words that begin with a capital.
fn named(message: &str) -> Vec<String> {
    let words = message.split(|c: char| !c.is_ascii_alphanumeric());
    let names = words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
    names.map(str::to_owned).collect()
}

/// Names some of the elements only.
fn reword(finding: &mut Finding, all: &[String], kept: &[String]) {
    let list = |names: &[String]| suggest::alternatives(names.iter().map(String::as_str), "and");
    let (from, to) = (list(all), list(kept));
    finding.message = finding.message.replace(&from, &to);
    finding.label = finding.label.replace(&from, &to);
    finding.help = finding.help.take().map(|help| help.replace(&from, &to));
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
