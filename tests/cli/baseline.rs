//! Findings that were accepted earlier.

use std::process::Command;

use super::documents::{CLEAN, ERROR, MALFORMED, WARNING};
use super::support::{Run, Sandbox};

const FILE: &str = "cloudfront-lint-baseline.jsonl";
const HEADER: &str = "{\"cloudfront-lint-baseline\":1}\n";

fn write(sandbox: &Sandbox, paths: &[&str]) -> Run {
    sandbox.check(
        &[
            paths,
            &["--ignore", "fleet", "--baseline", FILE, "--write-baseline"],
        ]
        .concat(),
    )
}

fn check(sandbox: &Sandbox, paths: &[&str]) -> Run {
    sandbox.check(
        &[
            paths,
            &["--ignore", "fleet", "--baseline", FILE, "-o", "concise"],
        ]
        .concat(),
    )
}

/// A distribution with a wrong value in each of these origins, and these aliases, of which the last is doubled.
fn distribution(origins: &[(&str, &str)], aliases: &[&str]) -> String {
    let origin = |(id, policy): &(&str, &str)| {
        format!(
            "      <Origin>
        <Id>{id}</Id>
        <DomainName>{id}.example.com</DomainName>
        <CustomOriginConfig>
          <HTTPPort>80</HTTPPort>
          <HTTPSPort>443</HTTPSPort>
          <OriginProtocolPolicy>{policy}</OriginProtocolPolicy>
        </CustomOriginConfig>
      </Origin>\n"
        )
    };
    let name = |alias: &&str| format!("<CNAME>{alias}</CNAME>");
    let items = origins.iter().map(origin).collect::<String>();
    let names = aliases.iter().map(name).collect::<String>();
    format!(
        r#"<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <CallerReference>shop</CallerReference>
  <Aliases><Quantity>{}</Quantity><Items>{names}</Items></Aliases>
  <Origins>
    <Quantity>{}</Quantity>
    <Items>
{items}    </Items>
  </Origins>
</DistributionConfig>
"#,
        aliases.len(),
        origins.len()
    )
}

#[test]
fn what_was_accepted_does_not_count() {
    let sandbox = Sandbox::with([("cdn/a.xml", ERROR), ("cdn/b.xml", WARNING)]);
    write(&sandbox, &["cdn"])
        .status(0)
        .says("no findings (2 baselined)")
        .complains("cloudfront-lint-baseline.jsonl accepts 2 findings: 2 new, 0 gone");
    assert_eq!(
        sandbox.read(FILE),
        format!(
            "{HEADER}{}\n{}\n",
            r#"{"file":"cdn/a.xml","rule":"quantity-mismatch","element":"/InvalidationBatch/Paths/Quantity","subject":"2"}"#,
            r#"{"file":"cdn/b.xml","rule":"missing-namespace","element":"/InvalidationBatch","subject":"InvalidationBatch"}"#,
        )
    );
    let run = sandbox.check(&["cdn", "--ignore", "fleet", "--baseline", FILE, "-o", "json"]);
    let json = run.status(0).json();
    assert_eq!(json["summary"]["baselined"], 2);
    assert_eq!(json["findings"][0]["baselined"], true);
    assert_eq!(
        json["findings"][0]["fingerprint"].as_str().map(str::len),
        Some(32)
    );
    // The paths are those of the files, from wherever they are named.
    let path = sandbox.path("cdn/a.xml");
    check(&sandbox, &[path.to_str().unwrap()]).status(0);
    check(&sandbox, &["cdn/../cdn/a.xml"]).status(0);
    let run = sandbox.lint(["check", "a.xml", "--baseline", &format!("../{FILE}")]);
    run.within("cdn").run().status(0);
    // New findings are told beside the old ones.
    sandbox.file("cdn/c.xml", ERROR);
    let run = check(&sandbox, &["cdn"]).status(1);
    assert_eq!(run.rules(), ["quantity-mismatch"]);
}

