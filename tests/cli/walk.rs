//! Which files a run looks at.

use crate::documents::{CLEAN, ERROR, FOREIGN};
use crate::support::{Run, Sandbox, formats};

/// The files that `--show-files` lists.
#[track_caller]
fn shown(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let run = sandbox
        .check(&[arguments, &["--show-files"]].concat())
        .status(0);
    assert_eq!(run.stderr, "");
    run.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn directories_are_searched() {
    let sandbox = Sandbox::with([
        ("b.xml", CLEAN),
        ("a/deep/er/c.xml", ERROR),
        ("a/UPPER.XML", CLEAN),
        ("a/notes.txt", CLEAN),
        ("a/xml", CLEAN),
        ("a/.hidden.xml", CLEAN),
        ("a/.config/h.xml", CLEAN),
        ("é ü/ß.xml", CLEAN),
    ]);
    let all = [
        "a/.config/h.xml",
        "a/.hidden.xml",
        "a/UPPER.XML",
        "a/deep/er/c.xml",
        "b.xml",
        "é ü/ß.xml",
    ];
    assert_eq!(shown(&sandbox, &[]), all);
    assert_eq!(shown(&sandbox, &["."]), all);
    assert_eq!(shown(&sandbox, &["./"]), all);
    assert_eq!(shown(&sandbox, &["a/deep"]), ["a/deep/er/c.xml"]);
    assert_eq!(shown(&sandbox, &["a/deep/"]), ["a/deep/er/c.xml"]);
    // What is named is checked, whatever its name is.
    assert_eq!(shown(&sandbox, &["a/notes.txt"]), ["a/notes.txt"]);
    sandbox
        .check(&["--output=concise"])
        .status(1)
        .says("a/deep/er/c.xml:3:15: error:")
        .complains("6 documents checked: 1 error");
    // An absolute path is shown as it was given.
    let absolute = sandbox.path("a/deep").to_string_lossy().into_owned();
    let run = sandbox.check(&[&absolute, "--show-files"]).status(0);
    assert_eq!(run.normalised(), "[DIRECTORY]/a/deep/er/c.xml\n");
}

/// A file counts once, however often and in whatever way it is given.
#[test]
fn each_file_once() {
    let sandbox = Sandbox::with([("d/a.xml", ERROR), ("d/b.xml", CLEAN)]);
    let absolute = sandbox.path("d/a.xml").to_string_lossy().into_owned();
    let cases: [&[&str]; 8] = [
        &["d/a.xml", "d/a.xml"],
        &["d/a.xml", "./d/a.xml"],
        &["d/a.xml", "d//a.xml"],
        &["d/a.xml", "d/./a.xml"],
        &["d/a.xml", "././d/a.xml"],
        &["d/a.xml", &absolute],
        &["d/a.xml", "d"],
        &["d", ".", "d/"],
    ];
    for arguments in cases {
        let run = sandbox.check(&[arguments, &["-o=concise"]].concat());
        assert_eq!(run.rules(), ["quantity-mismatch"], "{arguments:?} {run:#?}");
    }
    // So does one that is not there.
    let run = sandbox.check(&["gone.xml", "gone.xml"]).status(2);
    assert_eq!(run.stderr.matches("gone.xml").count(), 1, "{run:#?}");
}

#[test]
fn named_and_walked_counts_as_named() {
    let sandbox = Sandbox::with([("d/pom.xml", FOREIGN), ("d/a.xml", CLEAN)]);
    sandbox.check(&["d"]).status(0);
    for arguments in [["d", "d/pom.xml"], ["d/pom.xml", "d"]] {
        sandbox.check(&arguments).status(1).says("[unknown-root]");
    }
}

#[test]
fn foreign_files() {
    let sandbox = Sandbox::with([
        ("a.xml", CLEAN),
        ("pom.xml", FOREIGN),
        ("sub/other.xml", FOREIGN),
        ("sub/broken.xml", "<project><"),
        ("sub/empty.xml", ""),
    ]);
    sandbox
        .check(&["."])
        .status(0)
        .says("1 document checked, 4 files without CloudFront XML skipped: no findings");
    let json = sandbox.check(&[".", "-o=json"]).status(0).json();
    assert_eq!(json["summary"]["skipped"], 4);
    assert_eq!(json["skipped_files"][0]["file"], "pom.xml");
    assert_eq!(json["skipped_files"][0]["reason"], "no CloudFront XML");
    // Named, they are errors, unless asked otherwise.
    sandbox.check(&["a.xml", "pom.xml"]).status(1);
    sandbox.check(&["sub/empty.xml"]).status(1);
    sandbox
        .check(&["a.xml", "pom.xml", "sub/empty.xml", "--skip-foreign"])
        .status(0)
        .says("1 document checked, 2 files without CloudFront XML skipped: no findings");
    // A hook that hands over nothing but foreign files is content.
    sandbox.check(&["pom.xml", "--skip-foreign"]).status(0);
    // A CloudFront document that is broken is not foreign.
    sandbox.file("cut.xml", &CLEAN[..150]);
    sandbox
        .check(&["cut.xml", "pom.xml", "--skip-foreign"])
        .status(1)
        .says("[malformed-xml]");
}

#[test]
fn nothing_to_check() {
    let sandbox = Sandbox::with([
        ("f/pom.xml", FOREIGN),
        ("g/a.xml", FOREIGN),
        ("g/b.xml", FOREIGN),
    ]);
    sandbox.directory("empty").file("none.txt", "");
    let cases: [(&[&str], &str); 4] = [
        (&["empty"], "nothing to check: no .xml file found"),
        (
            &["f"],
            "nothing to check: the only .xml file found holds no",
        ),
        (
            &["g"],
            "nothing to check: none of the 2 .xml files found holds",
        ),
        (
            &["--files-from=none.txt"],
            "nothing to check: the list of files is empty",
        ),
    ];
    for (arguments, message) in cases {
        for format in formats() {
            let run = sandbox
                .check(&[arguments, &["-o", format]].concat())
                .status(2)
                .complains(message);
            if format == "json" {
                assert_eq!(run.json()["errors"][0]["file"], serde_json::Value::Null);
            }
            sandbox
                .check(&[arguments, &["--allow-empty", "-o", format]].concat())
                .status(0);
        }
    }
}

#[test]
fn git_decides_what_is_ignored() {
    let sandbox = Sandbox::with([
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".git/info/exclude", "excluded.xml\n/here.xml\n"),
        (".git/stored.xml", CLEAN),
        (
            ".gitignore",
            "build/\n*.tmp.xml\n/top.xml\n!keep.tmp.xml\ndocs/**/old.xml\n# note\n\n",
        ),
        ("a.xml", CLEAN),
        ("top.xml", CLEAN),
        ("here.xml", CLEAN),
        ("excluded.xml", CLEAN),
        ("x.tmp.xml", CLEAN),
        ("keep.tmp.xml", CLEAN),
        ("build/out.xml", CLEAN),
        ("sub/top.xml", CLEAN),
        ("sub/here.xml", CLEAN),
        ("sub/excluded.xml", CLEAN),
        ("sub/y.tmp.xml", CLEAN),
        ("sub/.gitignore", "!y.tmp.xml\nlocal.xml\n!excluded.xml\n"),
        ("sub/local.xml", CLEAN),
        ("sub/deep/local.xml", CLEAN),
        ("sub/deep/build/out.xml", CLEAN),
        ("other/local.xml", CLEAN),
        ("other/keep.tmp.xml", CLEAN),
        ("docs/a/b/old.xml", CLEAN),
        ("docs/new.xml", CLEAN),
    ]);
    assert_eq!(
        shown(&sandbox, &[]),
        [
            "a.xml",
            "docs/new.xml",
            "keep.tmp.xml",
            "other/keep.tmp.xml",
            "other/local.xml",
            "sub/excluded.xml",
            "sub/here.xml",
            "sub/top.xml",
            "sub/y.tmp.xml",
        ]
    );
    // The rules above the directory hold as well.
    assert_eq!(
        shown(&sandbox, &["sub"]),
        [
            "sub/excluded.xml",
            "sub/here.xml",
            "sub/top.xml",
            "sub/y.tmp.xml"
        ]
    );
    // Whoever names a file or a directory means it.
    assert_eq!(shown(&sandbox, &["x.tmp.xml"]), ["x.tmp.xml"]);
    assert_eq!(shown(&sandbox, &["build"]), ["build/out.xml"]);
    // From inside, too.
    let run = sandbox
        .lint(["check", "--show-files", "."])
        .within("sub/deep")
        .run()
        .status(0);
    assert_eq!(run.stdout, "");
}

