//! `empty-items`: `Items` is empty; it should be left out.

use crate::check::is_all_blank;
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{ApiError, Confidence, Finding, Fix};
use crate::rule::id;
use crate::schema::{ApiVersion, Kind, Shape};

/// An empty `Items` beside Quantity 0. Refused in reports of 2014 to 2018, accepted in a trace of 2021.
pub(crate) fn check(items: Element<'_>, quantity: Element<'_>, findings: &mut Vec<Finding>) {
    if items.has_children() || !is_all_blank(items.value()) {
        return;
    }
    let Some(element) = items.parent() else {
        return;
    };
    if quantity.value().trim() != "0" || items.shape().is_some_and(needs_items) {
        return;
    }
    let finding = Finding::new(
        id::EMPTY_ITEMS,
        items.name_span(),
        format!("Items of {} is empty", element.shown_name()),
    )
    .at(items.path())
    .label("no items")
    .also(quantity.subject_span(), "says 0")
    .help(help(element))
    .fix(without(items));
    // What reads the document takes it today; the list of protocols itself may not be empty.
    let is_late = element.document().version() == ApiVersion::LATEST;
    if is_late && element.name() == "OriginSslProtocols" {
        let finding = finding.confidence(Confidence::Inferred);
        findings.push(finding.api(Some(ApiError {
            code: "InvalidArgument",
            status: 400,
        })));
        return;
    }
    findings.push(match element.document().version() {
        ApiVersion::LATEST => finding.confidence(Confidence::Inferred).note(
            "refused with MalformedInput in reports of 2014 to 2018, accepted in a trace of 2021",
        ),
        _ => finding.note("reports of 2014 to 2018 show it refused"),
    });
}

/// Takes the element out where it may be missing.
fn without(items: Element<'_>) -> Option<Fix> {
    let removed = can_go(&items).then(|| repair::remove([items]));
    Fix::safe("delete the empty Items", removed.flatten())
}

/// Whether an empty `Items` can be taken out: it may be missing, and nobody has written a comment into it.
pub(crate) fn can_go(items: &Element<'_>) -> bool {
    let is_bare = is_all_blank(items.document().slice(items.content_span()));
    is_bare && items.parent().is_some_and(|list| !is_required(list))
}

/// Whether a list may not do without items.
pub(crate) fn are_needed(list: Element<'_>) -> bool {
    let items = list.shape().and_then(|s| s.member("Items"));
    let version = list.document().version();
    items.is_some_and(|m| {
        m.is_required(version) || m.shape_in(version).is_some_and(|s| needs_items(s.shape()))
    })
}

fn is_required(element: Element<'_>) -> bool {
    let version = element.document().version();
    let items = element.shape().and_then(|s| s.member("Items"));
    items.is_some_and(|m| m.is_required(version))
}

/// Lists that may not be empty are reported for that.
fn needs_items(items: &Shape) -> bool {
    matches!(items.kind, Kind::List { count, .. } if count.min.is_some_and(|min| min > 0))
}

fn help(element: Element<'_>) -> String {
    match is_required(element) {
        true => format!("fill it, or leave out {} as a whole", element.shown_name()),
        false => "delete the Items element; Quantity 0 says it all".into(),
    }
}
