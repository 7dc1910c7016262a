//! Turns the rule book in `rules/` into static tables, so that the program parses nothing when it starts.

// What a build script prints is how it talks to cargo.
#![allow(clippy::print_stdout)]

mod rules;
mod schema;

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=rules");
    let schema = schema::load(Path::new("rules/schema"));
    let dates: Vec<String> = match &schema {
        Ok(schema) => schema.versions.iter().map(|v| v.date.clone()).collect(),
        Err(_) => Vec::new(),
    };
    let rules = rules::compile(Path::new("rules"), &dates);
    // With a broken schema every version in a rule file would look unknown.
    if schema.is_ok() {
        write("rules.rs", rules);
    }
    write("schema.rs", schema.map(|schema| schema::emit(&schema)));
}

/// Writes a table, or shows every mistake: cargo fails the build when the script has ended.
fn write(name: &str, compiled: Result<String, Vec<schema::Mistake>>) {
    let mistakes = match compiled {
        Ok(text) => {
            let dir = env::var_os("OUT_DIR").unwrap_or_default();
            let written = fs::write(Path::new(&dir).join(name), text);
            written
                .err()
                .map(|error| format!("cannot write {name}: {error}"))
                .into_iter()
                .collect()
        }
        Err(mistakes) => mistakes.iter().map(ToString::to_string).collect::<Vec<_>>(),
    };
    for mistake in mistakes {
        println!("cargo::error={mistake}");
    }
}