#[test]
fn without_a_repository_gitignore_means_nothing() {
    let sandbox = Sandbox::with([
        (".gitignore", "*.xml\n"),
        ("a.xml", CLEAN),
        ("sub/.gitignore", "b.xml\n"),
        ("sub/b.xml", CLEAN),
    ]);
    assert_eq!(shown(&sandbox, &[]), ["a.xml", "sub/b.xml"]);
}

#[test]
fn stores_of_version_control_are_never_walked() {
    let sandbox = Sandbox::with([("a.xml", CLEAN)]);
    for store in [".git", ".hg", ".svn", ".jj", ".bzr"] {
        sandbox.file(&format!("{store}/b.xml"), CLEAN);
        sandbox.file(&format!("sub/{store}/c.xml"), CLEAN);
    }
    assert_eq!(shown(&sandbox, &["."]), ["a.xml"]);
    assert_eq!(shown(&sandbox, &[".hg"]), [".hg/b.xml"]);
}

#[cfg(unix)]
#[test]
fn links() {
    let sandbox = Sandbox::with([
        ("real/a.xml", ERROR),
        ("real/sub/b.xml", CLEAN),
        ("tree/c.xml", CLEAN),
    ]);
    sandbox
        .link("../real/a.xml", "tree/file.xml")
        .link("../real", "tree/directory")
        .link("../real", "tree/directory.xml")
        .link("..", "tree/up")
        .link(".", "tree/self");
    // Links to files are followed, links to directories are not: a loop has no end.
    assert_eq!(shown(&sandbox, &["tree"]), ["tree/c.xml", "tree/file.xml"]);
    // A link that is named is followed.
    assert_eq!(
        shown(&sandbox, &["tree/directory"]),
        ["tree/directory/a.xml", "tree/directory/sub/b.xml"]
    );
    assert_eq!(shown(&sandbox, &["tree/file.xml"]), ["tree/file.xml"]);
    // A link to nowhere is reported: the file may have been meant.
    sandbox.link("nowhere", "tree/dangling.xml");
    sandbox
        .check(&["tree", "-o=concise"])
        .status(2)
        .complains("error: tree/dangling.xml: no such file or directory")
        .says("tree/file.xml:3:15: error:");
    sandbox.link("nowhere", "tree/dangling.txt");
    let run = sandbox.check(&["tree", "--show-files"]).status(2);
    assert_eq!(run.stdout, "tree/c.xml\ntree/file.xml\n");
}

