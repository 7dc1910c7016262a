//! Workflow commands of GitHub Actions, which its runner makes into annotations. Worst first, since the runner keeps only
//! the first few of each kind. Columns are UTF-16 code units.

use std::io::{self, Write};

use super::place::{Region, Unit};
use super::{Style, explained, failure_line, shown_worst_first, text};
use crate::finding::{Finding, Level};
use crate::report::{FileReport, Report};

/// Of each kind, the runner keeps so many for a step.
const KEPT: usize = 10;

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_most(report, style, usize::MAX, out)
}

/// As many as the runner keeps; the rest would only fill the log.
pub(super) fn write_kept(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_most(report, style, KEPT, out)
}

fn write_most(report: &Report, style: &Style, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    for failure in report.failures.iter().take(most) {
        let file = failure.name.iter();
        let file = file.map(|name| ("file", style.root.path(name).into_owned()));
        let properties = file.chain([("title", env!("CARGO_PKG_NAME").to_owned())]);
        write_command("error", properties, &failure_line(failure), &mut out)?;
    }
    let mut left = [most; 3];
    left[Level::Error as usize] -= report.failures.len().min(most);
    for (document, finding) in shown_worst_first(report) {
        let left = &mut left[finding.level as usize];
        if *left > 0 {
            *left -= 1;
            write_finding(document, finding, style, &mut out)?;
        }
    }
    out.flush()
}

fn write_finding(
    document: &FileReport,
    finding: &Finding,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    let region = Region::new(document.source.as_deref(), finding.span, Unit::Utf16);
    let Region { start, end } = region;
    let mut properties = vec![
        ("file", style.root.path(&document.name).into_owned()),
        ("line", start.line.to_string()),
        ("endLine", end.line.to_string()),
    ];
    // The runner drops columns of a text of several lines, and says so in the log.
    if region.is_in_one_line() {
        properties.push(("col", start.column.to_string()));
        properties.push(("endColumn", end.column.to_string()));
    }
    properties.push(("title", finding.rule.name().to_owned()));
    let lines: Vec<String> = [finding.message.clone()]
        .into_iter()
        .chain(explained(finding))
        .collect();
    write_command(command, properties, &lines.join("\n"), out)
}

/// `::command key=value,key=value::message`
fn write_command(
    command: &str,
    properties: impl IntoIterator<Item = (&'static str, String)>,
    message: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "::{command}")?;
    for (n, (key, value)) in properties.into_iter().enumerate() {
        let before = if n == 0 { ' ' } else { ',' };
        let value = escaped(&text::line(&value))
            .replace(':', "%3A")
            .replace(',', "%2C");
        write!(out, "{before}{key}={value}")?;
    }
    let lines: Vec<_> = message.lines().map(text::line).collect();
    writeln!(out, "::{}", escaped(&lines.join("\n")))
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
