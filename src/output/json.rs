//! Everything about a run, for programs. Version 1: keys stay, new ones may come.

use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::ser::{Formatter, PrettyFormatter};

use super::{Style, Tally, positions, statistics, text};
use crate::finding::{self, Safety};
use crate::fingerprint::Fingerprint;
use crate::report::Report;
use crate::source::{self, Source};

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_value(&Output::new(report, style), out)
}

/// Writes anything in the form of this format.
pub(super) fn write_value(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let format = Visible(PrettyFormatter::new());
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, format);
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    tool: Tool,
    summary: Tally,
    #[serde(serialize_with = "findings")]
    findings: &'a Report,
    skipped_files: Vec<Skipped<'a>>,
    errors: Vec<Failure<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<Vec<statistics::Row>>,
}

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Skipped<'a> {
    file: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
pub(super) struct Failure<'a> {
    file: Option<&'a str>,
    message: &'a str,
}

/// A finding as every command prints it.
#[derive(Serialize)]
pub(super) struct Finding<'a> {
    rule: &'static str,
    group: &'static str,
    level: &'static str,
    confidence: &'static str,
    api_error: Option<ApiError>,
    message: &'a str,
    notes: &'a [String],
    help: Option<&'a str>,
    file: &'a str,
    element: &'a str,
    span: Span,
    labels: Vec<Label<'a>>,
    fix: Option<Fix<'a>>,
    suppressed: bool,
    baselined: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    url: Option<String>,
}

#[derive(Serialize)]
struct ApiError {
    code: &'static str,
    status: u16,
}

#[derive(Serialize)]
struct Label<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    span: Span,
    message: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    safety: &'static str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    span: Span,
    content: &'a str,
}

#[derive(Serialize)]
pub(super) struct Span {
    pub(super) start: Position,
    pub(super) end: Position,
}

#[derive(Serialize)]
pub(super) struct Position {
    offset: u64,
    line: u32,
    column: u32,
}

impl Tool {
    pub(super) fn new() -> Tool {
        Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl<'a> Failure<'a> {
    pub(super) fn new(failure: &'a crate::report::Failure) -> Failure<'a> {
        Failure {
            file: failure.name.as_deref(),
            message: &failure.message,
        }
    }
}

impl<'a> Output<'a> {
    fn new(report: &'a Report, style: &Style) -> Output<'a> {
        let skipped = |skipped: &'a crate::report::Skipped| Skipped {
            file: &skipped.name,
            reason: &skipped.reason,
        };
        Output {
            version: 1,
            tool: Tool::new(),
            summary: Tally::new(report),
            findings: report,
            skipped_files: report.skipped.iter().map(skipped).collect(),
            errors: report.failures.iter().map(Failure::new).collect(),
            statistics: style.statistics.then(|| statistics::rows(report)),
        }
    }
}

/// One entry at a time, so that a long report is never held twice.
fn findings<S: Serializer>(report: &Report, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(report.files().flat_map(|document| {
        let prints = Fingerprint::all(document);
        let findings = document.findings.iter().zip(prints);
        findings.map(move |(finding, print)| Finding {
            fingerprint: Some(print.hash()),
            ..Finding::new(&document.name, document.source.as_deref(), finding)
        })
    }))
}

impl<'a> Finding<'a> {
    /// Of a file, whose text may be gone.
    pub(super) fn new(
        file: &'a str,
        source: Option<&Source>,
        finding: &'a finding::Finding,
    ) -> Finding<'a> {
        let rule = finding.rule.meta();
        Finding {
            rule: rule.name,
            group: rule.group.name(),
            level: finding.level.name(),
            confidence: finding.confidence.name(),
            api_error: finding.api_error.map(|e| ApiError {
                code: e.code,
                status: e.status,
            }),
            message: &finding.message,
            notes: &finding.notes,
            help: finding.help.as_deref(),
            file,
            element: &finding.element,
            span: Span::new(source, finding.span),
            labels: labels(source, finding),
            fix: finding.fix.as_ref().map(|fix| Fix::new(source, fix)),
            suppressed: finding.suppressed,
            baselined: finding.baselined,
            fingerprint: None,
            url: finding.rule.url(),
        }
    }
}

fn labels<'a>(source: Option<&Source>, finding: &'a finding::Finding) -> Vec<Label<'a>> {
    let primary = (!finding.label.is_empty()).then(|| Label {
        file: None,
        span: Span::new(source, finding.span),
        message: &finding.label,
    });
    let others = finding.labels.iter().map(|label| Label {
        file: label.source.as_deref().map(Source::name),
        span: Span::new(label.source.as_deref().or(source), label.span),
        message: &label.message,
    });
    primary.into_iter().chain(others).collect()
}

impl<'a> Fix<'a> {
    fn new(source: Option<&Source>, fix: &'a finding::Fix) -> Fix<'a> {
        let edit = |edit: &'a finding::Edit| Edit {
            span: Span::new(source, edit.span),
            content: &edit.content,
        };
        Fix {
            title: &fix.title,
            safety: match fix.safety {
                Safety::Safe => "safe",
                Safety::Unsafe => "unsafe",
            },
            edits: fix.edits.iter().map(edit).collect(),
        }
    }
}

impl Span {
    pub(super) fn new(source: Option<&Source>, span: source::Span) -> Span {
        let (start, end) = positions(source, span);
        Span {
            start: start.into(),
            end: end.into(),
        }
    }
}

impl From<source::Position> for Position {
    fn from(at: source::Position) -> Position {
        Position {
            offset: at.offset,
            line: at.line,
            column: at.column,
        }
    }
}

/// Indents by two spaces, and escapes what a terminal or a CI runner would act on; a parser gets
/// the same strings back.
struct Visible(PrettyFormatter<'static>);

impl Formatter for Visible {
    fn write_string_fragment<W>(&mut self, out: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        if text::is_plain(fragment) {
            return out.write_all(fragment.as_bytes());
        }
        for (at, c) in fragment.char_indices() {
            match text::shown(c) {
                text::Shown::Itself if !text::is_command(&fragment[at..]) => write!(out, "{c}")?,
                _ => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        write!(out, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}
