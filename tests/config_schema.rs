//! The JSON Schema of configurations is up to date, is a schema, and takes what the program takes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use boon::{Compiler, SchemaIndex, Schemas};
use cloudfront_lint::config::{Config, json_schema};
use cloudfront_lint::{Group, OPTIONS, RULES, Source};
use serde_json::{Value, json};

const NAME: &str = "cloudfront-lint.schema.json";

#[test]
fn it_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(NAME);
    let wanted = format!("{:#}\n", json_schema());
    if fs::read_to_string(&path).is_ok_and(|text| text == wanted) {
        return;
    }
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        fs::write(&path, wanted).unwrap();
        return;
    }
    panic!(
        "{NAME} differs from the keys; write it again with\n\n    UPDATE_GENERATED=1 cargo test --test config_schema\n"
    );
}

/// The schema; compiling holds it to that of schemas.
static SCHEMA: LazyLock<(Schemas, SchemaIndex)> = LazyLock::new(|| {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource(NAME, json_schema()).unwrap();
    let index = compiler.compile(NAME, &mut schemas).unwrap();
    (schemas, index)
});

/// As an editor hands it to a schema: dates are strings.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
        toml::Value::Datetime(date) => json!(date.to_string()),
        toml::Value::Array(items) => items.iter().map(as_json).collect(),
        toml::Value::Table(table) => {
            let entries = table
                .iter()
                .map(|(key, value)| (key.clone(), as_json(value)));
            Value::Object(entries.collect())
        }
    }
}

/// What the schema and the program say.
fn verdicts(text: &str) -> (Result<(), String>, Result<(), String>) {
    let (schemas, index) = &*SCHEMA;
    let value = as_json(&toml::Value::Table(text.parse().unwrap()));
    let of_schema = schemas
        .validate(&value, *index)
        .map_err(|error| error.to_string());
    let source = Arc::new(Source::from_bytes("cloudfront-lint.toml", text.into()));
    let of_program = Config::read(source, "/").map(|_| ()).map_err(|findings| {
        let messages: Vec<String> = findings.into_iter().map(|f| f.message).collect();
        messages.join("\n")
    });
    (of_schema, of_program)
}

#[test]
fn both_take_the_examples() {
    let mut count = 0;
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/config");
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(verdicts(&text), (Ok(()), Ok(())), "{}", path.display());
        count += 1;
    }
    assert!(count >= 3, "the examples are gone");
}

#[test]
fn both_know_every_name() {
    let rules = RULES.iter().map(|rule| rule.name);
    for name in rules
        .chain(Group::ALL.map(Group::name))
        .chain(["all", "acme/one"])
    {
        for text in [
            format!("select = [{name:?}]"),
            format!("rules.{name:?} = \"error\""),
        ] {
            // Of one's own rules it is known only later whether there are any.
            if !name.contains('/') {
                assert_eq!(verdicts(&text).1, Ok(()), "{text}");
            }
            assert_eq!(verdicts(&text).0, Ok(()), "{text}");
        }
    }
    for option in &OPTIONS {
        let text = format!("options.{} = {}", option.name, option.default);
        assert_eq!(verdicts(&text), (Ok(()), Ok(())), "{text}");
    }
}

#[test]
fn both_refuse_mistakes() {
    for text in [
        "presett = \"strict\"",
        "preset = \"stric\"",
        "fail-on = \"warn\"",
        "fail-on = 1",
        "api-version = 2020-05-30",
        "operation = \"delete\"",
        "select = \"schema\"",
        "select = [\"schemas\"]",
        "exclude = [1]",
        "rules = { quantity-mismach = \"error\" }",
        "rules = { quantity-mismatch = \"fatal\" }",
        "rules = { quantity-mismatch = 1 }",
        "options = { max-origin = 1 }",
        "options = { max-origins = -1 }",
        "options = { max-origins = 1.5 }",
        "limits = { max-size = \"1\" }",
        "limits = { max-width = 1 }",
        "require-reason = \"yes\"",
        "baseline = \"\"",
        "policies = [\"\"]",
        "[[ignore]]\nrule = \"quantity-mismatch\"\nreason = \"\"",
        "override = { files = [] }",
        "[[override]]\nfail-on = \"error\"",
        "[[override]]\nfiles = [\"a\"]\nexclude = [\"b\"]",
        "[[ignore]]\nreason = \"x\"",
        "[[ignore]]\nrule = \"service\"",
        "[[ignore]]\nrule = \"quantity-mismatch\"\nuntil = \"soon\"",
    ] {
        let (of_schema, of_program) = verdicts(text);
        assert!(of_program.is_err(), "the program takes {text}");
        // Formats are hints to a schema.
        if !text.contains("soon") {
            assert!(of_schema.is_err(), "the schema takes {text}");
        }
    }
}
