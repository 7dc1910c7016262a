//! `unknown-origin-shield-region`: a region that is not known to offer Origin Shield.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::{id, table};
use crate::rules::template_leftover;
use crate::scope::Scope;
use crate::suggest;

/// A region of the form that the model demands; of others `invalid-pattern` speaks.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let region = trimmed(element.value());
    let known = table::ORIGIN_SHIELD_REGIONS.values;
    if !is_region(region)
        || known.iter().any(|(name, _)| *name == region)
        || template_leftover::is_unknown(element)
    {
        return;
    }
    let names = || known.iter().map(|(name, _)| *name);
    // Two letters stand for a part of the world.
    let mut near: Vec<&str> = names().filter(|n| n.get(..3) == region.get(..3)).collect();
    if near.is_empty() {
        near = names().collect();
    }
    let message = format!(
        "{} is not known to offer Origin Shield",
        element.shown_value()
    );
    findings.push(
        Finding::new(
            id::UNKNOWN_ORIGIN_SHIELD_REGION,
            element.value_span(),
            message,
        )
        .at(element.path())
        .label("not one of the known regions")
        .note(format!(
            "the list is of {}, and it grows",
            table::ORIGIN_SHIELD_REGIONS.as_of
        ))
        .help(format!(
            "write the region nearest to the origin: {}",
            suggest::alternatives(near, "or")
        )),
    );
}

/// `eu-north-1`: two letters, a word, a digit.
fn is_region(text: &str) -> bool {
    let lower = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let mut parts = text.split('-');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(area), Some(word), Some(digit), None) => {
            area.len() == 2
                && lower(area)
                && lower(word)
                && matches!(digit.as_bytes(), [b'0'..=b'9'])
        }
        _ => false,
    }
}
