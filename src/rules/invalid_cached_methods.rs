//! `invalid-cached-methods`: CachedMethods is none of the sets that CloudFront takes.

use super::invalid_allowed_methods::legal;
use crate::document::Element;
use crate::finding::Finding;
use crate::methods::Methods;
use crate::rule::id;
use crate::scope::Scope;

/// `CachedMethods` inside this `AllowedMethods`.
pub(crate) fn check(_: &Scope<'_>, allowed: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(list) = allowed.child("CachedMethods") else {
        return;
    };
    let (Some(methods), Some(items)) = (Methods::in_list(list), list.child("Items")) else {
        return;
    };
    findings.extend(
        never_cached(list)
            .or_else(|| incomplete(methods, list, items))
            .or_else(|| not_allowed(methods, list, allowed)),
    );
}

/// A method whose answers are never cached.
fn never_cached(list: Element<'_>) -> Option<Finding> {
    let cacheable = |item: &Element<'_>| {
        Methods::of(*item).is_some_and(|method| Methods::READ_AND_OPTIONS.contains(method))
    };
    let item = list.items().find(|item| !cacheable(item))?;
    let finding = Finding::new(
        id::INVALID_CACHED_METHODS,
        item.subject_span(),
        format!("answers to {} cannot be cached", item.shown_value()),
    );
    Some(
        finding
            .at(item.path())
            .label("never cached")
            .help("write GET and HEAD, or GET, HEAD and OPTIONS"),
    )
}

fn incomplete(methods: Methods, list: Element<'_>, items: Element<'_>) -> Option<Finding> {
    if methods.contains(Methods::READ) {
        return None;
    }
    let missing = Methods::READ.without(methods).shown();
    let finding = Finding::new(
        id::INVALID_CACHED_METHODS,
        items.name_span(),
        format!("CachedMethods lacks {missing}"),
    );
    Some(
        finding
            .at(list.path())
            .label(format!("without {missing}"))
            .help(format!("add {missing}")),
    )
}

/// OPTIONS, though the behavior does not allow it. Where the allowed methods are no legal set, that comes first.
fn not_allowed(methods: Methods, list: Element<'_>, allowed: Element<'_>) -> Option<Finding> {
    let allows = Methods::in_list(allowed)?;
    if allows.contains(methods) || !legal(allowed).contains(&allows) {
        return None;
    }
    let item = list
        .items()
        .find(|item| Methods::of(*item).is_some_and(|method| !allows.contains(method)))?;
    let shown = item.shown_value();
    let finding = Finding::new(
        id::INVALID_CACHED_METHODS,
        item.subject_span(),
        format!("{shown} is cached, but not allowed"),
    )
    .at(item.path())
    .label("not allowed")
    .help(format!("add OPTIONS to AllowedMethods, or delete {shown}"));
    Some(match allowed.child("Items") {
        Some(items) => finding.also(items.name_span(), format!("allows {}", allows.shown())),
        None => finding,
    })
}
