//! Reviewdog's `DiagnosticResult`. Columns are bytes of the line, from 1; the end is the first byte behind the text.

use std::io::{self, Write};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::place::{self, Unit};
use super::{Style, explained, failure_line, json, shown};
use crate::finding::{self, Finding, Level};
use crate::report::{FileReport, Report};
use crate::rule::REPOSITORY;
use crate::source::{Source, Span};

pub(super) fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let result = DiagnosticResult {
        source: Tool {
            name: env!("CARGO_PKG_NAME"),
            url: REPOSITORY,
        },
        diagnostics: report,
    };
    json::write_value(&result, out)
}

#[derive(Serialize)]
struct DiagnosticResult<'a> {
    source: Tool,
    #[serde(serialize_with = "diagnostics")]
    diagnostics: &'a Report,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location<'a>,
}

/// One at a time, so that a long report is never held twice.
fn diagnostics<S: Serializer>(report: &Report, serializer: S) -> Result<S::Ok, S::Error> {
    let mut diagnostics = serializer.serialize_seq(None)?;
    for failure in &report.failures {
        // What belongs to no file has no place here.
        if let Some(path) = failure.name.as_deref() {
            diagnostics.serialize_element(&Diagnostic {
                message: failure_line(failure),
                location: Location { path, range: None },
                severity: "ERROR",
                code: None,
                suggestions: Vec::new(),
                related_locations: Vec::new(),
            })?;
        }
    }
    for (document, finding) in shown(report) {
        diagnostics.serialize_element(&Diagnostic::new(document, finding))?;
    }
    diagnostics.end()
}

impl<'a> Diagnostic<'a> {
    fn new(document: &'a FileReport, finding: &'a Finding) -> Diagnostic<'a> {
        let source = document.source.as_deref();
        let lines: Vec<String> = [finding.message.clone()]
            .into_iter()
            .chain(explained(finding))
            .collect();
        Diagnostic {
            message: lines.join("\n"),
            location: Location::new(&document.name, source, finding.span),
            severity: match finding.level {
                Level::Error => "ERROR",
                Level::Warning => "WARNING",
                Level::Info => "INFO",
            },
            code: Some(Code {
                value: finding.rule.name(),
                url: finding.rule.url(),
            }),
            suggestions: suggestions(source, finding),
            related_locations: finding
                .labels
                .iter()
                .map(|label| Related::new(document, label))
                .collect(),
        }
    }
}

/// Each suggestion is applied by itself, so a fix of several edits is one only if they can be: it is left out otherwise.
fn suggestions<'a>(source: Option<&Source>, finding: &'a Finding) -> Vec<Suggestion<'a>> {
    match finding.fix.as_ref().map(|fix| &fix.edits[..]) {
        Some([edit]) => vec![Suggestion {
            range: Range::new(source, edit.span),
            text: &edit.content,
        }],
        _ => Vec::new(),
    }
}

impl<'a> Related<'a> {
    fn new(document: &'a FileReport, label: &'a finding::Label) -> Related<'a> {
        let source = label.source.as_deref();
        let path = source.map_or(&document.name[..], Source::name);
        Related {
            message: &label.message,
            location: Location::new(path, source.or(document.source.as_deref()), label.span),
        }
    }
}

impl<'a> Location<'a> {
    fn new(path: &'a str, source: Option<&Source>, span: Span) -> Location<'a> {
        Location {
            path,
            range: Some(Range::new(source, span)),
        }
    }
}

impl Range {
    fn new(source: Option<&Source>, span: Span) -> Range {
        let place::Region { start, end } = place::Region::new(source, span, Unit::Bytes);
        let [start, end] = [start, end].map(|point| Position {
            line: point.line,
            column: point.column,
        });
        Range { start, end }
    }
}
