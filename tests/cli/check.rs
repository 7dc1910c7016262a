//! `check`: standard input, levels, summaries, colours.

use crate::documents::{CLEAN, DISTRIBUTION, ERROR, MALFORMED, WARNING};
use crate::support::{FOR_PEOPLE, Lint, Sandbox, formats};

#[test]
fn standard_input() {
    let sandbox = Sandbox::new();
    let stdin = |arguments: &[&str], text: &str| {
        sandbox
            .lint([&["check", "-o=concise"], arguments].concat())
            .stdin(text)
            .run()
    };
    stdin(&["-"], CLEAN).status(0);
    stdin(&["-"], ERROR)
        .status(1)
        .says("<stdin>:3:15: error: Quantity says 2");
    stdin(&["-", "--stdin-filename", "cdn/a.xml"], ERROR)
        .status(1)
        .says("cdn/a.xml:3:15: error:");
    stdin(&["-", "-"], ERROR)
        .status(1)
        .complains("1 document checked: 1 error");
    stdin(&["-"], "").status(1).says("[empty-document]");
    stdin(&["-"], MALFORMED).status(1).says("[malformed-xml]");
    // Beside files, in the order of the names.
    sandbox.file("a.xml", ERROR).file("z.xml", ERROR);
    let run = stdin(&["z.xml", "-", "a.xml", "--stdin-filename=m.xml"], ERROR).status(1);
    let files: Vec<&str> = run.stdout.lines().map(|l| &l[..5]).collect();
    assert_eq!(files, ["a.xml", "m.xml", "z.xml"]);
    // A file of the same name is another document.
    stdin(&["a.xml", "-", "--stdin-filename=a.xml"], CLEAN)
        .status(1)
        .complains("2 documents checked: 1 error");
    // Escape sequences in the name are the caller's, but no terminal's.
    stdin(&["-", "--stdin-filename=\u{1b}[1mx"], ERROR)
        .status(1)
        .says("␛[1mx:3:15:");
}

#[test]
fn fail_on_each_level() {
    let sandbox = Sandbox::with([
        ("clean.xml", CLEAN),
        ("error.xml", ERROR),
        ("warning.xml", WARNING),
    ]);
    let table = [
        ("error", [0, 1, 0]),
        ("warning", [0, 1, 1]),
        ("info", [0, 1, 1]),
        ("never", [0, 0, 0]),
    ];
    for (level, expected) in table {
        for (file, status) in ["clean.xml", "error.xml", "warning.xml"]
            .iter()
            .zip(expected)
        {
            for format in formats() {
                sandbox
                    .check(&[file, "--fail-on", level, "-o", format])
                    .status(status);
            }
        }
    }
}

#[test]
fn quiet() {
    let sandbox = Sandbox::with([("clean.xml", CLEAN), ("error.xml", ERROR)]);
    for format in formats() {
        let run = sandbox.check(&["clean.xml", "-q", "-o", format]).status(0);
        assert_eq!(run.stderr, "");
        // The others say that there is nothing.
        if FOR_PEOPLE.contains(&format) || format == "github" {
            assert_eq!(run.stdout, "");
        }
        let loud = sandbox.check(&["error.xml", "-o", format]).status(1);
        let quiet = sandbox
            .check(&["error.xml", "--quiet", "-o", format])
            .status(1);
        assert_eq!(quiet.stderr, "");
        // In Markdown the summary comes first.
        let quiet = quiet.stdout.trim_start_matches("### cloudfront-lint\n");
        match format {
            "markdown" => assert!(loud.stdout.ends_with(quiet)),
            _ => assert!(loud.stdout.starts_with(quiet)),
        }
        assert!(format!("{}{}", loud.stdout, loud.stderr).contains("1 document checked: 1 error"));
    }
    // Failures are no summary.
    sandbox
        .check(&["error.xml", "gone.xml", "-q"])
        .status(2)
        .complains("gone.xml");
}

#[test]
fn statistics() {
    let sandbox = Sandbox::with([
        ("a.xml", ERROR),
        ("b.xml", ERROR),
        ("c.xml", WARNING),
        ("d.xml", MALFORMED),
        ("clean/e.xml", CLEAN),
    ]);
    for format in formats() {
        let run = sandbox.check(&["--statistics", "-o", format]).status(1);
        if format == "json" {
            let json = run.json();
            assert_eq!(json["findings"].as_array().unwrap().len(), 4);
            let expected = serde_json::json!([
                {"rule": "quantity-mismatch", "level": "error", "count": 2},
                {"rule": "malformed-xml", "level": "error", "count": 1},
                {"rule": "missing-namespace", "level": "warning", "count": 1},
            ]);
            assert_eq!(json["statistics"], expected);
            continue;
        }
        if format == "markdown" {
            let run = run.says("\n| count | level | rule | summary |\n");
            run.says("\n| 2 | error | <code>quantity-mismatch</code> | ");
            continue;
        }
        if !FOR_PEOPLE.contains(&format) {
            let list = sandbox.check(&["-o", format]).status(1);
            assert_eq!(run.stdout, list.stdout);
            continue;
        }
        let lines: Vec<Vec<&str>> = run
            .stdout
            .lines()
            .take(4)
            .map(|line| line.split_whitespace().take(3).collect())
            .collect();
        assert_eq!(
            lines,
            [
                ["count", "level", "rule"],
                ["2", "error", "quantity-mismatch"],
                ["1", "error", "malformed-xml"],
                ["1", "warning", "missing-namespace"],
            ]
        );
        let clean = sandbox
            .check(&["clean", "--statistics", "-o", format])
            .status(0);
        assert!(!clean.stdout.contains("count"), "{clean:#?}");
    }
    assert!(
        sandbox
            .check(&["clean", "-o=json"])
            .json()
            .get("statistics")
            .is_none()
    );
}

