//! `template-leftover`: a value still holds the placeholder of a template.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::{ApiError, Confidence, Finding, Level};
use crate::rule::id;
use crate::schema::{Kind, Shape};

/// Words that programs write for "no value".
const NULLS: [&str; 7] = [
    "None",
    "null",
    "undefined",
    "nil",
    "NULL",
    "NaN",
    "[object Object]",
];
/// Openings of placeholders in common template languages.
const OPENINGS: [&str; 8] = ["${", "{{", "#{", "<%", "%(", "%{", "{%", "$("];
/// Forms of placeholders by what marks them; `*` stands for what is inside.
const FORMS: [(&str, &str); 12] = [
    ("${", "${*}"),
    ("{{", "{{*}}"),
    ("#{", "#{*}"),
    ("<%", "<%*%>"),
    ("%(", "%(*)s"),
    ("%{", "%{*}"),
    ("{%", "{%*%}"),
    ("$(", "$(*)"),
    ("@@", "@@*@@"),
    ("__", "__*__"),
    ("%s", "%s"),
    ("%d", "%d"),
];
/// Members whose text is the user's own.
const FREE_TEXT: [&str; 2] = ["Comment", "Value"];

/// Reports a placeholder; true if it did, so that no other rule looks at the value, which comes without blanks.
pub(crate) fn check(
    element: Element<'_>,
    shape: &'static Shape,
    value: &str,
    findings: &mut Vec<Finding>,
) -> bool {
    if !may_be(element, value) {
        return false;
    }
    if element.document().placeholders.are_in(value) {
        return true;
    }
    let Some(mark) = placeholder(value, element.document().marks) else {
        return false;
    };
    let enumerated = !shape.values().is_empty();
    let typed = enumerated || !matches!(shape.kind, Kind::String { .. } | Kind::Blob { .. });
    // A word beside an enumeration is compared with its values; the texts of users may be any word.
    let word = NULLS.contains(&value) && (enumerated || element.name().ends_with("Value"));
    let part =
        (FREE_TEXT.contains(&element.name()) || element.is_sensitive()) && !is_whole(value, mark);
    if word || part || mark == "{{" && is_tenant_parameter(element) {
        return false;
    }
    findings.push(found(element, &shown(element), typed, enumerated));
    true
}

/// Whether a value, which comes without blanks, may be a placeholder. Nearly none may.
pub(crate) fn may_be(element: Element<'_>, value: &str) -> bool {
    // One look at a set of bits: which letter comes is nothing that a processor could guess.
    const BEGINNINGS: u128 = 1 << b'N' | 1 << b'n' | 1 << b'u' | 1 << b'[' | 1 << b'_';
    let begins = |first: &u8| first.is_ascii() && BEGINNINGS >> first & 1 == 1;
    element.document().marks || value.as_bytes().first().is_some_and(begins)
}

/// A placeholder that is a part of a value, where the value cannot be what it is with it.
pub(crate) fn in_part(element: Element<'_>) -> Option<Finding> {
    let tenants = element.document().for_tenants;
    let holds = is_unknown(element) && !(tenants && element.value().contains("{{"));
    holds.then(|| found(element, &shown(element), false, false))
}

/// The value, or words for one that is not shown.
fn shown(element: Element<'_>) -> String {
    match element.is_sensitive() {
        true => format!("the value of {}", element.shown_name()),
        false => element.shown_value(),
    }
}

fn found(element: Element<'_>, what: &str, typed: bool, enumerated: bool) -> Finding {
    let name = element.shown_name();
    let message = format!("{what} looks like a placeholder that was never filled in");
    let finding = Finding::new(id::TEMPLATE_LEFTOVER, element.value_span(), message)
        .at(element.path())
        .label("sent as it stands")
        .help(format!("check what writes {name}"));
    let code = if enumerated {
        "MalformedXML"
    } else {
        "MalformedInput"
    };
    match typed {
        // A boolean, a number or one of a few words: this can be none of them.
        true => finding
            .confidence(Confidence::Documented)
            .level(Level::Error)
            .api(Some(ApiError { code, status: 400 })),
        false => finding,
    }
}

/// Whether a value holds a placeholder, so that nobody knows yet what will be sent. Hardly any document has one, and every
/// value is asked.
#[inline]
pub(crate) fn is_unknown(element: Element<'_>) -> bool {
    element.document().marks && holds_placeholder(element)
}

/// Whether a placeholder is all there is, so that the value may turn out to be empty.
#[inline]
pub(crate) fn is_wholly_unknown(element: Element<'_>) -> bool {
    element.document().marks && is_placeholder(element)
}

#[cold]
fn holds_placeholder(element: Element<'_>) -> bool {
    let value = trimmed(element.value());
    element.document().placeholders.are_in(value) || placeholder(value, true).is_some()
}

#[cold]
fn is_placeholder(element: Element<'_>) -> bool {
    let value = trimmed(element.value());
    element.document().placeholders.are_all_of(value)
        || placeholder(value, true).is_some_and(|mark| is_whole(value, mark))
}

/// The form of the placeholder in a value, where it is none of CloudFront itself.
pub(crate) fn form(element: Element<'_>) -> Option<&'static str> {
    let mark = placeholder(trimmed(element.value()), element.document().marks)?;
    let form = FORMS.iter().find(|(known, _)| *known == mark);
    let is_own = mark == "{{" && is_tenant_parameter(element);
    form.filter(|_| !is_own).map(|(_, form)| *form)
}

/// The placeholder in a value, or what marks it.
fn placeholder(value: &str, may_hold_mark: bool) -> Option<&str> {
    if matches!(value.as_bytes(), [b'N' | b'n' | b'u' | b'[', ..]) && NULLS.contains(&value) {
        return Some(value);
    }
    if !may_hold_mark && !value.starts_with("__") {
        return None;
    }
    if has_format_mark(value) {
        return Some("%s");
    }
    let wrapped = |mark: &&str| {
        value.len() > 2 * mark.len() && value.starts_with(*mark) && value.ends_with(*mark)
    };
    let mark = ["@@", "__"].into_iter().find(wrapped);
    mark.or_else(|| OPENINGS.into_iter().find(|opening| value.contains(opening)))
}

/// `%s` or `%d` by itself: no percent-encoding, which has two hexadecimal digits, and no part of a word.
fn has_format_mark(value: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let alone = |at: usize| {
        !is_word(value[..at].chars().next_back()) && !is_word(value[at + 2..].chars().next())
    };
    ["%s", "%d"]
        .iter()
        .any(|mark| value.match_indices(mark).any(|(at, _)| alone(at)))
}

/// The whole value is one placeholder.
fn is_whole(value: &str, mark: &str) -> bool {
    value == mark
        || OPENINGS
            .into_iter()
            .any(|opening| value.starts_with(opening))
            && [")", "}", ">", ")s", ")d"]
                .iter()
                .any(|end| value.ends_with(end))
}

/// `{{name}}` is how a multi-tenant distribution names a parameter of its tenants.
fn is_tenant_parameter(element: Element<'_>) -> bool {
    element.document().for_tenants
}
