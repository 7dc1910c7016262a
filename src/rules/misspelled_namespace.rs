//! `misspelled-namespace`: the namespace of the root is not CloudFront's, letter by letter.

use crate::document::{Element, quoted};
use crate::edit::repair;
use crate::finding::{Finding, Fix, Safety};
use crate::rule::id;
use crate::schema::ApiVersion;

/// Writes the namespace that was meant; the latest if none can be told.
fn fix(root: Element<'_>, meant: Option<ApiVersion>) -> Option<Fix> {
    let document = root.document();
    let place = document.namespace_span.filter(|_| root.id() == 0)?;
    let (version, safety) = match meant {
        Some(version) => (version, Safety::Safe),
        None => (ApiVersion::LATEST, Safety::Unsafe),
    };
    let edits = repair::replace(document, place, version.namespace());
    Fix::new(format!("write the namespace of {version}"), safety, edits)
}

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
    .fix(fix(root, meant))
    .label("compared letter by letter")
    .help(format!(
        "write {} (http, not https; a slash at the end)",
        version.namespace()
    ))
}
