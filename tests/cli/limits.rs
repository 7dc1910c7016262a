//! Each limit with a document just at it, and one just over it.

use crate::documents::CLEAN;
use crate::support::{Sandbox, formats};

/// The document passes with this limit, and exceeds the one below it.
#[track_caller]
fn holds(document: &str, flag: &str, limit: usize) {
    let sandbox = Sandbox::with([("a.xml", document)]);
    for format in formats() {
        let run = sandbox.check(&["a.xml", flag, &limit.to_string(), "-o", format]);
        assert!(!run.stdout.contains("limit-exceeded"), "{run:#?}");
        sandbox
            .check(&["a.xml", flag, &(limit - 1).to_string(), "-o", format])
            .status(1)
            .says("limit-exceeded")
            // What to do.
            .says(if format == "concise" { "" } else { flag });
    }
}

#[test]
fn size() {
    holds(CLEAN, "--max-size", CLEAN.len());
    // Standard input does not say how long it is.
    let sandbox = Sandbox::new();
    let stdin = |limit: usize| {
        sandbox
            .lint(["check", "-", "--max-size", &limit.to_string()])
            .stdin(CLEAN)
            .run()
    };
    stdin(CLEAN.len()).status(0);
    stdin(CLEAN.len() - 1).status(1).says("limit-exceeded");
}

/// A large file met while walking is a finding if it is meant for CloudFront, and none if not.
#[test]
fn size_of_walked_files() {
    let sandbox = Sandbox::with([
        ("a.xml", CLEAN),
        ("d/pom.xml", "<project>          </project>"),
    ]);
    for format in formats() {
        sandbox
            .check(&[".", "--max-size=20", "-o", format])
            .status(1)
            .says("limit-exceeded");
    }
    sandbox
        .check(&[".", "--max-size=20"])
        .says("1 document checked, 1 file without CloudFront XML skipped: 1 error");
    sandbox.check(&["d", "--max-size=20"]).status(2);
    sandbox
        .check(&["d/pom.xml", "--max-size=20"])
        .status(1)
        .says("limit-exceeded");
    sandbox
        .check(&["d/pom.xml", "--max-size=20", "--skip-foreign"])
        .status(0);
}

#[test]
fn depth() {
    // InvalidationBatch, Paths, Items, Path.
    holds(CLEAN, "--max-depth", 4);
}

#[test]
fn attributes() {
    let document = CLEAN.replace("<Paths>", r#"<Paths a="1" b="2" c="3">"#);
    holds(&document, "--max-attributes", 3);
}

#[test]
fn namespaces() {
    let document = CLEAN
        .replace("<Paths>", r#"<Paths xmlns:a="a">"#)
        .replace("<Items>", r#"<Items xmlns:b="b">"#);
    holds(&document, "--max-namespaces", 3);
}

#[test]
fn nodes() {
    // Six elements.
    let line: String = CLEAN.lines().map(str::trim).collect();
    holds(&line, "--max-nodes", 6);
    let commented = line.replace("<Items>", "<!-- a --><?b?><Items>");
    holds(&commented, "--max-nodes", 8);
}

#[test]
fn numbers_at_the_edge() {
    let sandbox = Sandbox::with([("a.xml", CLEAN)]);
    let flags = [
        "--max-size",
        "--max-depth",
        "--max-attributes",
        "--max-namespaces",
        "--max-nodes",
    ];
    for flag in flags {
        sandbox
            .check(&["a.xml", flag, &u64::MAX.to_string()])
            .status(0);
        sandbox.check(&["a.xml", flag, "0"]).status(1);
        sandbox.check(&["a.xml", &format!("{flag}=-1")]).status(2);
        sandbox
            .check(&["a.xml", flag, "18446744073709551616"])
            .status(2);
    }
}
