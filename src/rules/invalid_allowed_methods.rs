//! `invalid-allowed-methods`: AllowedMethods is none of the sets that CloudFront takes.

use crate::document::Element;
use crate::finding::Finding;
use crate::methods::Methods;
use crate::rule::id;
use crate::schema::name;
use crate::scope::Scope;

/// From this API version on, OPTIONS may be allowed without the methods that write.
const OPTIONS_SINCE: &str = "2014-10-21";

/// The sets that a behavior may allow, smallest first.
pub(crate) fn legal(list: Element<'_>) -> &'static [Methods] {
    match list.document().version().date() >= OPTIONS_SINCE {
        true => &[Methods::READ, Methods::READ_AND_OPTIONS, Methods::ALL],
        false => &[Methods::READ, Methods::ALL],
    }
}

/// The set of methods against the legal ones.
pub(crate) fn check(_: &Scope<'_>, list: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(methods) = Methods::in_list(list) else {
        return;
    };
    // Legal in all versions, as nearly all lists are.
    if methods == Methods::READ || methods == Methods::ALL {
        return;
    }
    let Some(items) = list.get(name::ITEMS) else {
        return;
    };
    let legal = legal(list);
    // One of them holds all methods.
    let Some(wider) = legal.iter().find(|set| set.contains(methods)) else {
        return;
    };
    if *wider == methods {
        return;
    }
    let missing = wider.without(methods).shown();
    let sets: Vec<String> = legal.iter().map(|set| set.shown()).collect();
    findings.push(
        Finding::new(
            id::INVALID_ALLOWED_METHODS,
            items.name_span(),
            format!("{} alone cannot be allowed", methods.shown()),
        )
        .at(list.path())
        .label(format!("without {missing}"))
        .note(format!(
            "the sets that CloudFront takes: {}",
            sets.join("; ")
        ))
        .help(format!("add {missing}, or delete what you do not need")),
    );
}
