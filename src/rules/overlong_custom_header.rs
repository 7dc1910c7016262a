//! `overlong-custom-header`: all custom headers of an origin together are too long.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::{ApiError, Finding};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;

/// Characters of all names and values of an origin.
const MOST: usize = 10_240;

/// All headers of one origin; each by itself is a declarative check.
pub(crate) fn check(_: &Scope<'_>, headers: Element<'_>, findings: &mut Vec<Finding>) {
    // The bytes of the text bound the characters of the values.
    if headers.span().len() as usize <= MOST {
        return;
    }
    let length = |name: &str, item: Element<'_>| {
        let value = item.child(name).map_or("", |child| trimmed(child.value()));
        value.chars().count()
    };
    let names = ["HeaderName", "HeaderValue"];
    let mut texts = headers
        .items()
        .flat_map(|item| names.into_iter().filter_map(move |name| item.child(name)));
    if texts.any(template_leftover::is_unknown) {
        return;
    }
    let total: usize = headers
        .items()
        .map(|item| length("HeaderName", item) + length("HeaderValue", item))
        .sum();
    if total <= MOST {
        return;
    }
    let message = format!("the custom headers of an origin have {total} characters together");
    findings.push(
        Finding::new(id::OVERLONG_CUSTOM_HEADER, headers.name_span(), message)
            .at(headers.path())
            .label(format!("more than {MOST}"))
            .api(Some(ApiError {
                code: "TooManyOriginCustomHeaders",
                status: 400,
            }))
            .help(format!(
                "shorten names and values to {MOST} characters together"
            )),
    );
}
