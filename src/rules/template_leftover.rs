//! `template-leftover`: a value still holds the placeholder of a template.

use crate::check::is_blank;
use crate::document::Element;
use crate::finding::{Confidence, Finding, Level};
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
const OPENINGS: [&str; 7] = ["${", "{{", "#{", "<%", "%(", "%{", "{%"];

/// Reports a placeholder; true if the value can't be read otherwise, so that no other rule looks at it.
pub(crate) fn check(
    element: Element<'_>,
    shape: &'static Shape,
    findings: &mut Vec<Finding>,
) -> bool {
    let value = element.value().trim_matches(is_blank);
    let Some(what) = placeholder(value) else {
        return false;
    };
    let typed = !matches!(
        shape.kind,
        Kind::String { values: &[], .. } | Kind::Blob { .. }
    );
    if is_legal(shape, value) || (what == "{{" && is_tenant_parameter(element)) {
        return false;
    }
    let finding = Finding::new(
        id::TEMPLATE_LEFTOVER,
        element.value_span(),
        format!(
            "{} looks like a placeholder that was never filled in",
            element.shown_value()
        ),
    )
    .at(element.path())
    .label("sent as it stands")
    .help(format!("check what writes {}", element.shown_name()));
    findings.push(if typed {
        // A boolean, a number or one of a few words: this can be none of them.
        finding
            .confidence(Confidence::Documented)
            .level(Level::Error)
    } else {
        finding
    });
    true
}

/// The placeholder in a value.
fn placeholder(value: &str) -> Option<&'static str> {
    if let Some(null) = NULLS.into_iter().find(|null| *null == value) {
        return Some(null);
    }
    // Nearly all values have none of these bytes.
    memchr::memchr3(b'{', b'%', b'<', value.as_bytes())?;
    // `%s` is no percent-encoding, `%d0` is.
    if value.contains("%s") || value == "%d" {
        return Some("%s");
    }
    OPENINGS.into_iter().find(|opening| value.contains(opening))
}

/// `None` is a PriceClass.
fn is_legal(shape: &Shape, value: &str) -> bool {
    matches!(shape.kind, Kind::String { values, .. } if values.iter().any(|v| v.value == value))
}

/// `{{name}}` is how a multi-tenant distribution names a parameter of its tenants.
fn is_tenant_parameter(element: Element<'_>) -> bool {
    let payload = element.document().payload();
    payload.name().contains("Tenant") || payload.child("TenantConfig").is_some()
}
