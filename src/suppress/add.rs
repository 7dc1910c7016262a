//! Writes comments that accept what was found.

use std::collections::{BTreeMap, BTreeSet};

use super::comment::MARK;
use super::is_acceptable;
use crate::check::is_blank;
use crate::document::{Document, Element};
use crate::finding::{Edit, Finding};
use crate::rule::RuleId;
use crate::source::{Source, Span};
use crate::syntax;

/// The reason that stands in a comment until somebody writes a better one.
pub(crate) const NO_REASON: &str = "TODO: say why";

/// The comments that accept findings of a document, as edits of its text: one before each element that has any.
/// Findings that cannot be accepted have none.
pub(crate) fn comments<'f>(
    document: &Document<'_>,
    findings: impl Iterator<Item = &'f Finding>,
    reason: &str,
) -> Vec<Edit> {
    let mut rules: BTreeMap<u32, BTreeSet<RuleId>> = BTreeMap::new();
    for finding in findings.filter(|finding| is_acceptable(finding.rule)) {
        let element = around(document, finding.span.start);
        rules.entry(element.id()).or_default().insert(finding.rule);
    }
    let source = document.source();
    let edit = |(element, rules): (u32, BTreeSet<RuleId>)| {
        let names: Vec<&str> = rules.into_iter().map(RuleId::name).collect();
        let comment = format!("<!-- {MARK} ignore: {} - {reason} -->", names.join(", "));
        before(source, document.element(element).span().start, &comment)
    };
    rules.into_iter().map(edit).collect()
}

/// The innermost element that holds a place; the root for what is outside.
fn around<'d>(document: &'d Document<'d>, place: u32) -> Element<'d> {
    let after = document
        .nodes
        .partition_point(|node| node.span.start <= place) as u32;
    let mut element = document.element(after.saturating_sub(1));
    while element.span().end <= place {
        match element.parent() {
            Some(parent) => element = parent,
            None => break,
        }
    }
    element
}

/// Puts a comment before what begins at a place: on a line of its own with the same indentation, if that has one.
fn before(source: &Source, place: u32, comment: &str) -> Edit {
    let text = source.text().get(..place as usize).unwrap_or_default();
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line..];
    let content = match indent.chars().all(is_blank) {
        true => format!("{comment}{}{indent}", line_end(source)),
        false => comment.to_owned(),
    };
    Edit {
        span: Span::at(place),
        content,
    }
}

/// How the lines of a text end.
fn line_end(source: &Source) -> &'static str {
    let text = source.text();
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Why a text cannot be a reason in a comment; none if it can.
pub(crate) fn wrong_reason(reason: &str) -> Option<&'static str> {
    let not_in_xml = |c: char| c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    match reason {
        _ if reason.trim().is_empty() => Some("it is empty"),
        _ if reason.contains("--") => Some("an XML comment cannot hold `--`"),
        _ if reason.contains(not_in_xml) => Some("it holds a line break or a control character"),
        _ => None,
    }
}

/// Reads a document only to write comments into it.
pub(crate) fn read<'s>(
    source: &'s Source,
    limits: &crate::limits::Limits,
) -> Result<Document<'s>, Box<Finding>> {
    syntax::parse(source, limits)
}
