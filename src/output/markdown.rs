//! For a job summary or a comment: one table, worst first. Nothing of a document can leave its cell or become a link, an
//! image or a mention.

use std::io::{self, Write};

use super::escape::{markdown, markdown_code};
use super::place::{Region, Unit};
use super::{Style, explained, shown_worst_first, statistics, summary};
use crate::finding::Finding;
use crate::report::{FileReport, Report};

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_within(report, style, usize::MAX, out)
}

/// With as many findings as have room, in bytes; what is left out is counted.
pub(super) fn write_within(
    report: &Report,
    style: &Style,
    room: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    writeln!(out, "### {}", env!("CARGO_PKG_NAME"))?;
    if !style.quiet {
        let lines: Vec<String> = summary(report).lines().map(markdown).collect();
        writeln!(out, "\n{}", lines.join("<br>"))?;
    }
    if style.statistics {
        write_statistics(report, &mut out)?;
    } else {
        let rows = failures(report).chain(findings(report, style));
        write_rows(rows, room, &mut out)?;
    }
    out.flush()
}

/// What ends the table where there is no more room, and the head of it all.
const RESERVE: usize = 1024;

fn write_rows(
    rows: impl Iterator<Item = String>,
    room: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut left = room.saturating_sub(RESERVE);
    let mut rows = rows.peekable();
    if rows.peek().is_some() {
        writeln!(out, "\n| | where | what | rule |\n|---|---|---|---|")?;
    }
    while let Some(row) = rows.next_if(|row| row.len() < left) {
        left -= row.len() + 1;
        writeln!(out, "{row}")?;
    }
    match rows.count() {
        0 => Ok(()),
        n => writeln!(out, "\n{n} more in the log."),
    }
}

fn failures(report: &Report) -> impl Iterator<Item = String> {
    report.failures.iter().map(|failure| {
        let place = markdown_code(failure.name.as_deref().unwrap_or_default());
        format!("| failure | {place} | {} | |", markdown(&failure.message))
    })
}

fn findings<'a>(report: &'a Report, style: &'a Style) -> impl Iterator<Item = String> + 'a {
    shown_worst_first(report).map(|(document, finding)| row(document, finding, style))
}

fn row(document: &FileReport, finding: &Finding, style: &Style) -> String {
    let start = Region::new(document.source.as_deref(), finding.span, Unit::Characters).start;
    let path = style.root.path(&document.name);
    let place = markdown_code(&format!("{path}:{}:{}", start.line, start.column));
    let mut words = vec![markdown(&finding.message)];
    words.extend(explained(finding).iter().map(|line| markdown(line)));
    format!(
        "| {} | {place} | {} | {} |",
        finding.level,
        words.join("<br>"),
        markdown_code(finding.rule.name())
    )
}

fn write_statistics(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let rows = statistics::rows(report);
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n| count | level | rule | summary |\n|--:|---|---|---|"
    )?;
    for row in rows {
        let (rule, summary) = (markdown_code(row.rule), markdown(row.summary));
        writeln!(
            out,
            "| {} | {} | {rule} | {summary} |",
            row.count, row.level
        )?;
    }
    Ok(())
}
