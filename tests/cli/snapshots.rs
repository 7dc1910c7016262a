//! What people read, as they read it.

use std::path::Path;

use crate::support::{Lint, Run, brief_formats};

/// A run in the directory of the project.
fn lint(arguments: &[&str]) -> Run {
    Lint::new(Path::new(env!("CARGO_MANIFEST_DIR")), arguments).run()
}

pub(crate) fn snapshot(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn pages() {
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help_check", &["check", "--help"]),
        ("help_check_short", &["check", "-h"]),
        ("help_completions", &["completions", "--help"]),
        ("help_man", &["man", "--help"]),
        ("help_diff", &["diff", "--help"]),
        ("rules", &["rules"]),
        ("explain_rule", &["explain", "quantity-mismatch"]),
        ("explain_error", &["explain", "InconsistentQuantities"]),
        ("explain_price_class", &["explain", "PriceClass"]),
        (
            "explain_viewer_protocol_policy",
            &["explain", "ViewerProtocolPolicy"],
        ),
        ("schema", &["schema"]),
        (
            "schema_invalidation_batch",
            &["schema", "InvalidationBatch"],
        ),
        (
            "schema_invalidation_batch_json",
            &[
                "schema",
                "InvalidationBatch",
                "--format=json",
                "--api-version=2010-11-01",
            ],
        ),
    ] {
        snapshot(name, &lint(arguments).status(0).normalised());
    }
}

#[test]
fn tour() {
    for format in brief_formats() {
        let run = lint(&["check", "testdata/tour", "-o", format]).status(1);
        snapshot(&format!("tour_{format}"), &run.normalised());
    }
}

/// Every mistake in XML that there is a document for, in one line each.
#[test]
fn malformed() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/syntax");
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".xml") && !name.starts_with("ok-"))
        .map(|name| format!("testdata/syntax/{name}"))
        .collect();
    names.sort();
    let mut arguments = vec!["check", "-o=concise"];
    arguments.extend(names.iter().map(String::as_str));
    let run = lint(&arguments).status(1);
    for name in &names {
        assert!(
            run.stdout.contains(&format!("{name}:")),
            "nothing about {name}"
        );
    }
    snapshot("malformed", &run.normalised());
}
