//! The JSON Schema of a configuration, made from the table of keys.

use serde_json::{Map, Value, json};

use super::keys::{FILE, Key, Kind};
use super::layer::Limit;
use super::preset::PRESETS;
use crate::limits::Limits;
use crate::rule::{Group, OPTIONS, Operation, RULES};
use crate::schema::ApiVersion;
use crate::triage::FailOn;

/// The JSON Schema of `cloudfront-lint.toml`, for editors. It stands in the repository as `cloudfront-lint.schema.json`.
pub fn json_schema() -> Value {
    let mut schema = table(FILE);
    if let Some(members) = schema.as_object_mut() {
        let head = [
            ("$schema", json!("http://json-schema.org/draft-07/schema#")),
            ("title", json!("cloudfront-lint.toml")),
            ("description", json!("Configuration of cloudfront-lint")),
            ("definitions", definitions()),
        ];
        members.extend(head.map(|(name, value)| (name.to_owned(), value)));
    }
    schema
}

/// What several keys refer to.
fn definitions() -> Value {
    let rules = || RULES.iter().map(|rule| described(rule.name, rule.summary));
    let groups = Group::ALL.iter().map(|group| {
        let words = format!("All rules of the group {group}");
        described(group.name(), &words)
    });
    let mut selectors = vec![described("all", "All rules")];
    selectors.extend(groups);
    selectors.extend(rules());
    let policy = json!({"pattern": "^[^/]+/[^/]+$", "description": "A rule of your own"});
    selectors.push(policy.clone());
    let mut rules: Vec<Value> = rules().collect();
    rules.push(policy);
    json!({
        "rule": {"type": "string", "anyOf": rules},
        "selector": {"type": "string", "anyOf": selectors},
        "level": {"enum": ["error", "warning", "info", "off"]},
        "levels": levels(),
        "options": numbers(OPTIONS.iter().map(|option| {
            let meaning = format!("A number of the rule {}", option.rule);
            (option.name, Some(meaning), json!(option.default))
        })),
        "limits": numbers(Limit::ALL.into_iter().map(|limit| {
            let default = json!(limit.get(&Limits::default()));
            (limit.name(), None, default)
        })),
    })
}

/// One word with its meaning.
fn described(word: &str, meaning: &str) -> Value {
    json!({"const": word, "description": meaning})
}

fn table(keys: &[&[Key]]) -> Value {
    let all = || keys.iter().copied().flatten();
    let properties: Map<String, Value> = all()
        .map(|key| (key.name.to_owned(), property(key)))
        .collect();
    let required: Vec<&str> = all()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    let mut table = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        table["required"] = json!(required);
    }
    table
}

fn property(key: &Key) -> Value {
    let mut property = of_kind(key.kind);
    property["description"] = json!(key.doc);
    property
}

/// A reference; what stands beside a bare one would not be read.
fn defined(name: &str) -> Value {
    json!({"allOf": [{"$ref": format!("#/definitions/{name}")}]})
}

fn of_kind(kind: Kind) -> Value {
    let strings = || json!({"type": "array", "items": {"type": "string"}});
    let words = |words: Vec<&str>| json!({"enum": words});
    match kind {
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Text => json!({"type": "string", "minLength": 1}),
        Kind::Place => json!({"type": "string"}),
        Kind::Texts => json!({"type": "array", "items": {"type": "string", "minLength": 1}}),
        Kind::Paths | Kind::Placeholders => strings(),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::Preset => {
            let presets = PRESETS.iter();
            json!({"oneOf": presets.map(|p| described(p.name, p.summary)).collect::<Vec<_>>()})
        }
        Kind::FailOn => words(FailOn::ALL.iter().map(|f| f.name()).collect()),
        // A date without quotes is a string to a schema, too.
        Kind::ApiVersion => words(ApiVersion::all().map(ApiVersion::date).collect()),
        Kind::Operation => words(Operation::ALL.iter().map(|o| o.name()).collect()),
        Kind::Rule => defined("rule"),
        Kind::Selectors => {
            json!({"type": "array", "items": {"$ref": "#/definitions/selector"}})
        }
        Kind::Levels => defined("levels"),
        Kind::Options => defined("options"),
        Kind::Limits => defined("limits"),
        Kind::Tables(keys) => json!({"type": "array", "items": table(keys)}),
    }
}

/// Names of rules and groups as keys, so that an editor offers them.
fn levels() -> Value {
    let level = |meaning: String| json!({"allOf": [{"$ref": "#/definitions/level"}], "description": meaning});
    let groups = Group::ALL
        .iter()
        .map(|group| (group.name(), format!("All rules of the group {group}")));
    let rules = RULES
        .iter()
        .map(|rule| (rule.name, rule.summary.to_owned()));
    let all = [("all", "All rules".to_owned())];
    let properties: Map<String, Value> = all
        .into_iter()
        .chain(groups)
        .chain(rules)
        .map(|(name, meaning)| (name.to_owned(), level(meaning)))
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "patternProperties": {"^[^/]+/[^/]+$": {"$ref": "#/definitions/level"}},
        "additionalProperties": false,
    })
}

fn numbers(numbers: impl Iterator<Item = (&'static str, Option<String>, Value)>) -> Value {
    let properties: Map<String, Value> = numbers
        .map(|(name, meaning, default)| {
            let mut number = json!({"type": "integer", "minimum": 0, "default": default});
            if let Some(meaning) = meaning {
                number["description"] = json!(meaning);
            }
            (name.to_owned(), number)
        })
        .collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}
