//! The XML of Checkstyle, which many CI servers and review tools read. Columns count characters, from 1.

use std::io::{self, Write};

use super::escape::xml;
use super::place::{Region, Unit};
use super::{Style, explained, failure_line, is_shown};
use crate::finding::{Finding, Level};
use crate::report::{FileReport, Report};

pub(super) fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<checkstyle version=\"{}\">",
        env!("CARGO_PKG_VERSION")
    )?;
    for failure in &report.failures {
        // What belongs to no file has no place here.
        if let Some(name) = &failure.name {
            writeln!(out, "  <file name=\"{}\">", xml(name))?;
            let message = xml(&failure_line(failure));
            let source = source("failure");
            writeln!(
                out,
                "    <error line=\"1\" severity=\"error\" message=\"{message}\" source=\"{source}\"/>"
            )?;
            writeln!(out, "  </file>")?;
        }
    }
    for document in report.files() {
        write_file(document, &mut out)?;
    }
    writeln!(out, "</checkstyle>")?;
    out.flush()
}

fn write_file(document: &FileReport, out: &mut dyn Write) -> io::Result<()> {
    let mut findings = document.findings.iter().filter(|f| is_shown(f)).peekable();
    if findings.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "  <file name=\"{}\">", xml(&document.name))?;
    for finding in findings {
        write_error(document, finding, out)?;
    }
    writeln!(out, "  </file>")
}

fn write_error(document: &FileReport, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let start = Region::new(document.source.as_deref(), finding.span, Unit::Characters).start;
    let severity = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "info",
    };
    writeln!(
        out,
        "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}\" source=\"{}\"/>",
        start.line,
        start.column,
        xml(&message(finding)),
        xml(&source(finding.rule.name())),
    )
}

/// All in one line.
fn message(finding: &Finding) -> String {
    let mut parts = vec![finding.message.clone()];
    parts.extend(explained(finding));
    parts.join("; ")
}

/// In the place where Checkstyle has the class of a check.
fn source(rule: &str) -> String {
    format!("{}.{rule}", env!("CARGO_PKG_NAME"))
}
