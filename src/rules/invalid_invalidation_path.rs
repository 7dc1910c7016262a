//! `invalid-invalidation-path`: a path to invalidate does not have the form CloudFront asks for.

use std::ops::Range;

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::edit::repair;
use crate::finding::{Confidence, Finding, Level, Safety};
use crate::rule::id;
use crate::rules::invalid_response_page_path::encoded;
use crate::rules::template_leftover::is_unknown;
use crate::scope::Scope;
use crate::value::http::{not_url, percent_encoded};
use crate::vocabulary::evaluate::part_of_value;

/// Longest path, in characters (developer guide, "What you need to know when invalidating paths").
const LONGEST: usize = 4000;

/// What is wrong, where, and what to do.
struct Wrong {
    place: Range<usize>,
    message: String,
    label: &'static str,
    help: String,
    /// Whether a source says that the service refuses it today.
    sure: bool,
    /// What to write in its place, and whether that is what it can only mean.
    fixed: Option<(String, Safety)>,
}

impl Wrong {
    fn new(place: Range<usize>, message: impl Into<String>, label: &'static str) -> Wrong {
        Wrong {
            place,
            message: message.into(),
            label,
            help: String::new(),
            sure: true,
            fixed: None,
        }
    }

    fn fixed(self, path: String, safety: Safety) -> Wrong {
        Wrong {
            fixed: Some((path, safety)),
            ..self
        }
    }

    fn help(self, help: impl Into<String>) -> Wrong {
        Wrong {
            help: help.into(),
            ..self
        }
    }
}

/// The first thing that is wrong with a path.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    // What begins with `#` is a cache tag.
    if value.is_empty() || value.starts_with('#') || element.has_children() || is_unknown(element) {
        return;
    }
    let Some(wrong) = first_wrong(value) else {
        return;
    };
    let mut finding = Finding::new(
        id::INVALID_INVALIDATION_PATH,
        part_of_value(element, wrong.place),
        wrong.message,
    )
    .at(element.path())
    .label(wrong.label)
    .help(wrong.help);
    let fixed = wrong.fixed.filter(|(path, _)| first_wrong(path).is_none());
    if let Some((path, safety)) = fixed {
        finding = finding.fix(repair::write(element, &path, safety));
    }
    if !wrong.sure {
        finding = finding
            .confidence(Confidence::Inferred)
            .level(Level::Warning);
    }
    findings.push(finding);
}

fn first_wrong(value: &str) -> Option<Wrong> {
    several(value)
        .or_else(|| url(value))
        .or_else(|| asterisk(value))
        .or_else(|| no_slash(value))
        .or_else(|| character(value))
        .or_else(|| length(value))
        .or_else(|| perhaps_several(value))
}

/// Paths that stand in one element, parted by blanks.
fn several(value: &str) -> Option<Wrong> {
    if !value.contains(char::is_whitespace) {
        return None;
    }
    let place = second(value, |c| c == ',' || c == ';' || c.is_whitespace())?;
    Some(Wrong::new(place, "several paths stand in one Path", "another path").help(APART))
}

/// Paths that stand in one element, parted by commas or semicolons. They are legal in a path, and some have them before a
/// slash: `/512,/0/default.jpg`.
fn perhaps_several(value: &str) -> Option<Wrong> {
    let place = second(value, |c| c == ',' || c == ';')?;
    let message = "perhaps several paths stand in one Path";
    Some(Wrong {
        sure: false,
        ..Wrong::new(place, message, "another path?").help(APART)
    })
}

/// What to do with several paths.
const APART: &str = "write each path into a Path of its own, and count them in Quantity";

/// The first part behind a separator that looks like a path.
fn second(value: &str, separates: fn(char) -> bool) -> Option<Range<usize>> {
    let mut start = 0;
    let parts = value.split(separates);
    let mut places = parts.map(|part| {
        let place = start..start + part.len();
        start = place.end + value[place.end..].chars().next().map_or(0, char::len_utf8);
        place
    });
    places.next();
    places.find(|place| value[place.clone()].starts_with('/'))
}

fn url(value: &str) -> Option<Wrong> {
    let (_, rest) = value
        .split_once("://")
        .filter(|_| !value.starts_with('/'))?;
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    let message = format!("{} is a URL, not a path", quoted(value));
    let wrong = Wrong::new(0..value.len(), message, "expected a path");
    let wrong = wrong.fixed(encoded_path(path), Safety::Safe);
    Some(wrong.help(format!("write {}", quoted(path))))
}

fn no_slash(value: &str) -> Option<Wrong> {
    if value.starts_with('/') {
        return None;
    }
    let message = format!("the path {} does not begin with a slash", quoted(value));
    let wrong = Wrong::new(0..value.len(), message, "no slash");
    let wrong = wrong.fixed(encoded_path(&format!("/{value}")), Safety::Safe);
    Some(wrong.help(format!("write {}", quoted(&format!("/{value}")))))
}

fn asterisk(value: &str) -> Option<Wrong> {
    let at = value.find('*').filter(|at| at + 1 < value.len())?;
    let folder = value[..at].rfind('/').map_or("/", |slash| &value[..=slash]);
    let message = "an asterisk can only be the last character of a path";
    Some(
        Wrong::new(at..at + 1, message, "not at the end")
            .fixed(format!("{folder}*"), Safety::Unsafe)
            .help(format!(
                "write {} to invalidate all below it",
                quoted(&format!("{folder}*"))
            )),
    )
}

/// What must be percent-encoded: also what RFC 1738 calls unsafe and URLs in general may have.
fn character(value: &str) -> Option<Wrong> {
    let unsafe_too = value.char_indices().find(|(_, c)| UNSAFE.contains(*c));
    let (at, c) = match (not_url(value), unsafe_too) {
        (Some(one), Some(other)) => one.min(other),
        (one, other) => one.or(other)?,
    };
    let shown = quoted(c.encode_utf8(&mut [0; 4]));
    let message = format!("the path holds {shown}, which is not percent-encoded");
    let wrong = Wrong::new(at..at + c.len_utf8(), message, "not encoded");
    // A `%` may begin what was encoded otherwise, a `#` what is no part of the path.
    let safety = match value.contains(['%', '~', '#']) {
        true => Safety::Unsafe,
        false => Safety::Safe,
    };
    let wrong = wrong.fixed(encoded_path(value), safety);
    Some(Wrong {
        sure: !"%~#".contains(c),
        ..wrong.help(format!("write {} in its place", encoded(c)))
    })
}

/// The characters that are unsafe by RFC 1738 beside those that no URL has.
const UNSAFE: &str = "[]~#";

fn encoded_path(path: &str) -> String {
    percent_encoded(path, UNSAFE)
}

fn length(value: &str) -> Option<Wrong> {
    let length = value.chars().count();
    let message = format!("the path has {length} characters, but at most {LONGEST} are allowed");
    (length > LONGEST).then(|| {
        Wrong::new(0..value.len(), message, "too long")
            .help("invalidate a folder above it, with an asterisk at the end")
    })
}
