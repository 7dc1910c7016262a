//! What shells, terminals and editors need besides findings.

use crate::snapshots::snapshot;
use crate::support::Sandbox;

const BROKEN: &str = "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\n\
    <!-- 🎉 --><Oops/></InvalidationBatch>\n";

#[test]
fn columns_count_what_the_editor_counts() {
    let sandbox = Sandbox::with([("a.xml", BROKEN)]);
    for (unit, place) in [
        ("characters", ":2:12:"),
        ("bytes", ":2:15:"),
        ("utf-16", ":2:13:"),
    ] {
        let arguments = ["a.xml", "-o", "concise", "--column-unit", unit];
        sandbox.check(&arguments).status(1).says(place);
    }
    sandbox
        .check(&["a.xml", "--column-unit", "pixels"])
        .status(2)
        .complains("[possible values: characters, bytes, utf-16]");
}

#[test]
fn timings_name_the_stages_and_the_slowest_files() {
    let sandbox = Sandbox::with([("a.xml", BROKEN), ("b.xml", BROKEN)]);
    let run = sandbox.check(&[".", "-q", "-o", "concise", "--timings"]);
    let words: Vec<String> = run
        .stderr
        .lines()
        .map(|line| {
            line.trim_start_matches(|c: char| !c.is_ascii_lowercase())
                .to_owned()
        })
        .collect();
    let stages = &words[..6];
    assert_eq!(
        stages,
        [
            "timings",
            "ms  finding files and configurations",
            "ms  reading and checking",
            "ms  comparing documents with each other",
            "ms  writing what was found",
            "ms  total",
        ]
    );
    assert_eq!(words[6], "slowest files");
    let mut files = words[7..].to_vec();
    files.sort();
    assert_eq!(files, ["ms  a.xml", "ms  b.xml"]);
    let plain = sandbox.check(&[".", "-q", "-o", "concise"]);
    assert_eq!((plain.stdout, plain.stderr.as_str()), (run.stdout, ""));
}

#[test]
fn a_man_page_that_is_not_there() {
    let sandbox = Sandbox::new();
    sandbox
        .lint(["man", "chekc"])
        .run()
        .status(2)
        .complains("error: no such command: chekc; did you mean check?");
    sandbox
        .lint(["man", "policy", "zzzzzzzz"])
        .run()
        .status(2)
        .complains("error: no such command: zzzzzzzz; expected test");
    sandbox
        .lint(["man", "check", "more"])
        .run()
        .status(2)
        .complains("error: cloudfront-lint-check has no commands");
}

#[test]
fn man_pages_are_written_into_a_directory() {
    let sandbox = Sandbox::with([("file", "")]);
    sandbox
        .lint(["man", "--directory", "share/man1"])
        .run()
        .status(0);
    let page = sandbox.read("share/man1/cloudfront-lint-policy-test.1");
    snapshot(
        "man_policy_test",
        &page.replace(env!("CARGO_PKG_VERSION"), "[VERSION]"),
    );
    sandbox
        .lint(["man", "--directory", "file/below"])
        .run()
        .status(2)
        .complains("cannot write file/below");
}

#[test]
fn a_list_of_files_takes_no_flag_that_it_would_ignore() {
    let sandbox = Sandbox::with([("a.xml", BROKEN)]);
    for flag in ["--timings", "--fix", "--diff", "--statistics", "-ojson"] {
        sandbox
            .check(&["a.xml", "--show-files", flag])
            .status(2)
            .complains("cannot be used with");
    }
    sandbox
        .check(&["--show-settings", "a.xml", "--timings"])
        .status(2)
        .complains("cannot be used with");
}

#[test]
fn completions_know_what_can_be_listed() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish"] {
        let run = sandbox.lint(["completions", shell]).run();
        for word in [
            "quantity-mismatch",
            "InconsistentQuantities",
            "2008-06-30",
            "CreateDistributionWithTags",
            "markdown",
            "never",
        ] {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
    }
}
