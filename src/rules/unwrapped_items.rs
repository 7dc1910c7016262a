//! `unwrapped-items`: list items are not wrapped as the list wants them.

use crate::check::trimmed;
use crate::document::Element;
use crate::edit::{lists, repair};
use crate::finding::{ApiError, Finding, Fix, Level};
use crate::rule::id;
use crate::schema::{Kind, name};

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
    .help(format!("wrap them: <Items><{name}>…</{name}></Items>"))
    .fix(wrapped(element, quantity, count));
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

/// Wraps them, and makes the Quantity count them. Where it counts something else, they may be there by mistake.
fn wrapped(first: Element<'_>, quantity: Option<Element<'_>>, count: u32) -> Option<Fix> {
    let wrap = lists::wrap_items(first, count);
    let number = count.to_string();
    match quantity {
        None => {
            let counted = repair::insert(first.parent()?, name::QUANTITY, &number);
            let title = format!("wrap them in Items and add Quantity {count}");
            Fix::safe(title, repair::all([counted, wrap]))
        }
        Some(quantity) if trimmed(quantity.value()) != number => {
            let counted = repair::set_value(quantity, &number);
            let title = format!("wrap them in Items and set Quantity to {count}");
            Fix::risky(title, repair::all([wrap, counted]))
        }
        Some(_) => Fix::safe("wrap them in Items", wrap),
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
        .help(format!("wrap each value: <{item}>…</{item}>"))
        .fix(wrapped_value(element, item)),
    );
}

/// Wraps the text if it is one value, and makes the Quantity count it.
fn wrapped_value(list: Element<'_>, item: &str) -> Option<Fix> {
    let is_one = !trimmed(list.value()).contains(|c: char| c.is_whitespace() || c == ',');
    let shape = match list.shape().map(|s| &s.kind) {
        Some(Kind::List { shape, .. }) => shape.shape(),
        _ => return None,
    };
    if !is_one || !shape.is_scalar() || list.is_sensitive() {
        return None;
    }
    let wrap = lists::wrap_value(list, item);
    let quantity = list.parent()?.get(name::QUANTITY);
    match quantity.filter(|q| trimmed(q.value()) != "1") {
        None => Fix::safe(format!("wrap it in {item}"), wrap),
        Some(quantity) => {
            let counted = repair::set_value(quantity, "1");
            let title = format!("wrap it in {item} and set Quantity to 1");
            Fix::risky(title, repair::all([wrap, counted]))
        }
    }
}
