//! `quantity-mismatch`: Quantity is not the number of items.

use std::collections::HashMap;

use crate::check::{is_all_blank, trimmed};
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Fix, Safety};
use crate::rule::id;
use crate::rules::{empty_items, invalid_item_count};
use crate::schema::{Kind, name};
use crate::scope::Scope;
use crate::update::Update;

/// The number in Quantity against the number of item elements beside it; no Items counts as 0.
///
/// Two other rules ask for the same elements and their number, so this is the one look at a list for all three.
pub(crate) fn check(_: &Scope<'_>, quantity: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(element) = quantity.parent() else {
        return;
    };
    let items = element.get(name::ITEMS);
    let holds = items.map_or(0, number_of_items);
    invalid_item_count::check(quantity, items, holds, findings);
    if let Some(items) = items.filter(|_| holds == 0) {
        empty_items::check(items, quantity, findings);
    }
    // A number that does not fit its type is reported for that.
    let Ok(says) = trimmed(quantity.value()).parse::<i32>() else {
        return;
    };
    let says = i64::from(says);
    if says == holds || is_reported_otherwise(element, items, says) {
        return;
    }
    let item = item_name(element);
    let message = match items {
        Some(_) => format!("Quantity says {says}, but Items holds {holds}"),
        None => format!("Quantity says {says}, but there is no Items"),
    };
    let finding = Finding::new(id::QUANTITY_MISMATCH, quantity.value_span(), message)
        .at(quantity.path())
        .label(format!("says {says}"))
        .help(advice(says, holds, item))
        .fix(correction(quantity, items, holds));
    findings.push(match items {
        Some(items) => finding.also(
            items.name_span(),
            format!("{holds} {item} {}", plural(holds, "element")),
        ),
        None => finding.also(element.name_span(), "no Items in here"),
    });
}

/// Sets the number. Whether the number or the items were meant is not known here: an item may be missing. One is missing
/// for certain where a list that needs items has none.
fn correction(quantity: Element<'_>, items: Option<Element<'_>>, holds: i64) -> Option<Fix> {
    if holds == 0 && empty_items::are_needed(quantity.parent()?) {
        return None;
    }
    let counted = repair::set_value(quantity, &holds.to_string());
    match items.filter(|_| holds == 0).filter(empty_items::can_go) {
        Some(items) => {
            let title = "set Quantity to 0 and delete the empty Items";
            Fix::risky(title, repair::all([counted, repair::remove([items])]))
        }
        None => Fix::risky(format!("set Quantity to {holds}"), counted),
    }
}

/// Makes fixes safe where the older document shows that the items were changed and the number was forgotten.
pub(crate) fn compare(update: &Update<'_>, findings: &mut [Finding]) {
    let mut own = findings
        .iter_mut()
        .filter(|f| f.rule == id::QUANTITY_MISMATCH)
        .peekable();
    let (Some(comparison), Some(_)) = (update.comparison(), own.peek()) else {
        return;
    };
    let quantities: HashMap<u32, Element<'_>> = (update.new.elements())
        .filter(|element| element.node().known_as == name::QUANTITY)
        .map(|element| (element.value_span().start, element))
        .collect();
    for finding in own {
        let list = quantities
            .get(&finding.span.start)
            .and_then(|quantity| quantity.parent());
        let older = list.and_then(|list| comparison.counterpart(list));
        if let (Some(fix), Some(list), Some(older)) = (&mut finding.fix, list, older)
            && is_forgotten(older, list)
        {
            fix.safety = Safety::Safe;
        }
    }
}

/// Whether a list was right, has other items now, and still the old number. One that has no items any more may have lost
/// them by mistake.
fn is_forgotten(older: Element<'_>, newer: Element<'_>) -> bool {
    let says = |list: Element<'_>| {
        let quantity = list.get(name::QUANTITY)?;
        trimmed(quantity.value()).parse::<i64>().ok()
    };
    let holds = |list: Element<'_>| list.get(name::ITEMS).map_or(0, number_of_items);
    let (old, new) = (says(older), says(newer));
    old.is_some() && old == new && old == Some(holds(older)) && holds(newer) > 0
}

/// Foreign elements are no items.
fn number_of_items(items: Element<'_>) -> i64 {
    let children = items.children();
    children
        .map(|item| i64::from(item.node().shape.is_some()))
        .sum()
}

/// Another rule says it better: one of the two stands twice, and which CloudFront reads is not known; Items is required and missing, its items stand outside it, or it holds text.
fn is_reported_otherwise(element: Element<'_>, items: Option<Element<'_>>, says: i64) -> bool {
    if ["Quantity", "Items"]
        .iter()
        .any(|name| stands_twice(element, name))
    {
        return true;
    }
    match items {
        Some(items) => !items.has_children() && !is_all_blank(items.value()),
        None => {
            let version = element.document().version();
            let required = element
                .shape()
                .and_then(|s| s.member("Items"))
                .is_some_and(|m| m.is_required(version));
            let unwrapped = element.children().any(|child| child.node().position > 0);
            unwrapped || (required && says > 0)
        }
    }
}

fn stands_twice(element: Element<'_>, name: &str) -> bool {
    element
        .children()
        .filter(|child| child.name() == name)
        .nth(1)
        .is_some()
}

fn item_name(element: Element<'_>) -> &'static str {
    let version = element.document().version();
    let items = element
        .shape()
        .and_then(|s| s.member("Items"))
        .and_then(|m| m.shape_in(version));
    match items.map(|s| &s.shape().kind) {
        Some(Kind::List { item, .. }) => item,
        _ => "item",
    }
}

fn advice(says: i64, holds: i64, item: &str) -> String {
    match says - holds {
        1 => format!("write {holds}, or add the missing {item}"),
        missing if missing > 1 => {
            format!("write {holds}, or add the {missing} missing {item} elements")
        }
        _ if says < 0 => format!("write {holds}; a quantity is never negative"),
        -1 => format!("write {holds}, or delete one {item}"),
        surplus => format!("write {holds}, or delete {} {item} elements", -surplus),
    }
}

fn plural(count: i64, word: &str) -> String {
    if count == 1 {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}
