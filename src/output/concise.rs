//! One line per finding, as gcc prints them: editors and CI matchers know the form.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};

use super::{ColumnUnit, Style, link, positions, shown, statistics, text};
use crate::finding::{Finding, Level};
use crate::report::{FileReport, Report};

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    if style.statistics {
        statistics::write_table(report, &mut out)?;
    } else {
        for (document, finding) in shown(report) {
            writeln!(out, "{}", line(document, finding, style))?;
        }
    }
    out.flush()
}

/// `path:line:col: level: message [rule]`, without a line end.
pub(super) fn line(document: &FileReport, finding: &Finding, style: &Style) -> String {
    let source = document.source.as_deref();
    let (start, _) = positions(source, finding.span);
    let column = match (source, style.column_unit) {
        (None, _) | (_, ColumnUnit::Characters) => start.column,
        (Some(source), ColumnUnit::Bytes) => source.byte_column(finding.span.start) + 1,
        (Some(source), ColumnUnit::Utf16) => source.utf16_column(finding.span.start) + 1,
    };
    let (level, hue) = match finding.level {
        Level::Error => ("error", AnsiColor::Red),
        Level::Warning => ("warning", AnsiColor::Yellow),
        Level::Info => ("note", AnsiColor::Cyan),
    };
    let (bold, tint) = match style.color {
        true => (Paint::new().bold(), hue.on_default().bold()),
        false => (Paint::new(), Paint::new()),
    };
    format!(
        "{bold}{}:{}:{column}:{bold:#} {tint}{level}:{tint:#} {} [{}]",
        text::line(&document.name),
        start.line,
        text::line(&finding.message),
        link::rule_name(finding.rule, style.links),
    )
}
