//! What kind of document this is, and of which API version: from the root and its namespace.

use super::Settings;
use crate::document::{Document, Element, Recognised};
use crate::finding::Finding;
use crate::namespace::Namespace;
use crate::rules;
use crate::schema::{ApiVersion, Root, RootClass};

/// The elements to compare with the schema.
#[derive(Clone, Copy)]
pub(super) struct Start {
    /// The element that stands for `root`.
    pub(super) element: u32,
    /// Its schema.
    pub(super) root: &'static Root,
    /// How the version was found.
    pub(super) certainty: Certainty,
}

/// How sure it is which API version a document is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    /// The user said so.
    Given,
    /// The namespace says so.
    Named,
    /// There is no namespace, so it is taken for the latest.
    Assumed,
    /// The namespace names something near it.
    Guessed,
}

/// Understands the root; none if there is nothing in the document that CloudFront could take.
pub(super) fn recognise(
    document: &mut Document<'_>,
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Option<Start> {
    let known = known_root(document);
    let Some((id, root)) = known else {
        findings.push(rules::unknown_root::report(document.root(), None));
        return None;
    };
    let element = document.element(id);
    if id != 0 {
        findings.push(rules::unknown_root::report(document.root(), Some(element)));
    }
    let (named, certainty) = version_of(element, id == 0, findings);
    let (version, certainty) = settings
        .api_version
        .map_or((named, certainty), |v| (v, Certainty::Given));
    // A root of another version is read by the schema of the nearest one that has it.
    let read_as = version.clamp(root.versions.first, root.versions.last);
    if read_as != version {
        findings.push(rules::unknown_root::report_version(element, root, version));
    }
    if matches!(root.class, RootClass::Wrapper | RootClass::Response) {
        findings.push(rules::response_document::report(element, root));
    }
    document.recognised = Some(Recognised {
        root,
        version: read_as,
    });
    document.payload = id;
    Some(Start {
        element: id,
        root,
        certainty,
    })
}

/// The root, or the first child of an unknown root that could be one: people send the whole call.
fn known_root(document: &Document<'_>) -> Option<(u32, &'static Root)> {
    let root = document.root();
    if let Some(known) = Root::find(root.name()) {
        return Some((0, known));
    }
    root.children().find_map(|child| {
        let known = Root::find(child.name())?;
        let sent = matches!(known.class, RootClass::Config | RootClass::Request);
        let ours =
            !known.common_name || matches!(Namespace::of(child.namespace()), Namespace::Version(_));
        (sent && ours && !Namespace::of(child.namespace()).is_foreign())
            .then_some((child.id(), known))
    })
}

/// The API version that the namespace names, with findings about the namespace itself.
fn version_of(
    element: Element<'_>,
    is_root: bool,
    findings: &mut Vec<Finding>,
) -> (ApiVersion, Certainty) {
    match Namespace::of(element.namespace()) {
        Namespace::Version(version) => (version, Certainty::Named),
        Namespace::None => {
            if is_root {
                findings.push(rules::missing_namespace::report(element));
            }
            (ApiVersion::LATEST, Certainty::Assumed)
        }
        Namespace::UnknownDate(date) => {
            findings.push(rules::unknown_api_version::report(element, date));
            let [before, after] = ApiVersion::around(date);
            (
                before.or(after).unwrap_or(ApiVersion::LATEST),
                Certainty::Guessed,
            )
        }
        Namespace::Misspelled(version) => {
            findings.push(rules::misspelled_namespace::report(element, version));
            version.map_or((ApiVersion::LATEST, Certainty::Assumed), |v| {
                (v, Certainty::Named)
            })
        }
        Namespace::Foreign => {
            findings.push(rules::misspelled_namespace::report(element, None));
            (ApiVersion::LATEST, Certainty::Assumed)
        }
    }
}
