//! `response-document`: the document is an answer of the API.

use crate::document::{Document, Element};
use crate::edit::repair;
use crate::finding::{Finding, Fix, Level, Safety};
use crate::rule::id;
use crate::schema::{Kind, Root, RootClass};
use crate::suggest;

/// The root is an answer; says which part of it can be sent.
pub(crate) fn report(element: Element<'_>, root: &'static Root) -> Finding {
    let name = root.name;
    let finding = Finding::new(
        id::RESPONSE_DOCUMENT,
        element.name_span(),
        format!("{name} is an answer of the API and cannot be sent"),
    )
    .at(element.path())
    .label("a response");
    match sendable(root) {
        Some(inner) => finding.help(format!("send only the {inner} element inside it")),
        None if name == "ErrorResponse" => {
            finding.help("`cloudfront-lint explain CODE` says what the error means")
        }
        None => finding.help("it holds nothing that could be sent"),
    }
}

/// The member of a response that is a body by itself.
fn sendable(root: &'static Root) -> Option<&'static str> {
    let Kind::Structure { members, .. } = root.shape.shape().kind else {
        return None;
    };
    let sent = |name: &str| {
        Root::find(name).is_some_and(|r| matches!(r.class, RootClass::Config | RootClass::Request))
    };
    members.iter().map(|m| m.name).find(|name| sent(name))
}

/// Strips what stands around the configuration. An ETag is new with each answer; all else may be missed.
pub(crate) fn strip(document: &Document<'_>, findings: &mut [Finding]) {
    let (root, payload) = (document.root(), document.payload());
    if payload.id() == root.id() {
        return;
    }
    let about_root = [id::RESPONSE_DOCUMENT, id::UNKNOWN_ROOT];
    let finding = findings.iter_mut().find(|f| about_root.contains(&f.rule));
    let Some(finding) = finding else { return };
    let is_config = |e: Element<'_>| e.id() == payload.id();
    let passes = |e: Element<'_>| is_config(e) || TRANSPORT.contains(&e.name());
    let is_alone =
        payload.parent().is_some_and(|p| p.id() == root.id()) && root.children().all(passes);
    let safety = match is_alone {
        true => Safety::Safe,
        false => Safety::Unsafe,
    };
    let title = format!("keep only {}", payload.shown_name());
    finding.fix = Fix::new(title, safety, repair::unwrap(payload));
}

/// What travels in headers.
const TRANSPORT: [&str; 3] = ["ETag", "IfMatch", "Location"];

/// Says what an update takes of an answer: the configuration alone, and the ETag in a header.
pub(crate) fn speak_of_update(document: &Document<'_>, findings: &mut [Finding]) {
    let root = document.root();
    let etag = root
        .children()
        .find(|child| child.name().eq_ignore_ascii_case("ETag"));
    let payload = document.payload();
    if payload.id() == root.id() {
        return;
    }
    let about_root = [id::RESPONSE_DOCUMENT, id::UNKNOWN_ROOT];
    let finding = findings
        .iter_mut()
        .find(|finding| about_root.contains(&finding.rule));
    let Some(finding) = finding else { return };
    let inner = payload.shown_name();
    finding.notes.push(format!(
        "an update takes {inner} alone; the ETag that came with the answer goes into the If-Match header"
    ));
    if let Some(etag) = etag {
        *finding = finding
            .clone()
            .also(etag.name_span(), "belongs into the If-Match header");
    }
}

/// A wrapper without the configuration that it is there for: nothing in it was checked.
pub(crate) fn check_payload(document: &Document<'_>, findings: &mut Vec<Finding>) {
    let Some(root) = document.recognised().map(|r| r.root) else {
        return;
    };
    if root.class != RootClass::Wrapper || document.payload != 0 {
        return;
    }
    let Some(inner) = sendable(root) else { return };
    let element = document.root();
    let message = format!(
        "{} holds no {inner}, so there is nothing to send",
        root.name
    );
    let mut finding = Finding::new(id::RESPONSE_DOCUMENT, element.name_span(), message)
        .at(element.path())
        .level(Level::Error)
        .label(format!("expected {inner} inside"));
    let near = element
        .children()
        .find(|c| suggest::nearest(c.name(), [inner]).is_some());
    if let Some(near) = near {
        finding = finding.also(near.name_span(), format!("did you mean {inner}?"));
    }
    findings.retain(|f| f.rule != id::RESPONSE_DOCUMENT);
    findings.push(finding);
}
