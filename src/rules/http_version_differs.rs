//! `http-version-differs`: distributions with one certificate have different HTTP versions.

use std::collections::BTreeMap;

use crate::document::quoted;
use crate::finding::Finding;
use crate::fleet::{About, Fleet, Others, Place, Remark};
use crate::rule::id;

/// How many of the others a finding shows.
const SHOWN: usize = 3;

/// Where most agree, those that differ are wrong; else all are.
pub(crate) fn check(fleet: &Fleet<'_>, remarks: &mut Vec<Remark>) {
    for group in fleet.groups_of(About::Certificate).shared() {
        let version = |place: &Place| fleet.places_of(place.member, About::HttpVersion).next();
        let mut texts = group.iter().filter_map(version).map(|p| fleet.text(p));
        let first = texts.next();
        // As it nearly always is.
        if texts.all(|text| Some(text) == first) {
            continue;
        }
        let firsts = fleet.apart(group, |member| fleet.distribution(member));
        let versions: Vec<Place> = firsts.iter().filter_map(version).collect();
        one_certificate(fleet, &versions, remarks);
    }
}

fn one_certificate(fleet: &Fleet<'_>, versions: &[Place], remarks: &mut Vec<Remark>) {
    let mut by_value: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for place in versions {
        by_value.entry(fleet.text(*place)).or_default().push(*place);
    }
    if by_value.len() < 2 {
        return;
    }
    let common = by_value
        .values()
        .find(|places| places.len() * 2 > versions.len());
    for place in versions {
        let value = fleet.text(*place);
        // The first of each other value; or, where there is one that most have, those that have it.
        let differing: Vec<Place> = match common {
            Some(common) if fleet.text(common[0]) == value => continue,
            Some(common) => common.iter().take(SHOWN).copied().collect(),
            None => {
                let others = by_value.iter().filter(|(other, _)| **other != value);
                others.take(SHOWN).map(|(_, places)| places[0]).collect()
            }
        };
        let others = Others {
            more: common.map_or(0, |common| common.len() - differing.len()),
            shown: differing,
        };
        remarks.push(
            fleet
                .at(*place, words(fleet, *place, value, &others))
                .beside_all(&others, "the same certificate"),
        );
    }
}

fn words(fleet: &Fleet<'_>, place: Place, value: &str, others: &Others) -> Finding {
    let has = match others.shown.len() + others.more {
        1 => "has",
        _ => "have",
    };
    // There is at least one: else nothing would differ.
    let values: Vec<&str> = others.shown.iter().map(|p| fleet.text(*p)).collect();
    let other = match values.iter().all(|v| *v == values[0]) {
        true => quoted(values[0]),
        false => "others".to_owned(),
    };
    let message = format!(
        "HttpVersion is {}, but {other} in {}, which {has} the same certificate",
        quoted(value),
        fleet.names(others)
    );
    Finding::new(id::HTTP_VERSION_DIFFERS, fleet.fact(place).span, message)
        .label("differs")
        .note("distributions that share a certificate have to agree on the HTTP version")
        .help(
            "write the same HttpVersion in all of them, or give this one a certificate of its own",
        )
}
