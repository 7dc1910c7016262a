//! Reports as text: one file per format. This and `cli` are the only parts that print.

mod answer;
mod checkstyle;
mod concise;
pub(crate) mod diff;
mod escape;
mod github;
mod gitlab;
mod json;
mod junit;
mod link;
mod markdown;
mod patch;
mod place;
mod pretty;
mod rdjson;
mod sarif;
mod snippet;
mod statistics;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashSet;
use std::fmt;
use std::io;

use serde::Serialize;

use crate::finding::{Confidence, Finding, Level, Safety};
use crate::fix::{Fixing, Mode};
use crate::report::{Cause, Failure, FileReport, Report};
use crate::source::{Position, Source, Span};

pub use answer::{AnswerFormat, answer_line, write_answers};
pub use patch::write_patch;
pub use place::Root;

/// How a report is printed, apart from the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether escape sequences may be used.
    pub color: bool,
    /// Columns of the terminal; formats for machines ignore it.
    pub width: usize,
    /// Count findings by rule instead of listing them; JSON does both, other formats for machines list them.
    pub statistics: bool,
    /// No summary.
    pub quiet: bool,
    /// From where code hosts count paths.
    pub root: Root,
    /// What a SARIF log is one of; none: the name of this program.
    pub category: Option<String>,
    /// What columns count in [`Format::CONCISE`]; the other formats have units of their own.
    pub column_unit: ColumnUnit,
    /// Whether the terminal has links, from names of rules to their pages.
    pub links: bool,
}

/// What columns count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColumnUnit {
    /// Characters, as Emacs counts.
    #[default]
    Characters,
    /// Bytes, as Vim counts.
    Bytes,
    /// UTF-16 code units, as VS Code counts.
    Utf16,
}

impl ColumnUnit {
    /// All units.
    pub const ALL: [ColumnUnit; 3] = [ColumnUnit::Characters, ColumnUnit::Bytes, ColumnUnit::Utf16];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            ColumnUnit::Characters => "characters",
            ColumnUnit::Bytes => "bytes",
            ColumnUnit::Utf16 => "utf-16",
        }
    }
}

impl Default for Style {
    fn default() -> Style {
        Style {
            color: false,
            width: 80,
            statistics: false,
            quiet: false,
            root: Root::default(),
            category: None,
            column_unit: ColumnUnit::default(),
            links: false,
        }
    }
}

/// A form in which a report can be printed.
#[derive(Clone, Copy)]
pub struct Format {
    name: &'static str,
    write: Writer,
}

type Writer = fn(&Report, &Style, &mut dyn io::Write) -> io::Result<()>;

impl Format {
    /// For people: the source with labels, reasons and help.
    pub const PRETTY: Format = Format::new("pretty", pretty::write);
    /// One line per finding, as gcc prints them.
    pub const CONCISE: Format = Format::new("concise", concise::write);
    /// Everything, for programs; version 1.
    pub const JSON: Format = Format::new("json", json::write);
    /// SARIF 2.1.0, for code scanning and editors.
    pub const SARIF: Format = Format::new("sarif", sarif::write);
    /// Workflow commands of GitHub Actions, which become annotations.
    pub const GITHUB: Format = Format::new("github", github::write);
    /// GitLab's Code Quality report.
    pub const GITLAB: Format = Format::new("gitlab", gitlab::write);
    /// Test results, for CI servers.
    pub const JUNIT: Format = Format::new("junit", junit::write);
    /// The XML of Checkstyle.
    pub const CHECKSTYLE: Format = Format::new("checkstyle", checkstyle::write);
    /// Reviewdog's JSON.
    pub const RDJSON: Format = Format::new("rdjson", rdjson::write);
    /// A table for a job summary or a comment.
    pub const MARKDOWN: Format = Format::new("markdown", markdown::write);

    /// All formats, in the order in which they are listed. A new one is a file, a constant above and its name here.
    pub const ALL: &'static [Format] = &[
        Format::PRETTY,
        Format::CONCISE,
        Format::JSON,
        Format::SARIF,
        Format::GITHUB,
        Format::GITLAB,
        Format::JUNIT,
        Format::CHECKSTYLE,
        Format::RDJSON,
        Format::MARKDOWN,
    ];

    const fn new(name: &'static str, write: Writer) -> Format {
        Format { name, write }
    }

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// The format of that name.
    pub fn parse(name: &str) -> Option<Format> {
        Format::ALL
            .iter()
            .copied()
            .find(|format| format.name == name)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Format) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Prints a report. In `pretty` and `concise` there are no failures: they are for standard error.
