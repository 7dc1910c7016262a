//! Updates, as people meet them: `testdata/update/<scenario>/` holds the older document, the newer one, and what is said.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Lint, Run};

const FOLDER: &str = "testdata/update";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER)
}

/// The scenarios, sorted.
fn scenarios() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn lint(scenario: &str, arguments: &[&str]) -> Run {
    Lint::new(&folder().join(scenario), arguments).run()
}

/// The command, how it ended, and what it printed.
fn told(scenario: &str, arguments: &[&str]) -> String {
    let run = lint(scenario, arguments);
    format!(
        "$ cloudfront-lint {}\n{}exit status {}\n",
        arguments.join(" "),
        run.normalised(),
        run.status
    )
}

#[test]
fn scenarios_say_what_is_expected() {
    let names = scenarios();
    assert!(names.len() >= 25, "{} scenarios", names.len());
    let mut wrong = Vec::new();
    for name in names {
        let told = [
            told(
                &name,
                &["check", "new.xml", "--against", "old.xml", "-o", "concise"],
            ),
            told(&name, &["diff", "old.xml", "new.xml"]),
        ];
        let told = told.join("\n");
        let path = folder().join(&name).join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &told).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if expected.replace("\r\n", "\n") != told {
            wrong.push(format!("{name}:\n{told}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} scenarios of {FOLDER} say something else (BLESS=1 accepts that):\n\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn no_secret_is_shown() {
    for format in ["pretty", "markdown", "json"] {
        let run = lint(
            "changed-secret",
            &["diff", "old.xml", "new.xml", "-o", format],
        )
        .status(1);
        assert!(run.stdout.contains("HeaderValue"), "{run:#?}");
        assert!(!run.stdout.contains("top-secret"), "{run:#?}");
    }
    for format in ["pretty", "concise", "json"] {
        let run = lint(
            "changed-secret",
            &["check", "new.xml", "--against", "old.xml", "-o", format],
        );
        assert!(!run.stdout.contains("top-secret"), "{run:#?}");
    }
}
