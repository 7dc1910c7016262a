//! `duplicate-element`: an element that may stand once stands twice.

use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Fix};
use crate::rule::id;

/// `element` repeats `first`.
pub(crate) fn report(element: Element<'_>, first: Element<'_>) -> Finding {
    let name = element.shown_name();
    let parent = element.parent().map_or("its parent", |p| p.shown_name());
    let fix = match repair::are_equal(first, element) {
        true => Fix::safe(
            format!("delete the repeated {name}"),
            repair::remove([element]),
        ),
        false => None,
    };
    Finding::new(
        id::DUPLICATE_ELEMENT,
        element.name_span(),
        format!("{name} may appear only once in {parent}"),
    )
    .at(element.path())
    .label("again here")
    .also(first.name_span(), "first here")
    .note("which of the two CloudFront keeps is not documented")
    .help("keep one of them")
    .fix(fix)
}
