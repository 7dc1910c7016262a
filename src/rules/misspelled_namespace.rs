//! `misspelled-namespace`: the namespace of the root is not CloudFront's, letter by letter.

use crate::document::{Element, quoted};
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::ApiVersion;

/// The root's namespace is another string; `meant` is the version it seems to mean.
pub(crate) fn report(root: Element<'_>, meant: Option<ApiVersion>) -> Finding {
    let version = meant.unwrap_or(ApiVersion::LATEST);
    let span = root.document().namespace_span.unwrap_or(root.name_span());
    Finding::new(
        id::MISSPELLED_NAMESPACE,
        span,
        format!("{} is not CloudFront's namespace", quoted(root.namespace())),
    )
    .at(root.path())
    .label("compared letter by letter")
    .help(format!(
        "write {} (http, not https; a slash at the end)",
        version.namespace()
    ))
}
