//! `--output`: where findings go.

use std::fs;

use crate::documents::{CLEAN, ERROR};
use crate::support::{Sandbox, formats};

#[test]
fn one_to_the_terminal_others_to_files() {
    let sandbox = Sandbox::with([("error.xml", ERROR)]);
    let arguments = [
        "error.xml",
        "-o",
        "json=out/report.json",
        "--output=concise",
        "-o=pretty=pretty.txt",
    ];
    let run = sandbox.check(&arguments).status(2);
    run.complains("error: cannot write out/report.json: no such directory: out");
    sandbox.directory("out");
    let run = sandbox
        .check(&arguments)
        .status(1)
        .says("error.xml:3:15: error:");
    assert_eq!(run.stdout.lines().count(), 1);
    let json: serde_json::Value = serde_json::from_str(&sandbox.read("out/report.json")).unwrap();
    assert_eq!(json["findings"][0]["rule"], "quantity-mismatch");
    assert!(sandbox.read("pretty.txt").contains("1 document checked"));
    // The file holds what standard output would.
    for format in formats() {
        let stdout = sandbox.check(&["error.xml", "-o", format]).status(1).stdout;
        let run = sandbox
            .check(&["error.xml", "-o", &format!("{format}=same")])
            .status(1);
        assert_eq!(run.stdout, "");
        assert_eq!(sandbox.read("same"), stdout);
        assert_eq!(
            run.stderr,
            "1 document checked: 1 error\n1 can be fixed with --fix --unsafe-fixes\n"
        );
    }
    // Nothing is left beside the files.
    let mut names: Vec<_> = fs::read_dir(sandbox.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["error.xml", "out", "pretty.txt", "same"]);
}

#[test]
fn contradictions() {
    let sandbox = Sandbox::with([("error.xml", ERROR), ("b/c", "")]);
    let table: [(&[&str], &str); 9] = [
        (
            &["-o=json", "-o=concise"],
            "only one --output can go to standard output",
        ),
        (
            &["-o=json", "-o=json"],
            "only one --output can go to standard output",
        ),
        (
            &["-o=json=a", "-o=concise=a"],
            "two --output name the same file, a",
        ),
        (
            &["-o=json=a", "-o=concise=./a"],
            "two --output name the same file, ",
        ),
        (
            &["-o=json=a", "-o=concise=b/../a"],
            "two --output name the same file, ",
        ),
        (
            &["-o=json=-", "-o=concise"],
            "only one --output can go to standard output",
        ),
        (&["-o=json="], "the file name is missing after ="),
        (
            &["-o="],
            "there are pretty, concise, json, sarif, github, gitlab, junit, checkstyle, rdjson and markdown",
        ),
        (&["-o=jsno"], "did you mean json?"),
    ];
    for (arguments, message) in table {
        sandbox
            .check(&[&["error.xml"], arguments].concat())
            .status(2)
            .complains(message);
        assert!(!sandbox.path("a").exists());
    }
}

#[cfg(unix)]
#[test]
fn a_file_is_replaced_and_keeps_its_mode() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let sandbox = Sandbox::with([
        ("error.xml", ERROR),
        ("clean.xml", CLEAN),
        ("out.json", "before"),
    ]);
    let out = sandbox.path("out.json");
    fs::set_permissions(&out, fs::Permissions::from_mode(0o640)).unwrap();
    let before = fs::metadata(&out).unwrap();
    // Somebody who has it open keeps what was there.
    let mut open = fs::File::open(&out).unwrap();
    sandbox.check(&["error.xml", "-o=json=out.json"]).status(1);
    let after = fs::metadata(&out).unwrap();
    assert_eq!(after.permissions().mode() & 0o777, 0o640);
    assert_ne!(after.ino(), before.ino());
    let mut text = String::new();
    std::io::Read::read_to_string(&mut open, &mut text).unwrap();
    assert_eq!(text, "before");
    assert!(sandbox.read("out.json").contains("quantity-mismatch"));
    // A new file has the mode of any new file.
    sandbox.file("other", "");
    sandbox.check(&["clean.xml", "-o=json=new.json"]).status(0);
    let mode = |name: &str| {
        fs::metadata(sandbox.path(name))
            .unwrap()
            .permissions()
            .mode()
    };
    assert_eq!(mode("new.json"), mode("other"));
    // A link stays a link.
    sandbox.link("out.json", "link.json");
    sandbox.check(&["clean.xml", "-o=json=link.json"]).status(0);
    assert!(sandbox.path("link.json").is_symlink());
    assert!(!sandbox.read("out.json").contains("quantity-mismatch"));
    sandbox.link("elsewhere.json", "dangling.json");
    sandbox
        .check(&["error.xml", "-o=json=dangling.json"])
        .status(1);
    assert!(sandbox.read("dangling.json").contains("quantity-mismatch"));
    // What is no file is written through.
    sandbox
        .check(&["error.xml", "-o=concise=/dev/null"])
        .status(1);
    let run = sandbox
        .check(&["error.xml", "-o=concise=/dev/stderr", "-q"])
        .status(1);
    assert!(run.stderr.starts_with("error.xml:3:15: error:"), "{run:#?}");
}

