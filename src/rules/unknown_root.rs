//! `unknown-root`: the root element is none that CloudFront takes.

use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Confidence, Finding, Fix};
use crate::rule::id;
use crate::schema::{ApiVersion, Root, RootClass, roots};
use crate::suggest;

/// The root is unknown; `inside` is a child of it that could be sent.
pub(crate) fn report(root: Element<'_>, inside: Option<Element<'_>>) -> Finding {
    let name = root.shown_name();
    let finding = Finding::new(
        id::UNKNOWN_ROOT,
        root.name_span(),
        format!("{name} is not a document that CloudFront takes"),
    )
    .at(root.path())
    .label("unknown root element");
    if let Some(inside) = inside {
        let sent = inside.shown_name();
        return finding
            .also(inside.name_span(), "this is what the API takes")
            .help(format!(
                "send only the {sent} element, with the namespace on it"
            ));
    }
    match suggest::nearest(root.name(), names()) {
        Some(near) => {
            let title = format!("rename it to {near}");
            let edits = repair::rename(root, near);
            let fix = match suggest::is_sure(root.name(), near, names()) {
                true => Fix::safe(title, edits),
                false => Fix::risky(title, edits),
            };
            finding.help(format!("did you mean {near}?")).fix(fix)
        }
        None => finding.help(
            "the API takes DistributionConfig, StreamingDistributionConfig, InvalidationBatch and others; \
             `cloudfront-lint schema` lists them",
        ),
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    roots()
        .iter()
        .filter(|r| matches!(r.class, RootClass::Config | RootClass::Request))
        .map(|r| r.name)
}

/// The root is known, but not in this API version.
pub(crate) fn report_version(
    element: Element<'_>,
    root: &'static Root,
    version: ApiVersion,
) -> Finding {
    let (first, name) = (root.versions.first, root.name);
    Finding::new(
        id::UNKNOWN_ROOT,
        element.name_span(),
        format!("{name} does not exist in API version {version}"),
    )
    .at(element.path())
    .confidence(Confidence::Inferred)
    .label(format!("exists {}", root.versions.spoken()))
    .help(format!(
        "use the namespace http://cloudfront.amazonaws.com/doc/{first}/ or a later one"
    ))
}
