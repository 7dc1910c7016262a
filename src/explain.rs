//! Pages for people: what a rule, an error of the API or an element means.

use std::fmt::Write as _;

use crate::rule::{ERRORS, ErrorCode, RULES, Rule, RuleId};
use crate::schema::{ApiVersion, Bounds, Kind, Location, Member, Root, Shape, ShapeId, roots};
use crate::suggest;

/// The page for a name.
///
/// # Errors
/// A sentence that says the name is unknown, with the nearest known one.
pub(crate) fn explain(name: &str) -> Result<String, String> {
    if let Some(rule) = RuleId::find(name) {
        return Ok(rule_page(rule.meta()));
    }
    let error = ERRORS.iter().find(|e| e.code == name).map(error_page);
    let element = element_page(name);
    match (error, element) {
        (None, None) => Err(unknown(name)),
        (error, element) => Ok([error, element]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\n")),
    }
}

fn unknown(name: &str) -> String {
    let rules = RULES.iter().map(|r| r.name);
    let errors = ERRORS.iter().map(|e| e.code);
    let elements = ShapeId::all()
        .flat_map(|id| id.shape().members())
        .map(|m| m.name);
    let known = rules
        .chain(errors)
        .chain(elements)
        .chain(roots().iter().map(|r| r.name));
    match suggest::nearest(name, known) {
        Some(near) => {
            format!("no rule, error code or element is named {name}; did you mean {near}?")
        }
        None => format!(
            "no rule, error code or element is named {name}; `cloudfront-lint rules` lists the rules"
        ),
    }
}

fn rule_page(rule: &Rule) -> String {
    let mut out = format!(
        "{} ({}, {})\n{}\n\n",
        rule.name, rule.group, rule.level, rule.summary
    );
    if let Some(error) = rule.error {
        let _ = writeln!(out, "CloudFront answers: {} {}", error.status, error.code);
    }
    let _ = writeln!(out, "Confidence:         {}", rule.confidence.name());
    let _ = writeln!(
        out,
        "API versions:       {}",
        if rule.versions.to_string() == ".." {
            "all".to_owned()
        } else {
            rule.versions.to_string()
        }
    );
    if !rule.constraints.is_empty() {
        let _ = writeln!(out, "Constraints:        {}", rule.constraints.join(", "));
    }
    // The marks are for the tests that run the examples.
    let _ = writeln!(out, "\n{}", rule.page.replace(['⟦', '⟧'], ""));
    out
}

fn error_page(error: &ErrorCode) -> String {
    let mut out = format!(
        "{} (HTTP {})\n{}\n\n",
        error.code,
        error.status,
        wrapped(error.meaning)
    );
    if let Some(since) = error.since {
        let added = error
            .added
            .map(|date| format!(" (added on {date})"))
            .unwrap_or_default();
        let _ = writeln!(out, "Since API version:  {since}{added}");
    }
    let needs = match error.needs {
        "document" => "the document alone",
        "older" => "the document and the one it would replace, or its ETag",
        "fleet" => "the other documents of the account",
        _ => "the state of the account; no tool can tell before the call",
    };
    let _ = writeln!(out, "Visible from:       {needs}");
    let _ = writeln!(
        out,
        "Answered by:        {}",
        error.operations.join("\n                    ")
    );
    let rules: Vec<&str> = RULES
        .iter()
        .filter(|r| r.error.is_some_and(|e| e.code == error.code))
        .map(|r| r.name)
        .collect();
    if rules.is_empty() {
        let _ = writeln!(out, "Predicted by:       no rule yet");
    } else {
        let _ = writeln!(
            out,
            "Predicted by:       {}",
            rules.join("\n                    ")
        );
    }
    out
}

/// Words filled into lines of at most 80 characters.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > 80 {
            out.push('\n');
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
    out
}

/// What an element is, where it may stand, since when.
fn element_page(name: &str) -> Option<String> {
    let mut places = Vec::new();
    for id in ShapeId::all() {
        let shape = id.shape();
        if let Some(member) = shape.member(name) {
            places.push(member_place(shape, member));
        }
        if let Some((item, of)) = shape
            .item()
            .filter(|(item, _)| *item == name && !shape.is_flattened())
        {
            places.push(
                format!(
                    "  {} (items of the list)\n    {}\n",
                    shape.name,
                    type_of(of.shape(), shape.versions.last)
                )
                .replace(&format!("{item} "), &format!("{item} ")),
            );
        }
    }
    let root = Root::find(name);
    if places.is_empty() && root.is_none() {
        return None;
    }
    let mut out = format!("{name} (element)\n");
    if let Some(root) = root {
        let _ = writeln!(
            out,
            "\nRoot of a document ({}), in API versions {}",
            root.class.name(),
            root.versions
        );
        let _ = writeln!(out, "`cloudfront-lint schema {name}` shows what it holds");
    }
    if !places.is_empty() {
        let _ = writeln!(out, "\nStands in:");
        places.iter().for_each(|place| out.push_str(place));
    }
    Some(out)
}

fn member_place(shape: &'static Shape, member: &'static Member) -> String {
    let mut out = format!("  {}\n", shape.name);
    let last = member.versions.last;
    let _ = writeln!(out, "    API versions {}{}", spoken(member), added(member));
    if let Some(of) = member.shape_in(last) {
        let _ = writeln!(out, "    {}", type_of(of.shape(), last));
    }
    let required: Vec<String> = member.required.iter().map(ToString::to_string).collect();
    if !required.is_empty() {
        let all = member.required == [member.versions];
        let _ = writeln!(
            out,
            "    required{}",
            if all {
                String::new()
            } else {
                format!(" in {}", required.join(", "))
            }
        );
    }
    if !member.deprecated.is_empty() {
        let ranges: Vec<String> = member.deprecated.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, "    deprecated in {}", ranges.join(", "));
    }
    match member.location {
        Location::Body => {}
        Location::Header(header) => {
            let _ = writeln!(
                out,
                "    travels as the header {header}, not in the document"
            );
        }
        Location::Uri(_) => {
            let _ = writeln!(out, "    travels in the URL, not in the document");
        }
    }
    out
}

fn spoken(member: &Member) -> String {
    match member.versions.to_string().as_str() {
        ".." => "all".to_owned(),
        range => range.to_owned(),
    }
}

fn added(member: &Member) -> String {
    member
        .added
        .map(|date| format!(" (added on {date})"))
        .unwrap_or_default()
}

/// A type in one line.
fn type_of(shape: &'static Shape, version: ApiVersion) -> String {
    let values: Vec<&str> = shape
        .values()
        .iter()
        .filter(|v| v.exists_in(version))
        .map(|v| v.value)
        .collect();
    let mut out = match &shape.kind {
        Kind::List { item, .. } => format!("list of {item}"),
        Kind::Structure { .. } => format!("structure {}", shape.name),
        _ if !values.is_empty() => format!("one of {}", values.join(", ")),
        kind => kind.name().to_owned(),
    };
    let Bounds { min, max } = shape.bounds();
    match (min, max) {
        (None, None) => {}
        (min, max) => {
            let unit = match shape.kind {
                Kind::String { .. } => " characters",
                Kind::Blob { .. } => " bytes",
                Kind::List { .. } => " items",
                _ => "",
            };
            let end = max.map(|max| max.to_string()).unwrap_or_default();
            let _ = write!(out, ", {}..{end}{unit}", min.unwrap_or(0));
        }
    }
    if let Some(pattern) = shape.pattern(version) {
        let _ = write!(out, ", matching {pattern}");
    }
    if shape.sensitive {
        out.push_str(", a secret: never printed");
    }
    out
}