///
/// # Errors
/// What the writer answers.
pub fn write(
    format: Format,
    report: &Report,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    (format.write)(report, style, out)
}

/// Prints as many annotations as the runner of GitHub Actions keeps, worst first.
///
/// # Errors
/// What the writer answers.
pub fn write_annotations(
    report: &Report,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    github::write_kept(report, style, out)
}

/// Prints a report in Markdown with as many findings, worst first, as have room in so many bytes.
///
/// # Errors
/// What the writer answers.
pub fn write_job_summary(
    report: &Report,
    style: &Style,
    room: usize,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    markdown::write_within(report, style, room, out)
}

/// What a run amounts to. Levels count what is neither suppressed nor baselined.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Tally {
    documents: usize,
    skipped: usize,
    failed: usize,
    error: usize,
    warning: usize,
    info: usize,
    suppressed: usize,
    baselined: usize,
    /// Findings that are not there any more, where fixes were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<usize>,
}

impl Tally {
    fn new(report: &Report) -> Tally {
        let mut tally = Tally {
            documents: report.documents.len(),
            skipped: report.skipped.len(),
            failed: report.failures.len(),
            fixed: report.fixing.is_on().then(|| fixed_findings(report)),
            ..Tally::default()
        };
        for finding in report.findings() {
            *tally.slot(finding) += 1;
        }
        tally
    }

    fn slot(&mut self, finding: &Finding) -> &mut usize {
        match finding.level {
            _ if finding.suppressed => &mut self.suppressed,
            _ if finding.baselined => &mut self.baselined,
            Level::Error => &mut self.error,
            Level::Warning => &mut self.warning,
            Level::Info => &mut self.info,
        }
    }
}

/// The run in one line: `4 documents checked, 1 input could not be read: 3 errors, 1 warning`.
pub fn summary(report: &Report) -> String {
    let tally = Tally::new(report);
    let mut text = match tally.documents {
        0 => "no documents checked".to_owned(),
        n => format!("{} checked", count(n, "document", "documents")),
    };
    let compared = report.documents.iter().filter(|d| d.compared).count();
    text += &match (compared, tally.documents) {
        (0, _) => String::new(),
        (1, 1) => ", against an older one".to_owned(),
        (n, documents) if n == documents => ", each against an older one".to_owned(),
        (n, _) => format!(", {n} of them against an older one"),
    };
    for (cause, what) in [
        (Cause::Foreign, "without CloudFront XML skipped"),
        (Cause::Excluded, "excluded by configuration"),
        (Cause::Configuration, "not checked"),
    ] {
        let of_cause = report
            .skipped
            .iter()
            .filter(|skipped| skipped.cause == cause);
        match of_cause.count() {
            0 => {}
            n => text += &format!(", {} {what}", count(n, "file", "files")),
        }
    }
    let names = report.failures.iter().filter_map(|f| f.name.as_deref());
    let mut unread: Vec<&str> = names.collect();
    if !unread.is_empty() {
        // Others could be read, but not written.
        let read: HashSet<&str> = report.documents.iter().map(|d| &d.name[..]).collect();
        unread.retain(|name| !read.contains(name));
    }
    let unread = unread.len();
    if unread > 0 {
        text += &format!(", {} could not be read", count(unread, "input", "inputs"));
    }
    text += &outcome(&tally);
    if report.fixing.mode == Mode::Apply {
        text = format!("{}\n{text}", fixed(report));
    }
    text + &fixable(report)
}

/// What `--diff` shows, in a line, and what it would show if more were asked for.
pub fn patch_summary(report: &Report) -> String {
    fixed(report) + &fixable(report)
}

/// What fixes have done, or would do: `fixed 3 findings in 2 files`.
fn fixed(report: &Report) -> String {
    let verb = match report.fixing.mode {
        Mode::Apply => "fixed",
        Mode::Show | Mode::Offer => "would fix",
    };
    let (files, findings) = (report.repaired().count(), fixed_findings(report));
    match files {
        0 => format!("{verb} nothing"),
        _ => format!(
            "{verb} {} in {}",
            count(findings, "finding", "findings"),
            count(files, "file", "files")
        ),
    }
}

fn fixed_findings(report: &Report) -> usize {
    let repairs = report.repaired().map(|(_, repair, _)| repair);
    repairs.map(|repair| repair.applied.len()).sum()
}