#[test]
fn changes_elsewhere_bring_nothing_back() {
    let origins = [("one", "http"), ("two", "https")];
    let aliases = ["a.example.com", "B.example.com", "b.example.com"];
    let sandbox = Sandbox::with([("a.xml", &distribution(&origins, &aliases)[..])]);
    write(&sandbox, &["a.xml"]).status(0);
    check(&sandbox, &["a.xml"]).status(0);
    let same = |text: String| {
        sandbox.file("a.xml", text);
        // A new origin is a finding of its own.
        let run = check(&sandbox, &["a.xml", "--ignore", "unused-origin"]).status(0);
        assert_eq!(run.stdout, "");
    };
    let text = distribution(&origins, &aliases);
    same(format!("<?xml version=\"1.0\"?>\n\n<!-- moved -->\n{text}"));
    same(text.replace('\n', "\r\n    "));
    let [one, two] = origins;
    same(distribution(&[two, one], &aliases));
    same(distribution(&[("new", "match-viewer"), one, two], &aliases));
    same(distribution(
        &origins,
        &[
            "0.example.com",
            "a.example.com",
            "B.example.com",
            "b.example.com",
        ],
    ));
}

#[test]
fn another_value_is_another_finding() {
    let sandbox = Sandbox::with([(
        "a.xml",
        &distribution(&[("one", "http")], &["a.example.com"])[..],
    )]);
    write(&sandbox, &["a.xml"]).status(0);
    sandbox.file("a.xml", distribution(&[("one", "ftp")], &["a.example.com"]));
    let run = check(&sandbox, &["a.xml"]).status(1);
    let rules: Vec<&str> = run.rules();
    assert_eq!(
        rules,
        ["stale-baseline-entry", "invalid-enum-value"],
        "{run:#?}"
    );
    // The same mistake in another place does not take the place of the old one.
    sandbox.file(
        "a.xml",
        distribution(&[("other", "http")], &["a.example.com"]),
    );
    let run = check(&sandbox, &["a.xml"]).status(1);
    assert!(run.rules().contains(&"invalid-enum-value"), "{run:#?}");
}