#[test]
fn summaries_add_up() {
    let sandbox = Sandbox::with([("a.xml", ERROR), ("b.xml", WARNING), ("c.xml", CLEAN)]);
    sandbox
        .check(&["a.xml", "b.xml", "c.xml", "gone.xml"])
        .status(2)
        .says("3 documents checked, 1 input could not be read: 1 error, 1 warning\n");
    let json = sandbox.check(&["-o=json"]).status(1).json();
    let summary = serde_json::json!({
        "documents": 3, "skipped": 0, "failed": 0, "error": 1, "warning": 1, "info": 0,
        "suppressed": 0, "baselined": 0,
    });
    assert_eq!(json["summary"], summary);
    assert_eq!(json["version"], 1);
    assert_eq!(json["tool"]["name"], "cloudfront-lint");
    let finding = &json["findings"][0];
    assert_eq!(finding["file"], "a.xml");
    assert_eq!(finding["element"], "/InvalidationBatch/Paths/Quantity");
    assert_eq!(finding["api_error"]["code"], "InconsistentQuantities");
    let start = &finding["span"]["start"];
    assert_eq!((&start["line"], &start["column"]), (&3.into(), &15.into()));
    let offset = start["offset"].as_u64().unwrap() as usize;
    assert_eq!(&ERROR[offset..=offset], "2");
}

#[test]
fn api_version() {
    let old = "2010-11-01";
    let sandbox = Sandbox::with([
        ("new.xml", CLEAN),
        (
            "old.xml",
            "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2010-11-01/\">
<Path>/a</Path><CallerReference>r</CallerReference></InvalidationBatch>",
        ),
    ]);
    sandbox.check(&["."]).status(0);
    sandbox.check(&["old.xml", "--api-version", old]).status(0);
    sandbox.check(&["new.xml", "--api-version", old]).status(1);
    sandbox
        .check(&["old.xml", "--api-version", "2020-05-31", "-o=concise"])
        .status(1)
        .says("missing Paths");
    sandbox
        .check(&["old.xml", "--api-version", "2011-01-01"])
        .status(2)
        .complains("the nearest are 2010-11-01 and 2012-03-15");
    sandbox
        .check(&["old.xml", "--api-version", "latest"])
        .status(2);
}

#[test]
fn colours() {
    const ESCAPE: char = '\u{1b}';
    let sandbox = Sandbox::with([("error.xml", ERROR)]);
    let lint = |arguments: &[&str]| -> Lint {
        sandbox.lint([&["check", "error.xml"], arguments].concat())
    };
    for format in formats() {
        let out = |lint: Lint| lint.run().status(1).stdout.contains(ESCAPE);
        let coloured = FOR_PEOPLE.contains(&format);
        // A pipe is no terminal.
        assert!(!out(lint(&["-o", format])));
        assert!(!out(lint(&["-o", format]).env("TERM", "xterm-256color")));
        assert!(!out(lint(&["-o", format, "--color=never"])));
        assert_eq!(out(lint(&["-o", format, "--color=always"])), coloured);
        assert_eq!(
            out(lint(&["-o", format]).env("CLICOLOR_FORCE", "1")),
            coloured
        );
        // The flag is nearer than the environment.
        let never = lint(&["-o", format, "--color=never"]).env("CLICOLOR_FORCE", "1");
        assert!(!out(never));
        let always = lint(&["-o", format, "--color=always"]).env("NO_COLOR", "1");
        assert_eq!(out(always), coloured);
        assert!(!out(lint(&["-o", format]).env("NO_COLOR", "1")));
        // A file gets colours only if asked for.
        let target = format!("{format}=out");
        lint(&["-o", &target]).env("CLICOLOR_FORCE", "1").run();
        assert!(!sandbox.read("out").contains(ESCAPE));
        lint(&["-o", &target, "--color=always"]).run();
        assert_eq!(sandbox.read("out").contains(ESCAPE), coloured);
    }
    sandbox.check(&["error.xml", "--color=sometimes"]).status(2);
}

/// What a document says never steers a terminal.
#[test]
fn control_characters_in_values() {
    let texts = [
        "a&#x9b;31mb",
        "a\u{9b}31mb",
        "a\u{202e}b\u{2066}c\u{2069}",
        "##[error]a",
        "\n::error::a\n",
        "a\u{200b}b\u{feff}c",
    ];
    let sandbox = Sandbox::new();
    for text in texts {
        sandbox.file(
            "a.xml",
            format!("{DISTRIBUTION}<Enabled>{text}</Enabled><PriceClass>{text}</PriceClass></DistributionConfig>"),
        );
        for format in formats() {
            let run = sandbox.check(&["a.xml", "-o", format]).status(1);
            let odd = |c: char| {
                (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2066}' | '\u{feff}')
            };
            assert!(!run.stdout.contains(odd), "{format} {text:?} {run:#?}");
            let ours = |line: &&str| format == "github" && line.starts_with("::error file=a.xml,");
            assert!(
                !run.stdout
                    .lines()
                    .filter(|line| !ours(line))
                    .any(|line| line.trim_start().starts_with("::")),
                "{format} {text:?} {run:#?}"
            );
            assert!(!run.stdout.contains("##["), "{format} {text:?} {run:#?}");
        }
    }
    // ESC itself is not allowed in XML.
    sandbox.file(
        "a.xml",
        format!("{DISTRIBUTION}<Comment>\u{1b}[31m</Comment></DistributionConfig>"),
    );
    for format in formats() {
        let run = sandbox
            .check(&["a.xml", "-o", format])
            .status(1)
            .says("invalid-character");
        assert!(!run.stdout.contains('\u{1b}'));
    }
}