#[test]
fn targets_that_cannot_be_written() {
    let sandbox = Sandbox::with([("error.xml", ERROR)]);
    sandbox.directory("directory");
    for format in formats() {
        for (target, reason) in [
            ("gone/out", "no such directory: gone"),
            ("a/b/c/out", "no such directory: a/b/c"),
            ("directory", "is a directory"),
            ("error.xml/out", "not a directory"),
        ] {
            let run = sandbox
                .check(&["error.xml", "-o", &format!("{format}={target}")])
                .status(2);
            let message = format!("error: cannot write {target}: {reason}");
            // Systems word some reasons in their own way.
            let message = if cfg!(unix) {
                &message
            } else {
                "error: cannot write"
            };
            assert!(run.stderr.contains(message), "{run:#?}");
        }
    }
    assert_eq!(sandbox.read("error.xml"), ERROR);
}

#[test]
fn a_hyphen_is_standard_output() {
    let sandbox = Sandbox::with([("error.xml", ERROR)]);
    let plain = sandbox.check(&["error.xml", "-o=json"]).status(1);
    let run = sandbox.check(&["error.xml", "-o=json=-"]).status(1);
    assert_eq!(run.stdout, plain.stdout);
    assert!(!sandbox.path("-").exists());
}

#[test]
fn no_report_replaces_a_document() {
    let sandbox = Sandbox::with([("cdn/error.xml", ERROR), ("old.xml", CLEAN)]);
    sandbox.directory("out");
    for arguments in [
        &["cdn/error.xml", "-o=sarif=cdn/error.xml"][..],
        &["cdn", "-o=concise", "-o=sarif=out/../cdn/error.xml"],
        &["cdn", "--fix", "-o=json=./cdn/error.xml"],
        &["cdn", "--against=old.xml", "-o=json=old.xml"],
        &["cdn", "--primary=old.xml", "-o=json=old.xml"],
    ] {
        let run = sandbox.check(arguments).status(2);
        run.complains("error: --output would overwrite ");
        assert_eq!(sandbox.read("cdn/error.xml"), ERROR);
        assert_eq!(sandbox.read("old.xml"), CLEAN);
    }
    #[cfg(unix)]
    {
        sandbox.link("cdn/error.xml", "link");
        let run = sandbox.check(&["cdn", "-o=json=link"]).status(2);
        run.complains("error: --output would overwrite link, which is one of the documents");
    }
    // Reading it again is not checking it.
    sandbox.check(&["old.xml", "-o=json=report.xml"]).status(0);
    sandbox.check(&["old.xml", "-o=json=report.xml"]).status(0);
}

/// pre-commit splits a long list of files over several runs.
#[test]
fn a_part_of_a_report_is_told() {
    let sandbox = Sandbox::with([("cdn/error.xml", ERROR)]);
    let run = |path: &str| {
        let lint = sandbox.lint(["check", path, "-o=json=report.json"]);
        lint.env("PRE_COMMIT", "1").run().status(1).stderr
    };
    let told = "warning: report.json may hold a part of the findings";
    assert!(run("cdn/error.xml").starts_with(told));
    assert!(!run("cdn").contains(told));
}
