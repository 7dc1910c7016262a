//! The exit status of every outcome, in every format.

use std::fs::File;

use crate::documents::{CLEAN, ERROR, FOREIGN, MALFORMED, WARNING};
use crate::support::{Lint, Run, Sandbox, formats};

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with([
        ("clean.xml", CLEAN),
        ("error.xml", ERROR),
        ("warning.xml", WARNING),
        ("malformed.xml", MALFORMED),
        ("foreign.xml", FOREIGN),
        ("foreign/pom.xml", FOREIGN),
    ]);
    sandbox.directory("empty");
    #[cfg(unix)]
    sandbox
        .link("nowhere", "dangling.xml")
        .link("loop.xml", "loop.xml");
    sandbox
}

/// Arguments, exit status.
const TABLE: &[(&[&str], i32)] = &[
    (&["clean.xml"], 0),
    (&["error.xml"], 1),
    (&["clean.xml", "error.xml"], 1),
    (&["warning.xml"], 0),
    (&["warning.xml", "--fail-on", "warning"], 1),
    (&["error.xml", "--fail-on", "never"], 0),
    (&["malformed.xml"], 1),
    (&["foreign.xml"], 1),
    (&["foreign.xml", "--skip-foreign"], 0),
    (&["empty"], 2),
    (&["foreign"], 2),
    (&["empty", "--allow-empty"], 0),
    (&["foreign", "--allow-empty"], 0),
    (&["gone.xml"], 2),
    (&["gone.xml", "--allow-empty"], 2),
    (&["gone.xml", "--fail-on", "never"], 2),
    (&["clean.xml", "gone.xml"], 2),
    (&["error.xml", "gone.xml"], 2),
    (&["clean.xml/b.xml"], 2),
    (&["error.xml", "--against", "gone.xml"], 2),
    (&["error.xml", "--against", "malformed.xml"], 2),
    (&["error.xml", "--files-from", "gone.txt"], 2),
    (&["error.xml", "--files-from", "empty"], 2),
    (&["error.xml", "--no-such-flag"], 2),
    (&["error.xml", "--select", "no-such-rule"], 2),
    (&["error.xml", "--ignore", "no-such-rule"], 2),
    (&["error.xml", "--ignore", "quantity-mismatch"], 0),
    (&["error.xml", "--fail-on", "sometimes"], 2),
    (&["error.xml", "--api-version", "2020-05-32"], 2),
    (&["error.xml", "--output", "no-such-format"], 2),
    (&["error.xml", "--output", "json=gone/out.json"], 2),
    (&["error.xml", "--max-depth", "many"], 2),
];

#[test]
fn every_outcome_in_every_format() {
    let sandbox = sandbox();
    for (arguments, expected) in TABLE {
        for format in formats() {
            // A second --output, where the case has one of its own, goes to a file.
            let output = match arguments.contains(&"--output") {
                true => format!("--output={format}=out"),
                false => format!("--output={format}"),
            };
            let run = sandbox.check(&[arguments, &[&output[..]][..]].concat());
            assert_eq!(run.status, *expected, "{arguments:?} {format}: {run:#?}");
            assert_eq!(
                run.status == 2,
                run.stderr.contains("error: "),
                "exit status 2 has a reason, no other does: {arguments:?} {format}: {run:#?}"
            );
        }
    }
}

#[test]
fn a_failed_input_does_not_hide_the_findings_of_others() {
    let sandbox = sandbox();
    for format in formats() {
        let run = sandbox
            .check(&["error.xml", "gone.xml", "malformed.xml", "--output", format])
            .status(2)
            .complains("error: gone.xml: no such file or directory");
        for rule in ["quantity-mismatch", "malformed-xml"] {
            assert!(run.stdout.contains(rule), "{format}: {run:#?}");
        }
    }
    let json = sandbox
        .check(&["error.xml", "gone.xml", "--output=json"])
        .json();
    assert_eq!(json["summary"]["documents"], 1);
    assert_eq!(json["summary"]["failed"], 1);
    assert_eq!(json["summary"]["error"], 1);
    assert_eq!(json["errors"][0]["file"], "gone.xml");
    assert_eq!(json["errors"][0]["message"], "no such file or directory");
}

/// What nobody can read, not even root.
#[cfg(unix)]
#[test]
fn unreadable_inputs() {
    let sandbox = sandbox();
    sandbox.file("list.txt", "error.xml\nclean.xml/below.xml\n");
    let cases: [(&[&str], &str); 4] = [
        (&["dangling.xml"], "error: dangling.xml: no such file"),
        (&["loop.xml"], "error: loop.xml: too many levels"),
        (&["clean.xml/below.xml"], "below.xml: not a directory"),
        (&["--files-from=list.txt"], "below.xml: not a directory"),
    ];
    for (arguments, message) in cases {
        for format in formats() {
            sandbox
                .check(&[arguments, &["error.xml", "--output", format]].concat())
                .status(2)
                .complains(message)
                .says("quantity-mismatch");
        }
    }
}