#[test]
fn files_from() {
    let sandbox = Sandbox::with([
        ("a.xml", ERROR),
        ("b c.xml", CLEAN),
        ("d/e.xml", CLEAN),
        ("lines.txt", "a.xml\nb c.xml\n\nd\n"),
        ("crlf.txt", "a.xml\r\nb c.xml\r\nd"),
        ("null.txt", "a.xml\0b c.xml\0d\0"),
    ]);
    let all = ["a.xml", "b c.xml", "d/e.xml"];
    assert_eq!(shown(&sandbox, &["--files-from", "lines.txt"]), all);
    assert_eq!(shown(&sandbox, &["--files-from", "crlf.txt"]), all);
    assert_eq!(shown(&sandbox, &["--files-from", "null.txt", "-0"]), all);
    assert_eq!(
        shown(&sandbox, &["--files-from", "null.txt", "--null"]),
        all
    );
    // Paths of both kinds are joined.
    sandbox.file("one.txt", "d/e.xml\n");
    assert_eq!(
        shown(&sandbox, &["a.xml", "--files-from", "one.txt"]),
        ["a.xml", "d/e.xml"]
    );
    let stdin =
        |arguments: &[&str], list: &str| -> Run { sandbox.lint(arguments).stdin(list).run() };
    stdin(&["check", "--files-from", "-"], "a.xml\nd/e.xml\n")
        .status(1)
        .says("2 documents checked: 1 error");
    stdin(&["check", "--files-from", "-", "-0"], "a.xml\0b c.xml")
        .status(1)
        .says("2 documents checked: 1 error");
    stdin(&["check", "--files-from", "-"], "a.xml\ngone.xml\n")
        .status(2)
        .complains("error: gone.xml: no such file")
        .says("[quantity-mismatch]");
    // Standard input serves one purpose.
    for list in ["", "-\n"] {
        let arguments: &[&str] = match list {
            "" => &["check", "--files-from", "-", "-"],
            _ => &["check", "--files-from", "-"],
        };
        stdin(arguments, list)
            .status(2)
            .complains("standard input cannot be both a document and the list of files");
    }
    sandbox
        .check(&["-0", "a.xml"])
        .status(2)
        .complains("--files-from");
    sandbox
        .check(&["--files-from", "gone.txt"])
        .status(2)
        .complains("error: cannot read the list of files gone.txt: no such file or directory");
}

