//! `wrong-root`: the document is none that the API takes for the operation.

use crate::document::{Document, Element};
use crate::edit::repair;
use crate::finding::{Finding, Fix, Level};
use crate::rule::{Operation, id};
use crate::schema::{RootClass, roots};

/// The root against the operation that the user named.
pub(crate) fn check(document: &Document<'_>, operation: Operation, findings: &mut Vec<Finding>) {
    let Some(root) = document.recognised().map(|r| r.root) else {
        return;
    };
    let is_sent = matches!(root.class, RootClass::Config | RootClass::Request);
    if is_sent && operation.call(root).is_none() {
        findings.push(report(document, operation, None));
    }
}

/// The root of a changed document that is compared with an older one. Tags travel with a creation alone; what else only
/// creates something, such as an invalidation, is new each time.
pub(crate) fn check_update(document: &Document<'_>, findings: &mut Vec<Finding>) {
    let root = document.recognised().map(|r| r.root);
    if root.is_some_and(|root| root.name.ends_with("ConfigWithTags")) {
        let finding = report(document, Operation::Update, None);
        findings.push(finding.level(Level::Warning));
    }
}

/// The root is none for the operation, or not the one that the operation of the API named `call` takes.
pub(crate) fn report(
    document: &Document<'_>,
    operation: Operation,
    call: Option<&'static str>,
) -> Finding {
    let copy = (operation == Operation::Copy).then_some("CopyDistribution");
    let call = call.or(copy);
    let element = document.payload();
    let name = element.shown_name();
    let verb = operation.name();
    let wanted = roots()
        .iter()
        .find(|root| call.is_some() && operation.call(root) == call);
    let message = match call {
        Some(call) => format!("{name} is not what {call} takes"),
        None => format!("{name} cannot be sent to {verb} anything"),
    };
    let finding = Finding::new(id::WRONG_ROOT, element.name_span(), message)
        .at(element.path())
        .label(match operation {
            Operation::Create => "not for creating",
            Operation::Update => "not for updating",
            Operation::Copy => "not for copying",
        });
    match (wanted, document.recognised().and_then(|r| named(r.root))) {
        (Some(wanted), _) => finding.help(format!("send {}", wanted.name)),
        (None, _) if name.ends_with("ConfigWithTags") => finding
            .help(format!(
                "send only the {} element; tags are changed with TagResource",
                name.trim_end_matches("WithTags")
            ))
            .fix(without_tags(element)),
        (None, Some((other, api))) => finding.help(format!(
            "it is for {api}: say `{}` as the operation",
            other.name()
        )),
        (None, None) => finding,
    }
}

/// The configuration alone; its tags travel otherwise.
fn without_tags(element: Element<'_>) -> Option<Fix> {
    let config = element.child(element.name().trim_end_matches("WithTags"))?;
    let title = format!("keep only {}", config.shown_name());
    Fix::risky(title, repair::unwrap(config))
}

/// The first operation that takes the root.
fn named(root: &'static crate::schema::Root) -> Option<(Operation, &'static str)> {
    Operation::ALL
        .into_iter()
        .find_map(|operation| Some((operation, operation.call(root)?)))
}
