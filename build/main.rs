//! Turns the rule book in `rules/` into static tables, so that the program parses nothing when it starts.

// What a build script prints is how it talks to cargo.
#![allow(clippy::print_stdout)]

mod checks;
mod facts;
mod messages;
mod presets;
mod rules;
mod schema;

// The grammar of checks, which the program also reads policies with.
#[path = "../src/policy/compile.rs"]
mod compile;
#[path = "../src/policy/model.rs"]
mod model;
#[path = "../src/policy/plan.rs"]
mod plan;
#[path = "../src/policy/reader.rs"]
mod reader;

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=rules");
    match schema::load(Path::new("rules/schema")) {
        Ok(schema) => {
            // With a broken schema every version and path in a rule file would look unknown.
            match rules::compile(Path::new("rules"), &schema) {
                Ok(compiled) => {
                    write("rules.rs", &compiled.rules);
                    write("checks.rs", &compiled.checks);
                    write("presets.rs", &compiled.presets);
                }
                Err(mistakes) => report(&mistakes),
            }
            write("schema.rs", &schema::emit(&schema));
        }
        Err(mistakes) => report(&mistakes),
    }
}

/// Writes a table.
fn write(name: &str, text: &str) {
    let dir = env::var_os("OUT_DIR").unwrap_or_default();
    if let Err(error) = fs::write(Path::new(&dir).join(name), text) {
        println!("cargo::error=cannot write {name}: {error}");
    }
}

/// Shows every mistake: cargo fails the build when the script has ended.
fn report(mistakes: &[schema::Mistake]) {
    for mistake in mistakes {
        println!("cargo::error={mistake}");
    }
}
