//! The rules of a log: those that spoke, with their pages.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Text;
use crate::explain::{page_markdown, page_text};
use crate::finding::{Confidence, Level};
use crate::report::Report;
use crate::rule::{Group, REPOSITORY, Rule, RuleId};

/// GitHub refuses longer descriptions.
const LONGEST_DESCRIPTION: usize = 1024;

/// The rules that spoke, by name.
pub(super) struct RuleTable(BTreeMap<RuleId, usize>);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: String,
    short_description: Text<String>,
    full_description: Text<String>,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: Vec<&'static str>,
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    severity: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    security_severity: Option<&'static str>,
}

/// The name of a level.
pub(super) fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

impl RuleTable {
    pub(super) fn new(report: &Report) -> RuleTable {
        let mut rules: BTreeMap<RuleId, usize> =
            report.findings().map(|finding| (finding.rule, 0)).collect();
        for (index, of_rule) in rules.values_mut().enumerate() {
            *of_rule = index;
        }
        RuleTable(rules)
    }

    /// The place of a rule that spoke.
    pub(super) fn index(&self, rule: RuleId) -> usize {
        self.0.get(&rule).copied().unwrap_or_default()
    }

    pub(super) fn driver(&self) -> Driver {
        let version = env!("CARGO_PKG_VERSION");
        Driver {
            name: env!("CARGO_PKG_NAME"),
            version,
            semantic_version: version,
            information_uri: REPOSITORY,
            rules: self.0.keys().map(|rule| Descriptor::new(*rule)).collect(),
        }
    }
}

impl Descriptor {
    fn new(id: RuleId) -> Descriptor {
        let rule = id.meta();
        let (text, markdown) = (page_text(rule), page_markdown(rule));
        let summary = rule.summary;
        let first = markdown
            .split("\n\n")
            .map(str::trim)
            .find(|part| !part.is_empty());
        let first = first.map(|part| part.replace('\n', " "));
        Descriptor {
            id: rule.name,
            name: camel_case(rule.name),
            short_description: Text { text: cut(summary) },
            full_description: Text {
                text: cut(first.as_deref().unwrap_or(summary)),
            },
            help: Help {
                text: or_summary(text, summary),
                markdown: or_summary(markdown, summary),
            },
            help_uri: id.url(),
            default_configuration: Configuration {
                level: level_name(rule.level),
            },
            properties: Properties::new(rule),
        }
    }
}

/// What is empty counts as missing.
fn or_summary(text: String, summary: &str) -> String {
    match text.trim().is_empty() {
        true => summary.to_owned(),
        false => text,
    }
}

impl Properties {
    fn new(rule: &Rule) -> Properties {
        let is_security = rule.group == Group::Security;
        Properties {
            tags: vec![rule.group.name(), "cloudfront"],
            precision: match rule.confidence {
                Confidence::Verified => "very-high",
                Confidence::Documented => "high",
                Confidence::Inferred => "medium",
            },
            severity: match rule.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Info => "recommendation",
            },
            // Within GitHub's bands for high, medium and low.
            security_severity: is_security.then_some(match rule.level {
                Level::Error => "8.0",
                Level::Warning => "5.5",
                Level::Info => "2.0",
            }),
        }
    }
}

/// `quantity-mismatch` as `QuantityMismatch`: the format wants a name that is not the id.
fn camel_case(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    };
    words.map(word).collect()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_DESCRIPTION) {
        None => text.to_owned(),
        Some(_) => text
            .chars()
            .take(LONGEST_DESCRIPTION - 1)
            .chain(['…'])
            .collect(),
    }
}
