//! `cloudfront-lint rules`: the rules, as a table or as JSON.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{Outcome, print};
use crate::explain::push_wrapped;
use crate::rule::{RULES, Rule};

/// List the rules
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// As a table for people or as JSON for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    print(&match arguments.format {
        Format::Table => table(),
        Format::Json => format!(
            "{:#}\n",
            serde_json::Value::Array(RULES.iter().map(entry).collect())
        ),
    })
}

/// One line a rule: name, group, level, API error; the summary below, since it rarely fits beside them.
fn table() -> String {
    let name_width = RULES.iter().map(|r| r.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in &RULES {
        let error = rule.error.map_or("-", |e| e.code);
        let _ = writeln!(
            out,
            "{:name_width$}  {:8}  {:7}  {error}",
            rule.name, rule.group, rule.level
        );
        push_wrapped(&mut out, "    ", "    ", rule.summary);
    }
    let _ = writeln!(
        out,
        "\n{} rules. `cloudfront-lint explain RULE` shows the page of one.",
        RULES.len()
    );
    out
}

fn entry(rule: &Rule) -> serde_json::Value {
    json!({
        "name": rule.name,
        "summary": rule.summary,
        "group": rule.group.name(),
        "level": rule.level.name(),
        "confidence": rule.confidence.name(),
        "api_error": rule.error.map(|e| json!({"code": e.code, "status": e.status})),
        "versions": rule.versions.to_string(),
        "constraints": rule.constraints,
        "mandatory": rule.mandatory,
    })
}
