//! One line per finding, as gcc prints them: editors and CI matchers know the form.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};

use super::{Style, positions, shown, statistics, text};
use crate::finding::{Finding, Level};
use crate::report::{FileReport, Report};

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    if style.statistics {
        statistics::write_table(report, &mut out)?;
    } else {
        for (document, finding) in shown(report) {
            writeln!(out, "{}", line(document, finding, style.color))?;
        }
    }
    out.flush()
}

/// `path:line:col: level: message [rule]`, without a line end.
pub(super) fn line(document: &FileReport, finding: &Finding, color: bool) -> String {
    let (start, _) = positions(document.source.as_deref(), finding.span);
    let (level, hue) = match finding.level {
        Level::Error => ("error", AnsiColor::Red),
        Level::Warning => ("warning", AnsiColor::Yellow),
        Level::Info => ("note", AnsiColor::Cyan),
    };
    let (bold, tint) = match color {
        true => (Paint::new().bold(), hue.on_default().bold()),
        false => (Paint::new(), Paint::new()),
    };
    format!(
        "{bold}{}:{}:{}:{bold:#} {tint}{level}:{tint:#} {} [{}]",
        text::line(&document.name),
        start.line,
        start.column,
        text::line(&finding.message),
        finding.rule.name(),
    )
}
