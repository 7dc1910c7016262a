//! `cloudfront-lint rules`: the rules, as a table or as JSON.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::policies::{self, PolicyArguments};
use super::reading::ConfigArguments;
use super::{Outcome, print};
use crate::config::{PRESETS, Preset};
use crate::explain::push_wrapped;
use crate::finding::ApiError;
use crate::output::{json_text, visible};
use crate::rule::{ErrorCode, Fixes, OPTIONS, Operation, Rule, RuleId, RuleOption};

/// List the rules
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// As a table for people or as JSON for programs
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,

    /// List the numbers that `check --set` sets, such as quotas, instead
    #[arg(long)]
    options: bool,

    /// List the presets that a configuration can begin with, instead
    #[arg(long, conflicts_with = "options")]
    presets: bool,

    #[command(flatten)]
    policies: PolicyArguments,

    #[command(flatten)]
    config: ConfigArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let json = |entries| json_text(&serde_json::Value::Array(entries));
    if arguments.presets {
        return print(&match arguments.format {
            Format::Table => preset_table(),
            Format::Json => json(PRESETS.iter().map(preset_entry).collect()),
        });
    }
    let policies = match policies::here(&arguments.policies, &arguments.config) {
        Ok(policies) => policies,
        Err(outcome) => return outcome,
    };
    let rules: Vec<&'static Rule> = RuleId::all()
        .chain(policies.rules().iter().copied())
        .map(RuleId::meta)
        .collect();
    print(&match (arguments.format, arguments.options) {
        (Format::Table, false) => table(&rules),
        (Format::Table, true) => option_table(),
        (Format::Json, false) => json(rules.into_iter().map(entry).collect()),
        (Format::Json, true) => json(OPTIONS.iter().map(option_entry).collect()),
    })
}

/// One line a rule: name, group, level, API error; the summary below, since it rarely fits beside them.
fn table(rules: &[&Rule]) -> String {
    let name_width = rules.iter().map(|r| r.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in rules {
        let error = rule.error.map_or("-", |e| e.code);
        let _ = writeln!(
            out,
            "{:name_width$}  {:8}  {:7}  {error}",
            rule.name, rule.group, rule.level
        );
        push_wrapped(&mut out, "    ", "    ", &visible(rule.summary));
    }
    let _ = writeln!(
        out,
        "\n{} rules. `cloudfront-lint explain RULE` shows the page of one.",
        rules.len()
    );
    out
}

/// One line an option: name, what holds unless it is set, rule.
fn option_table() -> String {
    let width = OPTIONS.iter().map(|o| o.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for option in &OPTIONS {
        let _ = writeln!(
            out,
            "{:width$}  {:>6}  {}",
            option.name, option.default, option.rule
        );
    }
    let _ = writeln!(out, "\n`cloudfront-lint check --set NAME=NUMBER` sets one.");
    out
}

/// One line a preset.
fn preset_table() -> String {
    let width = PRESETS.iter().map(|p| p.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for preset in &PRESETS {
        let first = format!("{:width$}  ", preset.name);
        push_wrapped(&mut out, &first, &" ".repeat(width + 2), preset.summary);
    }
    out += "\nA configuration begins with `preset = \"NAME\"`.\n";
    out
}

fn preset_entry(preset: &Preset) -> serde_json::Value {
    json!({
        "name": preset.name,
        "summary": preset.summary,
    })
}

fn option_entry(option: &RuleOption) -> serde_json::Value {
    json!({
        "name": option.name,
        "default": option.default,
        "rule": option.rule,
    })
}

fn entry(rule: &Rule) -> serde_json::Value {
    let answer = |error: ApiError| json!({"code": error.code, "status": error.status});
    let answers: serde_json::Map<String, serde_json::Value> = Operation::ALL
        .into_iter()
        .filter_map(|operation| {
            let own = rule.errors.iter().find(|(of, _)| *of == operation);
            let error = own.map(|(_, error)| *error).or_else(|| {
                let code = ErrorCode::find(rule.error?.code)?;
                Some(code.answer(operation, "DistributionConfig"))
            })?;
            Some((operation.name().to_owned(), answer(error)))
        })
        .collect();
    let options = OPTIONS.iter().filter(|o| o.rule == rule.name);
    json!({
        "name": rule.name,
        "summary": rule.summary,
        "group": rule.group.name(),
        "level": rule.level.name(),
        "confidence": rule.confidence.name(),
        "api_error": rule.error.map(answer),
        "api_errors": answers,
        "versions": rule.versions.to_string(),
        "constraints": rule.constraints,
        "mandatory": rule.mandatory,
        "fix": rule.fixes.map(Fixes::name),
        "options": options.map(option_entry).collect::<Vec<_>>(),
        "policy": rule.origin.as_ref().map(|origin| json!({"file": origin.file, "line": origin.line})),
    })
}
