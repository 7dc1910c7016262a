//! `missing-namespace`: nothing says which API version is meant.

use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Fix, Safety};
use crate::rule::id;
use crate::schema::ApiVersion;
use crate::source::Span;

/// The root is in no namespace.
pub(crate) fn report(root: Element<'_>) -> Finding {
    let name = root.shown_name();
    Finding::new(
        id::MISSING_NAMESPACE,
        root.name_span(),
        format!("{name} has no namespace"),
    )
    .at(root.path())
    .label("xmlns is missing")
}

/// Declares it, once it is known which version the document fits. What is none of the latest may only look so.
pub(crate) fn fix(root: Element<'_>, version: ApiVersion) -> Option<Fix> {
    let declaration = format!(" xmlns=\"{}\"", version.namespace());
    let safety = match version == ApiVersion::LATEST {
        true => Safety::Safe,
        false => Safety::Unsafe,
    };
    let place = Span::at(root.name_span().end);
    let edits = repair::replace(root.document(), place, declaration);
    Fix::new(format!("declare the namespace of {version}"), safety, edits)
}

/// What to write, once it is known which version the document fits.
pub(crate) fn help(root: Element<'_>, version: ApiVersion) -> String {
    format!(
        "write <{} xmlns=\"{}\">",
        root.shown_name(),
        version.namespace()
    )
}
