//! `missing-namespace`: nothing says which API version is meant.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::ApiVersion;

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

/// What to write, once it is known which version the document fits.
pub(crate) fn help(root: Element<'_>, version: ApiVersion) -> String {
    format!(
        "write <{} xmlns=\"{}\">",
        root.shown_name(),
        version.namespace()
    )
}