/// Names that a terminal or a parser of lines would misunderstand.
#[cfg(unix)]
#[test]
fn hostile_file_names() {
    let names = [
        "a\nb.xml",
        "a\rb.xml",
        "50%d%s%n.xml",
        " blank .xml",
        "red\u{1b}[31m.xml",
        "rtl\u{202e}lmx.xml",
        "quote\"'`$(x).xml",
        "back\\slash.xml",
        "##[error]x.xml",
        "::error::x.xml",
        "-dash.xml",
        "tab\tbed.xml",
    ];
    let sandbox = Sandbox::new();
    names.iter().for_each(|name| {
        sandbox.file(name, ERROR);
    });
    for format in formats() {
        let run = sandbox.check(&[".", "-o", format]).status(1);
        let odd = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202e}';
        assert_eq!(run.stdout.chars().find(odd), None, "{format}");
        assert_eq!(run.stderr.chars().find(odd), None, "{format}");
        match format {
            "concise" => assert_eq!(run.rules().len(), names.len(), "{}", run.stdout),
            "json" => {
                let mut files: Vec<String> = run.json()["findings"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|finding| finding["file"].as_str().unwrap().to_owned())
                    .collect();
                let mut expected = names.map(str::to_owned).to_vec();
                files.sort();
                expected.sort();
                assert_eq!(files, expected, "a program gets the names as they are");
            }
            _ => {}
        }
    }
    let run = sandbox.check(&[".", "--show-files"]).status(0);
    assert_eq!(run.stdout.lines().count(), names.len());
    // Each can be named, too.
    for name in names {
        sandbox.check(&["--", name]).status(1);
    }
    sandbox
        .check(&["no\u{1b}[31m\n.xml"])
        .status(2)
        .complains("error: no␛[31m␊.xml: no such file");
    let list = names.join("\0");
    sandbox
        .lint(["check", "--files-from=-", "-0", "-o=concise"])
        .stdin(list)
        .run()
        .status(1)
        .complains("12 documents checked: 12 errors");
}

/// A path need not be text.
#[cfg(target_os = "linux")]
#[test]
fn file_names_that_are_no_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    let name = OsStr::from_bytes(b"caf\xe9.xml");
    std::fs::write(sandbox.path("").join(name), ERROR).unwrap();
    let run = sandbox.check(&[".", "-o=concise"]).status(1);
    assert!(run.stdout.starts_with("caf\u{fffd}.xml:3:15:"), "{run:#?}");
    sandbox.lint([OsStr::new("check"), name]).run().status(1);
    // Two that look the same are two.
    let other = OsStr::from_bytes(b"caf\xe8.xml");
    std::fs::write(sandbox.path("").join(other), ERROR).unwrap();
    sandbox
        .check(&["."])
        .status(1)
        .says("2 documents checked: 2 errors");
}