#[cfg(unix)]
#[test]
fn files_without_permission() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    let sandbox = sandbox();
    sandbox.file("locked/closed.xml", CLEAN);
    let set = |path: &str, mode| {
        fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    set("locked/closed.xml", 0o000);
    // Permissions do not bind root.
    if fs::read(sandbox.path("locked/closed.xml")).is_err() {
        for format in formats() {
            for named in ["locked/closed.xml", "locked"] {
                sandbox
                    .check(&[named, "error.xml", "--output", format])
                    .status(2)
                    .complains("error: locked/closed.xml: permission denied")
                    .says("quantity-mismatch");
            }
        }
        set("locked", 0o000);
        sandbox
            .check(&[".", "--output=concise"])
            .status(2)
            .complains("error: locked: permission denied")
            .says("quantity-mismatch");
    }
    set("locked", 0o755);
    set("locked/closed.xml", 0o644);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_no_file() {
    let sandbox = sandbox();
    let made = std::process::Command::new("mkfifo")
        .arg(sandbox.path("pipe.xml"))
        .status();
    if made.is_ok_and(|status| status.success()) {
        sandbox
            .check(&["pipe.xml"])
            .status(2)
            .complains("pipe.xml: is not a regular file; use - to read from a pipe");
        // Met while walking, it is nothing that was meant.
        sandbox.check(&[".", "--quiet"]);
    }
}

/// A reader that goes away, as `head` does, changes nothing.
#[test]
fn closed_standard_output() {
    let sandbox = sandbox();
    let closed = |arguments: &[&str]| -> Run {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        sandbox.lint(arguments).stdout(writer).run()
    };
    for format in formats() {
        closed(&["check", "clean.xml", "-o", format]).status(0);
        closed(&["check", "error.xml", "-o", format]).status(1);
        closed(&["check", "error.xml", "gone.xml", "-o", format]).status(2);
    }
    for arguments in [
        &["rules"][..],
        &["rules", "--format=json"],
        &["schema", "DistributionConfig"],
        &["explain", "quantity-mismatch"],
        &["check", "clean.xml", "--show-files"],
    ] {
        let run = closed(arguments).status(0);
        assert_eq!(run.stderr, "", "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk() {
    let sandbox = sandbox();
    let full = |arguments: &[&str]| -> Run {
        let device = File::options().write(true).open("/dev/full").unwrap();
        sandbox.lint(arguments).stdout(device).run()
    };
    for format in formats() {
        full(&["check", "error.xml", "-o", format])
            .status(2)
            .complains("error: cannot write standard output: no space left on device");
        sandbox
            .check(&["error.xml", "-o", &format!("{format}=/dev/full")])
            .status(2)
            .complains("error: cannot write /dev/full: no space left on device");
    }
    // The other outputs are still written.
    sandbox
        .check(&[
            "error.xml",
            "-o=json=/dev/full",
            "-o=concise",
            "-o=pretty=out",
        ])
        .status(2)
        .says("error.xml:3:15: error:");
    assert!(sandbox.read("out").contains("quantity-mismatch"));
    for arguments in [
        &["rules"][..],
        &["schema"],
        &["explain", "PriceClass"],
        &["check", "clean.xml", "--show-files"],
    ] {
        full(arguments)
            .status(2)
            .complains("error: cannot write standard output: no space left on device");
    }
}

#[test]
fn usage() {
    let sandbox = sandbox();
    let run = |arguments: &[&str]| -> Run { sandbox.lint(arguments).run() };
    run(&[]).status(2);
    run(&["chekc"]).status(2).complains("check");
    run(&["check", "--ouptut", "json"])
        .status(2)
        .complains("--output");
    run(&["--version"])
        .status(0)
        .says(concat!("cloudfront-lint ", env!("CARGO_PKG_VERSION")));
    run(&["--help"]).status(0).says("Exit status:");
    for command in ["check", "rules", "explain", "schema"] {
        run(&[command, "--help"]).status(0).says("Usage:");
    }
}

/// Nothing of the caller's environment may change what a run says.
#[test]
fn the_environment_changes_nothing() {
    let sandbox = sandbox();
    let plain = || -> Lint { sandbox.lint(["check", "error.xml", "warning.xml"]) };
    let expected = plain().run().status(1).stdout;
    for (name, value) in [
        ("RUST_BACKTRACE", "full"),
        ("RUST_LOG", "trace"),
        ("CI", "true"),
        ("GITHUB_ACTIONS", "true"),
        ("LANG", "de_DE.ISO-8859-1"),
        ("COLUMNS", "20"),
        ("TERM", "xterm-256color"),
    ] {
        let run = plain().env(name, value).run().status(1);
        assert_eq!(run.stdout, expected, "{name}={value}");
    }
}
