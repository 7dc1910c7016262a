//! `unwrapped-items`: list items are not wrapped as the list wants them.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::{ApiError, Finding, Level};
use crate::rule::id;
use crate::schema::Kind;

/// `element` is the first of `count` items that stand directly in the structure, without `Items` around them.
pub(crate) fn report(element: Element<'_>, count: u32) -> Finding {
    let name = element.shown_name();
    let wrapper = element.parent();
    let parent = wrapper.map_or("its parent", |p| p.shown_name());
    let quantity = wrapper.and_then(|w| w.child("Quantity"));
    let finding = Finding::new(
        id::UNWRAPPED_ITEMS,
        element.name_span(),
        format!("{name} is not allowed directly in {parent}: items stand inside Items"),
    )
    .at(element.path())
    .label(if count == 1 {
        "not inside Items".to_owned()
    } else {
        format!("{count} items not inside Items")
    })
    .help(format!("wrap them: <Items><{name}>…</{name}></Items>"));
    match quantity {
        Some(quantity) if quantity.value().trim() != "0" => finding
            .also(quantity.subject_span(), "counts no item")
            .api(Some(ApiError {
                code: "InconsistentQuantities",
                status: 400,
            })),
        _ => finding
            .level(Level::Warning)
            .api(None)
            .note("CloudFront drops elements that it does not know"),
    }
}

/// Text directly in a list.
pub(crate) fn text_in_list(element: Element<'_>, findings: &mut Vec<Finding>) {
    let text = trimmed(element.value());
    if text.is_empty() || element.has_children() {
        return;
    }
    let Some(Kind::List { item, .. }) = element.shape().map(|s| &s.kind) else {
        return;
    };
    let name = element.shown_name();
    findings.push(
        Finding::new(
            id::UNWRAPPED_ITEMS,
            element.value_span(),
            format!("text is not allowed in {name}: it holds {item} elements"),
        )
        .at(element.path())
        .label(format!("expected {item} elements"))
        .help(format!("wrap each value: <{item}>…</{item}>")),
    );
}
