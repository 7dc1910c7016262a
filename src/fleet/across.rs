//! Declarative checks over a whole run: one value in so many distributions at most.

use std::collections::BTreeMap;

use super::{Fleet, Place, Remark};
use crate::document::quoted;
use crate::finding::Finding;
use crate::vocabulary::{Bounds, Check, Test};

/// Runs all of them.
pub(crate) fn check(fleet: &Fleet<'_>) -> Vec<Remark> {
    // By the address of the check; the order comes from the places.
    let mut by_check: BTreeMap<usize, (&'static Check, Vec<Place>)> = BTreeMap::new();
    for (member, of) in fleet.members.iter().enumerate() {
        for (fact, check) in of.facts.shared() {
            let address = std::ptr::from_ref(check).addr();
            let (_, places) = by_check.entry(address).or_insert((check, Vec::new()));
            places.push(Place { member, fact });
        }
    }
    let mut remarks = Vec::new();
    for (check, places) in by_check.into_values() {
        if let Test::Across(bounds, _) = &check.test {
            for group in fleet.groups(places.into_iter()).into_all() {
                one_value(fleet, check, *bounds, &group, &mut remarks);
            }
        }
    }
    remarks
}

/// A value that one distribution alone may have is wrong wherever it stands; of a quota, the first that is too many.
fn one_value(
    fleet: &Fleet<'_>,
    check: &'static Check,
    bounds: Bounds,
    group: &[Place],
    remarks: &mut Vec<Remark>,
) {
    let max = match bounds.option {
        Some(option) => fleet.number(option),
        None => bounds.max.map_or(0, |max| max as usize),
    };
    let firsts = fleet.apart(group, |member| fleet.distribution(member));
    let Some(surplus) = firsts.get(max) else {
        return;
    };
    match bounds.option {
        Some(option) => {
            let (count, name) = (firsts.len(), option.meta().name);
            let finding = finding(
                fleet,
                check,
                *surplus,
                count,
                max,
                "",
                &format!("number {}", max + 1),
            )
            .note(format!(
                "AWS raises this quota on request; `--set {name}=NUMBER` tells what yours is"
            ));
            remarks.push(fleet.at(*surplus, finding));
        }
        None => {
            for place in group {
                let others = fleet.others(*place, &firsts, |member| fleet.distribution(member));
                let names = fleet.names(&others);
                let finding = finding(
                    fleet,
                    check,
                    *place,
                    firsts.len(),
                    max,
                    &names,
                    "also elsewhere",
                );
                remarks.push(fleet.at(*place, finding).beside_all(&others, "here, too"));
            }
        }
    }
}

fn finding(
    fleet: &Fleet<'_>,
    check: &'static Check,
    place: Place,
    count: usize,
    max: usize,
    others: &str,
    label: &str,
) -> Finding {
    let facts = [
        ("count", count.to_string()),
        ("max", max.to_string()),
        ("value", quoted(fleet.text(place))),
        ("others", others.to_owned()),
    ];
    let fill = |template: &str| fill(template, &facts);
    let default = match others {
        "" => "{count} distributions name {value}, more than the quota of {max}",
        _ => "{value} also stands in {others}",
    };
    let words = check.words;
    let mut finding = Finding::new(
        check.rule,
        fleet.fact(place).span,
        fill(words.message.unwrap_or(default)),
    )
    .label(fill(words.label.unwrap_or(label)));
    if let Some(error) = check.error {
        finding = finding.api(Some(error));
    }
    if let Some(level) = check.level {
        finding = finding.level(level);
    }
    if let Some(confidence) = check.confidence {
        finding = finding.confidence(confidence);
    }
    if let Some(note) = words.note {
        finding = finding.note(fill(note));
    }
    let more =
        "make a second one of the same content, and divide the distributions between the two";
    if let Some(help) = words.help.or(others.is_empty().then_some(more)) {
        finding = finding.help(fill(help));
    }
    finding
}

/// Fills a template; what it is filled with is no template itself.
fn fill(template: &str, facts: &[(&str, String)]) -> String {
    let mut parts = template.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        let fact = facts.iter().find(|(fact, _)| *fact == name);
        out.push_str(fact.map_or("", |(_, text)| text));
        out.push_str(rest);
    }
    out
}