/// How many of the findings have a fix that was not applied, and what applies it.
fn fixable(report: &Report) -> String {
    let Fixing { mode, with_unsafe } = report.fixing;
    let fixes = || shown(report).filter_map(|(_, finding)| finding.fix.as_ref());
    let safe = fixes().filter(|fix| fix.safety == Safety::Safe).count();
    let others = fixes().count() - safe;
    match (mode, with_unsafe) {
        (Mode::Offer, true) if others > 0 => {
            offer(safe + others, "can be fixed with --fix --unsafe-fixes")
        }
        (Mode::Offer, _) => match (safe, others) {
            (0, n) => offer(n, "can be fixed with --fix --unsafe-fixes"),
            (n, 0) => offer(n, "can be fixed with --fix"),
            (n, more) => {
                offer(n, "can be fixed with --fix") + &format!(", {more} more with --unsafe-fixes")
            }
        },
        // What was asked for and is still there was left out.
        (_, true) => String::new(),
        (_, false) => offer(others, "more can be fixed with --unsafe-fixes"),
    }
}

fn offer(count: usize, how: &str) -> String {
    match count {
        0 => String::new(),
        n => format!("\n{n} {how}"),
    }
}

/// The part of the summary after the inputs; says nothing where nothing was checked.
fn outcome(tally: &Tally) -> String {
    let shown = list([
        (tally.error, "error", "errors"),
        (tally.warning, "warning", "warnings"),
        (tally.info, "info", "info"),
    ]);
    let hidden = list([
        (tally.suppressed, "suppressed", "suppressed"),
        (tally.baselined, "baselined", "baselined"),
    ]);
    match (shown.is_empty(), hidden.is_empty()) {
        (true, true) if tally.documents == 0 => String::new(),
        (true, true) => ": no findings".to_owned(),
        (true, false) => format!(": no findings ({hidden})"),
        (false, true) => format!(": {shown}"),
        (false, false) => format!(": {shown} ({hidden})"),
    }
}

fn list<const N: usize>(parts: [(usize, &str, &str); N]) -> String {
    let parts = parts
        .into_iter()
        .filter(|part| part.0 > 0)
        .map(|(n, one, many)| count(n, one, many));
    parts.collect::<Vec<_>>().join(", ")
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Whether people see the finding.
fn is_shown(finding: &Finding) -> bool {
    !finding.suppressed && !finding.baselined
}

/// Findings that people see, each with its document.
fn shown(report: &Report) -> impl Iterator<Item = (&FileReport, &Finding)> {
    report.files().flat_map(|document| {
        document
            .findings
            .iter()
            .filter(|f| is_shown(f))
            .map(move |finding| (document, finding))
    })
}

/// The same, errors first; those of one level stay in their order.
fn shown_worst_first(report: &Report) -> impl Iterator<Item = (&FileReport, &Finding)> {
    let levels = [Level::Error, Level::Warning, Level::Info].into_iter();
    levels.flat_map(|level| shown(report).filter(move |(_, finding)| finding.level == level))
}

/// What a finding says besides its message, a line each.
fn explained(finding: &Finding) -> Vec<String> {
    let notes = finding.notes.iter().cloned();
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    notes.chain(answered(finding)).chain(help).collect()
}

/// What CloudFront answers to what a finding speaks of.
fn answered(finding: &Finding) -> Option<String> {
    let error = finding.api_error?;
    let answers = match finding.confidence {
        Confidence::Inferred => "probably answers",
        _ => "answers",
    };
    Some(format!(
        "CloudFront {answers} {} {}",
        error.status, error.code
    ))
}

/// A failure in one line.
pub fn failure_line(failure: &Failure) -> String {
    match &failure.name {
        Some(name) => format!("{name}: {}", failure.message),
        None => failure.message.clone(),
    }
}

/// Where a span is; its start stands for it where the text is gone.
fn positions(source: Option<&Source>, span: Span) -> (Position, Position) {
    let Some(source) = source else {
        let at = |offset| Position {
            offset: u64::from(offset),
            line: 1,
            column: 1,
        };
        return (at(span.start), at(span.end));
    };
    let start = text::floor(source.text(), span.start);
    let end = text::floor(source.text(), span.end).max(start);
    (source.position(start), source.position(end))
}

/// A value as JSON, with what a terminal would act on escaped.
pub(crate) fn json_text(value: &serde_json::Value) -> String {
    let mut text = Vec::new();
    // A vector takes everything.
    let _ = json::write_value(value, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// A text from a document or a file name as every output shows it: control characters made visible, on one line.
pub(crate) fn visible(text: &str) -> String {
    text::line(text).into_owned()
}
