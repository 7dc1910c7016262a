//! `wrong-item-element`: a list item has the wrong name.

use crate::document::Element;
use crate::edit::lists;
use crate::finding::{Finding, Fix};
use crate::rule::id;

/// `element` is the first of `count` items of its list that are not named `item`.
pub(crate) fn report(element: Element<'_>, item: &'static str, count: u32) -> Finding {
    let name = element.shown_name();
    let list = element.parent().map_or("the list", |p| p.shown_name());
    let wrapper = element
        .parent()
        .and_then(Element::parent)
        .map(|w| format!("{}/", w.shown_name()))
        .unwrap_or_default();
    let finding = Finding::new(
        id::WRONG_ITEM_ELEMENT,
        element.name_span(),
        format!("{name} is not allowed here: the items of {wrapper}{list} are named {item}"),
    )
    .at(element.path())
    .label(format!("expected {item}"))
    .note("whether CloudFront reads items of another name is not documented")
    .help(format!("rename it to {item}"))
    .fix(renamed(element, item, count));
    match count {
        1 => finding,
        _ => finding.note(format!(
            "{count} items of this list have a wrong name; this is the first"
        )),
    }
}

/// One fix for all of them: they were misnamed together.
fn renamed(element: Element<'_>, item: &str, count: u32) -> Option<Fix> {
    let title = match count {
        1 => format!("rename it to {item}"),
        _ => format!("rename the {count} items to {item}"),
    };
    Fix::safe(title, lists::rename_items(element.parent()?, item))
}
