//! `weak-origin-tls`: CloudFront may speak an old protocol to an origin.

use crate::check::trimmed;
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Fix};
use crate::rule::id;
use crate::scope::Scope;
use crate::suggest;

const WEAK: [&str; 3] = ["SSLv3", "TLSv1", "TLSv1.1"];

/// One finding for a list, at its first weak protocol.
pub(crate) fn check(_: &Scope<'_>, protocols: Element<'_>, findings: &mut Vec<Finding>) {
    let is_listed = |name: &&str| protocols.items().any(|item| trimmed(item.value()) == *name);
    let weak: Vec<&str> = WEAK.into_iter().filter(|name| is_listed(name)).collect();
    let Some(first) = protocols
        .items()
        .find(|item| weak.contains(&trimmed(item.value())))
    else {
        return;
    };
    let gone: Vec<Element<'_>> = protocols
        .items()
        .filter(|item| weak.contains(&trimmed(item.value())))
        .collect();
    // An empty list is none: what the origin speaks, nobody knows.
    let fix = match protocols.items().count() > gone.len() {
        true => Fix::risky("delete the weak protocols", repair::remove_items(&gone)),
        false => None,
    };
    let names = suggest::alternatives(weak, "and");
    let finding = Finding::new(
        id::WEAK_ORIGIN_TLS,
        first.value_span(),
        format!("OriginSslProtocols allows {names}"),
    );
    findings.push(
        finding
            .at(first.path())
            .label("no longer secure")
            .help("leave TLSv1.2 alone in the list, if the origin speaks it")
            .fix(fix),
    );
}
