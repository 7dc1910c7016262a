//! `response-document`: the document is an answer of the API.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::{Kind, Root, RootClass};

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
