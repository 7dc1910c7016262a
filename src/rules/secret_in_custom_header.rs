//! `secret-in-custom-header`: the value of a custom header looks like a secret. It is never printed.

use crate::check::trimmed;
use crate::distribution::value_of;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;

/// What names of headers with secrets hold, without hyphens and in lower case.
const TELLING: [&str; 6] = [
    "authorization",
    "secret",
    "token",
    "password",
    "apikey",
    "credential",
];
/// How keys of well-known kinds begin.
const BEGINNINGS: [&str; 11] = [
    "AKIA",
    "ASIA",
    "Basic ",
    "Bearer ",
    "eyJ",
    "ghp_",
    "github_pat_",
    "glpat-",
    "sk_live_",
    "xoxb-",
    "-----BEGIN ",
];
/// Shorter values are switches and names.
const SHORTEST: usize = 8;
/// Shorter text is not random enough to tell.
const SHORTEST_RANDOM: usize = 20;

/// A value, with the name beside it.
pub(crate) fn check(_: &Scope<'_>, value: Element<'_>, findings: &mut Vec<Finding>) {
    let text = trimmed(value.value());
    if text.len() < SHORTEST || template_leftover::is_unknown(value) {
        return;
    }
    let Some(header) = value.parent() else {
        return;
    };
    let name = value_of(header, "HeaderName").to_ascii_lowercase();
    let name = name.replace(['-', '_'], "");
    let tells = TELLING.iter().any(|word| name.contains(word));
    let known = BEGINNINGS.iter().any(|start| text.starts_with(start));
    if !(tells || known || is_random(text)) {
        return;
    }
    let finding = Finding::new(
        id::SECRET_IN_CUSTOM_HEADER,
        value.value_span(),
        "the value of a custom header looks like a secret in clear text",
    );
    findings.push(
        finding
            .at(value.path())
            .label("readable in this document")
            .help("fill it in when the document is sent, and keep it out of version control"),
    );
}

/// One long word of letters and digits that change often, as keys have them.
fn is_random(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"+/=_-".contains(&b);
    if text.len() < SHORTEST_RANDOM || !text.bytes().all(plain) {
        return false;
    }
    let changes = text
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count();
    changes * 4 >= text.len()
}
