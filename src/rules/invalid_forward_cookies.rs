//! `invalid-forward-cookies`: Forward of Cookies and the list of names contradict each other.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::{Finding, Level};
use crate::rule::{Operation, id};
use crate::scope::Scope;

/// `Cookies` with names, although Forward is `all` or `none`: refused, but an update deletes the names instead.
pub(crate) fn check(scope: &Scope<'_>, cookies: Element<'_>, findings: &mut Vec<Finding>) {
    let (Some(forward), Some(names)) =
        (cookies.child("Forward"), cookies.child("WhitelistedNames"))
    else {
        return;
    };
    let value = trimmed(forward.value());
    let message = match scope.operation() {
        Operation::Update => {
            format!("the update deletes the names in WhitelistedNames, because Forward is {value}")
        }
        _ => format!("WhitelistedNames has names, but Forward is {value}"),
    };
    let finding = Finding::new(id::INVALID_FORWARD_COOKIES, names.name_span(), message)
        .at(names.path())
        .label("only with whitelist")
        .also(forward.subject_span(), "forwards by no list")
        .help("write whitelist into Forward, or delete WhitelistedNames");
    findings.push(match scope.operation() {
        Operation::Update => finding.level(Level::Warning).api(None),
        _ => finding,
    });
}
