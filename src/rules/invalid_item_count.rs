//! `invalid-item-count`: a list has fewer or more items than the service's model allows.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::{Bounds, Kind, Shape};

/// The number of items beside a Quantity.
pub(crate) fn check(
    quantity: Element<'_>,
    items: Option<Element<'_>>,
    number: i64,
    findings: &mut Vec<Finding>,
) {
    // Nearly all lists are unbounded.
    if items
        .and_then(|i| i.shape())
        .is_some_and(|list| !is_bounded(list))
    {
        return;
    }
    let Some(element) = quantity.parent() else {
        return;
    };
    let version = element.document().version();
    let Some(member) = element.shape().and_then(|s| s.member("Items")) else {
        return;
    };
    let Some(Kind::List { item, count, .. }) = member.shape_in(version).map(|s| &s.shape().kind)
    else {
        return;
    };
    if count.min.is_none_or(|min| number >= min) && count.max.is_none_or(|max| number <= max) {
        return;
    }
    // Without Items, the place to point at is the Quantity; a missing element is another rule's business.
    let place = match items {
        Some(items) => items,
        None if quantity.value().trim() == "0" && !member.is_required(version) => quantity,
        None => return,
    };
    let holds = if number == 0 {
        "none".to_owned()
    } else {
        number.to_string()
    };
    let name = element.shown_name();
    findings.push(
        Finding::new(
            id::INVALID_ITEM_COUNT,
            place.subject_span(),
            format!("{name} needs {}, but has {holds}", wanted(*count, item)),
        )
        .at(place.path())
        .label(match count.min {
            Some(min) if number < min => "too few",
            _ => "too many",
        })
        .help(advice(*count, number, item)),
    );
}

fn is_bounded(list: &Shape) -> bool {
    let Bounds { min, max } = list.bounds();
    min.is_some() || max.is_some()
}

fn advice(count: Bounds, number: i64, item: &str) -> String {
    let (verb, by) = match (count.min, count.max) {
        (Some(min), _) if number < min => ("add", min - number),
        (_, Some(max)) if number > max => ("delete", number - max),
        _ => ("change", 0),
    };
    format!(
        "{verb} {by} {item}{}, and write the new number into Quantity",
        elements(by)
    )
}

fn elements(number: i64) -> &'static str {
    match number {
        1 => "",
        _ => " elements",
    }
}

fn wanted(count: Bounds, item: &str) -> String {
    let (words, last) = match (count.min, count.max) {
        (Some(min), Some(max)) if min == max => (format!("exactly {min}"), min),
        (Some(min), None) => (format!("at least {min}"), min),
        (None, Some(max)) => (format!("at most {max}"), max),
        (min, max) => {
            let (min, max) = (min.unwrap_or(0), max.unwrap_or(i64::MAX));
            (format!("{min} to {max}"), max)
        }
    };
    format!("{words} {item}{}", elements(last))
}
