//! Findings counted by rule.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::shown;
use crate::finding::Level;
use crate::report::Report;
use crate::rule::RuleId;

/// How often a rule spoke at a level.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) rule: &'static str,
    pub(super) level: &'static str,
    pub(super) count: usize,
    #[serde(skip)]
    pub(super) summary: &'static str,
}

/// Most frequent first, then by name.
pub(super) fn rows(report: &Report) -> Vec<Row> {
    let mut counts: BTreeMap<(RuleId, Level), usize> = BTreeMap::new();
    for (_, finding) in shown(report) {
        *counts.entry((finding.rule, finding.level)).or_default() += 1;
    }
    let mut rows: Vec<Row> = counts
        .into_iter()
        .map(|((rule, level), count)| Row {
            rule: rule.name(),
            level: level.name(),
            count,
            summary: rule.meta().summary,
        })
        .collect();
    rows.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.rule.cmp(b.rule)));
    rows
}

/// Prints the counts as a table, unless nothing was found; says whether it did.
pub(super) fn write_table(report: &Report, out: &mut dyn io::Write) -> io::Result<bool> {
    let rows = rows(report);
    if rows.is_empty() {
        return Ok(false);
    }
    let width = |cell: fn(&Row) -> usize, title: &str| {
        rows.iter().map(cell).max().unwrap_or(0).max(title.len())
    };
    let count = width(|row| row.count.to_string().len(), "count");
    let level = width(|row| row.level.len(), "level");
    let rule = width(|row| row.rule.len(), "rule");
    writeln!(
        out,
        "{:>count$}  {:level$}  {:rule$}  summary",
        "count", "level", "rule"
    )?;
    for row in &rows {
        let Row {
            rule: name,
            level: of,
            count: n,
            summary,
        } = row;
        writeln!(out, "{n:>count$}  {of:level$}  {name:rule$}  {summary}")?;
    }
    Ok(true)
}
