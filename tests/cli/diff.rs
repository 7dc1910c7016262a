//! `diff`: what differs, in each format, and how it ends.

use crate::documents::{CLEAN, MALFORMED};
use crate::snapshots::snapshot;
use crate::support::{Lint, Sandbox};

const FORMATS: [&str; 3] = ["pretty", "markdown", "json"];

/// A distribution with this inside.
fn config(inside: &str) -> String {
    format!(
        "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\n{inside}\n</DistributionConfig>\n"
    )
}

fn aliases(names: &[&str]) -> String {
    let items: String = names
        .iter()
        .map(|n| format!("<CNAME>{n}</CNAME>"))
        .collect();
    config(&format!(
        "<Aliases><Quantity>1</Quantity><Items>{items}</Items></Aliases>"
    ))
}

#[test]
fn the_status_says_whether_they_differ() {
    let sandbox = Sandbox::new();
    sandbox
        .file("one.xml", aliases(&["a.example.com", "b.example.com"]))
        .file("same.xml", aliases(&["B.example.com", "a.example.com"]))
        .file("other.xml", aliases(&["a.example.com"]));
    for format in FORMATS {
        let diff = |old, new| sandbox.lint(["diff", old, new, "-o", format]).run();
        diff("one.xml", "same.xml").status(0);
        let run = diff("one.xml", "other.xml").status(1).says("b.example.com");
        assert_eq!(run.stderr, "");
        sandbox
            .lint(["diff", "one.xml", "-", "-o", format])
            .stdin(aliases(&["a.example.com"]))
            .run()
            .status(1)
            .says("stdin");
        sandbox
            .lint([
                "diff",
                "-",
                "other.xml",
                "-o",
                format,
                "--stdin-filename=main.xml",
            ])
            .stdin(aliases(&["a.example.com"]))
            .run()
            .status(0)
            .says("main.xml");
    }
    let run = sandbox.lint(["diff", "one.xml", "same.xml", "-q"]).run();
    assert_eq!(run.status(0).stdout, "");
}

#[test]
fn what_cannot_be_read_fails() {
    let sandbox = Sandbox::new();
    sandbox
        .file("one.xml", CLEAN)
        .file("broken.xml", MALFORMED)
        .file("foreign.xml", "<html/>")
        .file(
            "answer.xml",
            "<DistributionList xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"/>",
        );
    for format in FORMATS {
        let diff = |old: &str, new: &str, complaint: &str| {
            let run = sandbox.lint(["diff", old, new, "-o", format]).run();
            let run = run.status(2).complains(complaint);
            assert_eq!(run.stdout, "");
        };
        diff(
            "gone.xml",
            "one.xml",
            "error: gone.xml: no such file or directory",
        );
        diff(
            "one.xml",
            "gone.xml",
            "error: gone.xml: no such file or directory",
        );
        diff(
            "broken.xml",
            "one.xml",
            "error: broken.xml: line 2, column 3: `<Paths>` is never closed",
        );
        diff(
            "one.xml",
            "foreign.xml",
            "error: foreign.xml: the root html is no CloudFront document",
        );
        diff(
            "answer.xml",
            "one.xml",
            "error: answer.xml: DistributionList is an answer of the API without a configuration to compare",
        );
        diff("-", "-", "error: standard input cannot be both documents");
    }
    // All that is wrong is said in one go.
    sandbox
        .lint(["diff", "gone.xml", "broken.xml"])
        .run()
        .status(2)
        .complains("gone.xml:")
        .complains("broken.xml:");
    sandbox
        .lint(["diff", "one.xml", "one.xml", "--max-size", "5"])
        .run()
        .status(2)
        .complains("one.xml: is larger than --max-size");
    sandbox
        .lint(["diff", "one.xml", "one.xml", "--format", "jsn"])
        .run()
        .status(2)
        .complains("did you mean json?");
}

#[test]
fn what_people_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/update");
    for format in FORMATS {
        let lint = Lint::new(
            &folder.join("lost-alias-and-lowered-tls"),
            ["diff", "old.xml", "new.xml", "-o", format],
        );
        snapshot(
            &format!("diff_{format}"),
            &lint.run().status(1).normalised(),
        );
    }
    let lint = Lint::new(
        &folder.join("clear-text"),
        ["diff", "old.xml", "new.xml", "--color=always"],
    );
    snapshot(
        "diff_colour",
        &lint.run().status(1).normalised().replace('\u{1b}', "␛"),
    );
}

#[test]
fn nothing_of_a_document_steers_the_output() {
    let sandbox = Sandbox::new();
    let hostile =
        "::error::x|y<!-- --><![CDATA[<img src=x>]]> @everyone `z`\n| new | row |\u{202E}";
    sandbox
        .file(
            "old.xml",
            config("<DefaultRootObject>index.html</DefaultRootObject>"),
        )
        .file(
            "new.xml",
            config(&format!("<DefaultRootObject>{hostile}</DefaultRootObject>")),
        );
    for format in FORMATS {
        let run = sandbox
            .lint(["diff", "old.xml", "new.xml", "-o", format])
            .run()
            .status(1);
        assert!(!run.stdout.contains('\u{202E}'), "{run:#?}");
        assert!(
            run.stdout
                .lines()
                .all(|line| !line.trim().starts_with("::")),
            "{run:#?}"
        );
        if format == "markdown" {
            assert!(
                !run.stdout.contains("<img") && !run.stdout.contains("@everyone"),
                "{run:#?}"
            );
            let bars = |line: &str| line.matches('|').count();
            let mut rows = run.stdout.lines().filter(|line| line.starts_with('|'));
            assert!(rows.all(|row| bars(row) == 5), "{run:#?}");
        }
    }
}

/// Long lists take time in their length, however they differ.
#[test]
fn long_lists() {
    let sandbox = Sandbox::new();
    let names = |range: std::ops::Range<usize>| -> Vec<String> {
        range.map(|n| format!("a{n}.example.com")).collect()
    };
    let text = |names: Vec<String>| {
        let items: String = names
            .iter()
            .map(|n| format!("<CNAME>{n}</CNAME>\n"))
            .collect();
        config(&format!(
            "<Aliases><Quantity>1</Quantity><Items>{items}</Items></Aliases>"
        ))
    };
    sandbox
        .file("old.xml", text(names(0..20_000)))
        .file("new.xml", text(names(10_000..30_000)));
    let run = sandbox.lint(["diff", "old.xml", "new.xml"]).run().status(1);
    assert!(
        run.stdout
            .ends_with("20000 differences: 10000 added, 10000 removed\n")
    );
    sandbox
        .check(&["new.xml", "--against", "old.xml", "-o=concise"])
        .says("[lost-alias]");
}