#[test]
fn equal_findings_are_counted_one_by_one() {
    let twice = distribution(&[("one", "http"), ("one", "http")], &["a.example.com"]);
    let sandbox = Sandbox::with([("a.xml", &twice[..])]);
    write(&sandbox, &["a.xml"]).status(0);
    assert!(
        sandbox
            .read(FILE)
            .contains(r#""subject":"http","number":2}"#)
    );
    let thrice = distribution(&[("one", "http"); 3], &["a.example.com"]);
    sandbox.file("a.xml", thrice);
    let run = check(&sandbox, &["a.xml"]).status(1);
    assert_eq!(
        run.rules()
            .iter()
            .filter(|r| **r == "invalid-enum-value")
            .count(),
        1
    );
}

#[test]
fn what_is_gone_is_told_and_taken_out() {
    let sandbox = Sandbox::with([("a.xml", ERROR), ("b.xml", ERROR), ("c.xml", WARNING)]);
    write(&sandbox, &["."]).status(0);
    sandbox.file("a.xml", CLEAN);
    let run = check(&sandbox, &["."]).status(0);
    let run = run.says("cloudfront-lint-baseline.jsonl:2:1: warning: this quantity-mismatch is no longer in a.xml [stale-baseline-entry]");
    assert_eq!(run.rules().len(), 1);
    let run = sandbox.check(&["a.xml", "--baseline", FILE, "--fail-on", "warning"]);
    run.status(1);
    // Documents that are not looked at, and rules that do not run, say nothing.
    assert_eq!(check(&sandbox, &["b.xml"]).status(0).stdout, "");
    let run = sandbox.check(&[
        "a.xml",
        "--baseline",
        FILE,
        "--ignore",
        "quantity-mismatch",
        "-o",
        "concise",
    ]);
    assert_eq!(run.status(0).stdout, "");
    sandbox.file("a.xml", MALFORMED);
    assert_eq!(
        check(&sandbox, &["a.xml"]).status(1).rules(),
        ["malformed-xml"]
    );
    sandbox.file("a.xml", CLEAN);
    // A part of the documents leaves the rest as it is.
    write(&sandbox, &["a.xml"])
        .status(0)
        .complains("accepts 2 findings: 0 new, 1 gone");
    let text = sandbox.read(FILE);
    assert!(text.contains("b.xml") && text.contains("c.xml") && !text.contains("a.xml"));
    std::fs::remove_file(sandbox.path("c.xml")).unwrap();
    write(&sandbox, &["a.xml"])
        .status(0)
        .complains("accepts 1 finding: 0 new, 1 gone");
    sandbox.file(
        FILE,
        format!("{HEADER}{{\"file\":\"a.xml\",\"rule\":\"old-name\"}}\n"),
    );
    check(&sandbox, &["a.xml"]).says("there is no rule old-name any more");
}

#[test]
fn stale_lines_are_fixed() {
    let sandbox = Sandbox::with([("a.xml", CLEAN), ("b.xml", ERROR)]);
    write(&sandbox, &["."]).status(0);
    let kept = sandbox.read(FILE);
    let line = |file: &str| format!("{{\"file\":\"{file}\",\"rule\":\"quantity-mismatch\"}}\n");
    let stale = line("a.xml");
    // A merge may leave a line twice; the last one has no end.
    let text = format!(
        "{HEADER}{stale}{}{stale}{}",
        kept.replace(HEADER, ""),
        stale.trim()
    );
    sandbox.file(FILE, &text);
    let run = check(&sandbox, &["."]).status(0);
    assert_eq!(run.rules(), ["stale-baseline-entry"; 3]);
    let run = check(&sandbox, &[".", "--fix"]).status(0);
    run.complains("fixed 3 findings in 1 file");
    assert_eq!(sandbox.read(FILE), kept);
    let run = check(&sandbox, &[".", "--fix"]).status(0);
    run.complains("fixed nothing");
    // A text from standard input is not saved yet.
    sandbox.file(FILE, &text);
    let arguments = [
        "check",
        "-",
        "--stdin-filename",
        "a.xml",
        "--baseline",
        FILE,
        "--fix",
    ];
    let run = sandbox.lint(arguments).stdin(CLEAN).run();
    run.status(0);
    assert_eq!(sandbox.read(FILE), text);
}

#[test]
fn documents_that_are_gone_are_told() {
    let sandbox = Sandbox::with([("cdn/a.xml", ERROR), ("cdn/b.xml", ERROR), ("c.xml", ERROR)]);
    write(&sandbox, &["."]).status(0);
    for file in ["cdn/b.xml", "c.xml"] {
        std::fs::remove_file(sandbox.path(file)).unwrap();
    }
    // Who names files has not looked for others.
    assert_eq!(check(&sandbox, &["cdn/a.xml"]).status(0).stdout, "");
    let run = check(&sandbox, &["cdn"]).status(0);
    let run = run.says(":4:1: warning: cdn/b.xml is not there any more [stale-baseline-entry]");
    assert_eq!(run.rules().len(), 1);
    let run = check(&sandbox, &[".", "--isolated"]).status(0);
    assert_eq!(run.rules().len(), 2);
    // What was piped may never have been a file.
    let arguments = [
        "check",
        "-",
        "--stdin-filename",
        "d.xml",
        "--baseline",
        FILE,
    ];
    let lint = sandbox.lint(arguments.iter().chain(&["--write-baseline"]));
    lint.stdin(ERROR).run().status(0);
    assert!(sandbox.read(FILE).contains("\"cdn/b.xml\""));
}

#[test]
fn rules_that_a_policy_has_no_more_are_told() {
    let rule = "[[rule]]\nname = \"team/one\"\nsummary = \"One\"\nlevel = \"warning\"\nselect = \"InvalidationBatch/CallerReference\"\nequals = \"one\"\n";
    let sandbox = Sandbox::with([("a.xml", CLEAN), ("policy.toml", rule)]);
    let entry = |rule: &str| format!("{{\"file\":\"a.xml\",\"rule\":\"{rule}\"}}\n");
    let text = [HEADER, &entry("other/two"), &entry("team/two")].concat();
    sandbox.file(FILE, text);
    assert_eq!(check(&sandbox, &["a.xml"]).status(0).stdout, "");
    let run = check(&sandbox, &["a.xml", "--policy", "policy.toml"]).status(0);
    let run = run.says(":3:1: warning: there is no rule team/two any more");
    assert_eq!(run.rules()[0], "stale-baseline-entry");
    assert_eq!(run.rules().len(), 2);
    let write = [
        "--baseline",
        FILE,
        "--write-baseline",
        "--policy",
        "policy.toml",
    ];
    sandbox.check(&[&["a.xml"], &write[..]].concat()).status(0);
    let text = sandbox.read(FILE);
    assert!(
        text.contains("other/two") && !text.contains("team/two"),
        "{text}"
    );
}

#[test]
fn a_document_that_cannot_be_read_is_never_accepted() {
    let sandbox = Sandbox::with([("a.xml", MALFORMED)]);
    write(&sandbox, &["a.xml"])
        .status(1)
        .complains("0 gone; 1 cannot be accepted");
    assert_eq!(sandbox.read(FILE), HEADER);
    let entry = "{\"file\":\"a.xml\",\"rule\":\"malformed-xml\"}\n";
    sandbox.file(FILE, format!("{HEADER}{entry}"));
    check(&sandbox, &["a.xml"]).status(1);
}

#[test]
fn a_broken_baseline_has_a_place() {
    let sandbox = Sandbox::with([("a.xml", CLEAN)]);
    check(&sandbox, &["a.xml"])
        .status(2)
        .complains("no such file or directory; --write-baseline");
    for (text, words) in [
        ("\n", "line 1, column 1: no baseline"),
        ("[]\n", "line 1, column 1: no baseline"),
        (
            "{\"cloudfront-lint-baseline\":2}\n",
            "line 1, column 1: the baseline is of version 2",
        ),
        (
            "{\"cloudfront-lint-baseline\":1}\n{\"file\":1}\n",
            "line 2, column 9: invalid type",
        ),
        (
            "{\"cloudfront-lint-baseline\":1}\n\n<<<<<<< HEAD\n",
            "line 3, column 1: a conflict that git left",
        ),
    ] {
        sandbox.file(FILE, text);
        let run = check(&sandbox, &["a.xml"]).status(2);
        run.complains(&format!("{FILE}: {words}"));
        // It is not written over either.
        write(&sandbox, &["a.xml"]).status(2);
        assert_eq!(sandbox.read(FILE), text);
    }
    // Nothing is lost with an empty one.
    sandbox.file(FILE, "");
    check(&sandbox, &["a.xml"])
        .status(2)
        .complains("no baseline");
    write(&sandbox, &["a.xml"]).status(0);
    assert_eq!(sandbox.read(FILE), HEADER);
    sandbox.file(FILE, b"\xFF");
    check(&sandbox, &["a.xml"])
        .status(2)
        .complains("line 1, column 1: the byte FF");
}

#[test]
fn a_failed_run_writes_no_baseline() {
    let sandbox = Sandbox::with([("a.xml", ERROR)]);
    write(&sandbox, &["a.xml", "gone.xml"])
        .status(2)
        .complains("was not written");
    assert!(!sandbox.path(FILE).exists());
    sandbox.directory(FILE);
    write(&sandbox, &["a.xml"]).status(2);
    let sandbox = Sandbox::with([("a.xml", ERROR), (FILE, HEADER)]);
    let mut permissions = std::fs::metadata(sandbox.path(FILE)).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(sandbox.path(FILE), permissions).unwrap();
    let run = write(&sandbox, &["a.xml"]).status(2);
    run.complains("the baseline was not changed: it is write-protected");
    assert_eq!(sandbox.read(FILE), HEADER);
}

#[test]
fn the_configuration_names_it() {
    let sandbox = Sandbox::with([
        (
            "site/cloudfront-lint.toml",
            "baseline = \"lint/old.jsonl\"\n",
        ),
        ("site/cdn/a.xml", ERROR),
    ]);
    sandbox
        .check(&["site"])
        .status(2)
        .complains("site/lint/old.jsonl: no such file");
    sandbox.directory("site/lint");
    sandbox.check(&["site", "--write-baseline"]).status(0);
    assert!(
        sandbox
            .read("site/lint/old.jsonl")
            .contains("\"../cdn/a.xml\"")
    );
    sandbox
        .lint(["check", "a.xml"])
        .within("site/cdn")
        .run()
        .status(0);
    sandbox.check(&["site", "--isolated"]).status(1);
    // Without a name, it gets one.
    sandbox.file("b.xml", ERROR);
    let run = sandbox.check(&["b.xml", "--write-baseline"]).status(0);
    run.complains("check with --baseline cloudfront-lint-baseline.jsonl");
    assert!(sandbox.read(FILE).contains("\"b.xml\""));
}

#[test]
fn a_comment_comes_first() {
    let sandbox = Sandbox::with([("a.xml", ERROR)]);
    write(&sandbox, &["a.xml"]).status(0);
    let comment = "<!-- cloudfront-lint ignore: quantity-mismatch -->";
    sandbox.file(
        "a.xml",
        ERROR.replace("<Quantity>", &format!("{comment}<Quantity>")),
    );
    let run = check(&sandbox, &["a.xml"]).status(0);
    assert_eq!(run.rules(), ["stale-baseline-entry"]);
}

#[test]
fn what_an_update_loses_is_told_apart() {
    let old = distribution(
        &[("one", "http-only")],
        &["a.example.com", "b.example.com", "c.example.com"],
    );
    let new = |aliases: &[&str]| distribution(&[("one", "http-only")], aliases);
    let sandbox = Sandbox::with([
        ("old.xml", &old[..]),
        ("a.xml", &new(&["a.example.com", "c.example.com"])[..]),
    ]);
    let against = [
        "a.xml",
        "--against",
        "old.xml",
        "--select",
        "lost-alias",
        "--baseline",
        FILE,
        "--fail-on",
        "info",
    ];
    sandbox
        .check(&[&against[..], &["--write-baseline"]].concat())
        .status(0);
    sandbox.check(&against).status(0);
    // Without the older document, nobody looked.
    sandbox
        .check(&[
            "a.xml",
            "--baseline",
            FILE,
            "--select",
            "lost-alias,configuration",
            "--fail-on",
            "info",
        ])
        .status(0);
    sandbox.file("a.xml", new(&["a.example.com", "b.example.com"]));
    sandbox.check(&against).status(1).says("c.example.com");
}

#[test]
fn no_secret_stands_in_it() {
    let secret = "AKIAIOSFODNN7EXAMPLE-hunter2";
    let headers = format!(
        "<CustomHeaders><Quantity>1</Quantity><Items><OriginCustomHeader><HeaderName>X-Secret</HeaderName>\
         <HeaderValue>{secret} </HeaderValue></OriginCustomHeader></Items></CustomHeaders><CustomOriginConfig>"
    );
    let text = distribution(&[("one", "http-only")], &["a.example.com"])
        .replace("<CustomOriginConfig>", &headers);
    let sandbox = Sandbox::with([("a.xml", &text[..])]);
    write(&sandbox, &["a.xml"]).status(0);
    let written = sandbox.read(FILE);
    assert!(written.contains("secret-in-custom-header"), "{written}");
    assert!(
        written.contains("(a secret value)") && !written.contains("hunter2"),
        "{written}"
    );
    // A hash of it would tell it to whoever guesses: another secret has the same fingerprint.
    let prints = |text: &str| {
        sandbox.file("a.xml", text);
        let json = sandbox.check(&["a.xml", "-o", "json"]).json();
        let findings = json["findings"].as_array().unwrap().clone();
        findings
            .into_iter()
            .map(|f| f["fingerprint"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(prints(&text), prints(&text.replace("hunter2", "hunter3")));
}

fn git(sandbox: &Sandbox, arguments: &[&str]) -> bool {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=Example",
            "-c",
            "user.email=git@example.com",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .current_dir(sandbox.path("."))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    output.status.success()
}

/// Merges two branches, each of which makes a mistake in a document of its own and accepts it.
fn merged(attributes: &str, [ours, theirs]: [&str; 2]) -> (Sandbox, bool) {
    let sandbox = Sandbox::new();
    for name in ["b", "d", "f"] {
        sandbox.file(&format!("{name}.xml"), ERROR);
    }
    sandbox.file(".gitattributes", attributes);
    write(&sandbox, &["."]).status(0);
    assert!(git(&sandbox, &["init", "-q", "-b", "main"]));
    let commit = |file: &str| {
        assert!(git(&sandbox, &["add", "."]) && git(&sandbox, &["commit", "-q", "-m", file]));
    };
    commit("first");
    for (branch, file) in [("ours", ours), ("theirs", theirs)] {
        assert!(git(&sandbox, &["checkout", "-q", "-b", branch, "main"]));
        sandbox.file(file, ERROR);
        write(&sandbox, &["."]).status(0);
        commit(file);
    }
    let merged = git(&sandbox, &["merge", "-q", "--no-edit", "ours"]);
    (sandbox, merged)
}

#[test]
fn git_merges_two_baselines() {
    let (sandbox, is_merged) = merged("", ["a.xml", "e.xml"]);
    assert!(is_merged, "{}", sandbox.read(FILE));
    assert_eq!(check(&sandbox, &["."]).status(0).stdout, "");
    assert_eq!(sandbox.read(FILE).lines().count(), 6);
    // Two lines at one place are a conflict to git, unless it is told that order means nothing.
    let (sandbox, is_merged) = merged("", ["c1.xml", "c2.xml"]);
    assert!(!is_merged);
    check(&sandbox, &["."])
        .status(2)
        .complains("a conflict that git left");
    let (sandbox, is_merged) = merged("*-baseline.jsonl merge=union\n", ["c1.xml", "c2.xml"]);
    assert!(is_merged);
    assert_eq!(check(&sandbox, &["."]).status(0).stdout, "");
    write(&sandbox, &["."])
        .status(0)
        .complains("accepts 5 findings: 0 new, 0 gone");
}
