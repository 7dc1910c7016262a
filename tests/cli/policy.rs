//! Policies: rules of users, from the command line and from the configuration.

use std::fs;
use std::path::Path;

use crate::support::{Lint, Run, Sandbox};

/// A run in the root of the repository.
fn here(arguments: &[&str]) -> Run {
    Lint::new(Path::new(env!("CARGO_MANIFEST_DIR")), arguments).run()
}

fn worked(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/policy");
    fs::read_to_string(path.join(name)).unwrap()
}

const RULE: &str = r#"
[[rule]]
name    = "team/reference"
summary = "The reference is no date"
select  = "InvalidationBatch/CallerReference"
pattern = '\d{4}-\d{2}-\d{2}'
expected = "a date"
"#;

const BATCH: &str = r#"<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <Paths><Quantity>1</Quantity><Items><Path>/*</Path></Items></Paths>
  <CallerReference>first</CallerReference>
</InvalidationBatch>
"#;

const FOUND: &str =
    "batch.xml:3:20: error: \"first\" is no valid CallerReference [team/reference]\n";

#[test]
fn the_worked_examples_hold() {
    let run = here(&["policy", "test", "testdata/policy"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn every_test_of_the_vocabulary() {
    let run = here(&["policy", "test", "testdata/policy-tests/vocabulary.toml"]);
    insta::assert_snapshot!(run.stdout);
    assert_eq!(run.status, 0, "{}", run.stderr);
}

#[test]
fn worked_examples_check_documents() {
    let run = here(&[
        "check",
        "testdata/policy/log-buckets",
        "testdata/tour/shop.xml",
        "--policy=testdata/policy",
        "--select=policy",
        "--isolated",
    ]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn from_the_command_line() {
    let sandbox = Sandbox::with([
        ("batch.xml", BATCH),
        ("team.toml", RULE),
        ("dir/team.toml", RULE),
    ]);
    for arguments in [
        &["--policy=team.toml"][..],
        &["--policy=dir"],
        &["--policy", "team.toml", "--select", "policy"],
        &["--policy", "team.toml", "--select", "team/reference"],
    ] {
        let run = sandbox.check(&[&["batch.xml", "-o=concise"], arguments].concat());
        assert_eq!(
            (run.status, run.stdout.as_str()),
            (1, FOUND),
            "{arguments:?}"
        );
    }
    for arguments in [
        &["--policy=team.toml", "--ignore=policy"][..],
        &["--policy=team.toml", "--ignore=team/reference"],
        &["--policy=team.toml", "--select=service"],
        &[],
    ] {
        let run = sandbox.check(&[&["batch.xml", "-o=concise"], arguments].concat());
        assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_read() {
    let sandbox = Sandbox::with([("batch.xml", BATCH), ("team.toml", RULE)]);
    sandbox.directory("empty");
    for (arguments, said) in [
        (
            &["--policy=gone.toml"][..],
            "gone.toml: cannot be read as a policy: no such file or directory",
        ),
        (
            &["--policy=empty"],
            "empty: is a directory without policies: no file in it ends in .toml",
        ),
        (
            &["--policy=team.toml", "--select=team/refrence"],
            "--select team/refrence: no policy has this rule; did you mean team/reference?",
        ),
        (
            &["--ignore=team/reference"],
            "--ignore team/reference: no policy has this rule; no policy was read",
        ),
        (
            &["--ignore=team/Reference"],
            "no rule or group of this name",
        ),
    ] {
        let run = sandbox.check(&[&["batch.xml"], arguments].concat());
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.stdout);
        assert!(run.stderr.contains(said), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn mistakes_keep_everything_from_being_checked() {
    let wrong = RULE.replace("CallerReference", "CallerRefrence");
    let sandbox = Sandbox::with([("batch.xml", BATCH), ("team.toml", &wrong)]);
    let expected = "team.toml:5:30: error: `CallerRefrence` does not stand there in InvalidationBatch [invalid-policy]\n";
    let run = sandbox.check(&["batch.xml", "--policy=team.toml", "-o=concise"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, expected));
    let why = "team.toml has a mistake: the documents for which it holds were not checked";
    assert!(run.stderr.contains(why), "{}", run.stderr);
    sandbox.file("cloudfront-lint.toml", "policies = [\"team.toml\"]\n");
    let run = sandbox.check(&["batch.xml", "-o=concise"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, expected));
    let run = sandbox.lint(["explain", "team/reference"]).run();
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("did you mean `CallerReference`?"),
        "{}",
        run.stderr
    );
    let run = sandbox.lint(["policy", "test"]).run();
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
}

#[test]
fn from_the_configuration() {
    let sandbox = Sandbox::with([("batch.xml", BATCH), ("policy/team.toml", RULE)]);
    for list in [
        "policy/*.toml",
        "policy",
        "policy/team.toml",
        "**/te?m.toml",
    ] {
        sandbox.file("cloudfront-lint.toml", format!("policies = [{list:?}]\n"));
        let run = sandbox.check(&["batch.xml", "-o=concise"]);
        assert_eq!((run.status, run.stdout.as_str()), (1, FOUND), "{list}");
    }
    let run = sandbox.check(&["batch.xml", "-o=concise", "--isolated"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""));
    // Twice is once.
    let run = sandbox.check(&["batch.xml", "-o=concise", "--policy=policy/team.toml"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, FOUND));
    let config = "policies = [\"policy\"]\n[rules]\n\"team/reference\" = \"info\"\n";
    sandbox.file("cloudfront-lint.toml", config);
    let run = sandbox.check(&["batch.xml", "-o=concise"]);
    assert_eq!(run.status, 0);
    assert_eq!(run.stdout, FOUND.replace("error", "note"));
    let run = sandbox.lint(["explain", "team/reference"]).run();
    assert!(run.stdout.contains("policy/team.toml:3"), "{}", run.stdout);
    let run = sandbox.lint(["rules"]).run();
    assert!(run.stdout.contains("team/reference "), "{}", run.stdout);
    sandbox.file(
        "cloudfront-lint.toml",
        config.replace("/reference", "/refrence"),
    );
    let run = sandbox.check(&["batch.xml", "-o=concise"]);
    assert_eq!(run.status, 2);
    assert_eq!(
        run.stdout,
        "cloudfront-lint.toml:3:1: error: no policy has a rule team/refrence [invalid-configuration-value]\n"
    );
    sandbox.file("cloudfront-lint.toml", "policies = [\"plicy/*.toml\"]\n");
    let run = sandbox.check(&["batch.xml", "-o=concise"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stdout
            .contains("1:13: error: `plicy/*.toml` names no policy"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_configuration_is_no_policy() {
    let sandbox = Sandbox::with([("batch.xml", BATCH), ("team.toml", RULE)]);
    sandbox.file(".cloudfront-lint.toml", "");
    for list in ["*.toml", ".", "**"] {
        sandbox.file("cloudfront-lint.toml", format!("policies = [{list:?}]\n"));
        let run = sandbox.check(&["batch.xml", "-o=concise", "-q", "--select=policy"]);
        assert_eq!((run.status, run.stdout.as_str()), (1, FOUND), "{list}");
    }
    let run = sandbox.check(&["batch.xml", "-o=concise", "--isolated", "--policy=."]);
    assert_eq!((run.status, run.stdout.as_str()), (1, FOUND));
}

#[test]
fn a_given_configuration_may_speak_of_a_given_policy() {
    let sandbox = Sandbox::with([
        ("batch.xml", BATCH),
        ("team.toml", RULE),
        ("ci.toml", "rules.\"team/reference\" = \"info\"\n"),
    ]);
    let run = sandbox.check(&[
        "batch.xml",
        "-o=concise",
        "--config=ci.toml",
        "--policy=team.toml",
    ]);
    assert_eq!(run.stdout, FOUND.replace("error", "note"), "{run:#?}");
    assert_eq!(run.status, 0);
    let run = sandbox.check(&["batch.xml", "-o=concise", "--config=ci.toml"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stdout
            .contains("ci.toml:1:7: error: no policy has a rule team/reference")
    );
}

#[test]
fn encodings_of_policies() {
    let sandbox = Sandbox::with([("batch.xml", BATCH)]);
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(RULE.replace('\n', "\r\n").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    sandbox.file("team.toml", utf16);
    let run = sandbox.check(&["batch.xml", "-o=concise", "--policy=team.toml"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, FOUND));
    sandbox.file(
        "team.toml",
        RULE.replace("no date", "caf\u{e9}")
            .chars()
            .map(|c| c as u8)
            .collect::<Vec<u8>>(),
    );
    let run = sandbox.check(&["batch.xml", "-o=concise", "--policy=team.toml"]);
    let expected = "team.toml:4:32: error: the byte E9 cannot be read as UTF-8 [invalid-policy]\n";
    assert_eq!((run.status, run.stdout.as_str()), (2, expected));
}

#[test]
fn mistakes_of_configuration_and_policy_are_told_together() {
    let wrong = RULE.replace("CallerReference", "CallerRefrence");
    let sandbox = Sandbox::with([
        ("batch.xml", BATCH),
        ("team.toml", &wrong),
        (
            "cloudfront-lint.toml",
            "policies = [\"team.toml\", \"gone.toml\"]\nprest = 1\n",
        ),
    ]);
    let run = sandbox.check(&["batch.xml", "-o=concise"]);
    assert_eq!(run.status, 2);
    assert_eq!(
        run.stdout,
        "cloudfront-lint.toml:1:26: error: `gone.toml` names no policy: there is no such file [invalid-configuration-value]\n\
         cloudfront-lint.toml:2:1: error: \"prest\" is no key here [unknown-configuration-key]\n\
         team.toml:5:30: error: `CallerRefrence` does not stand there in InvalidationBatch [invalid-policy]\n"
    );
}

#[test]
fn each_directory_has_its_own() {
    let sandbox = Sandbox::with([
        ("a/batch.xml", BATCH),
        ("a/cloudfront-lint.toml", "policies = [\"team.toml\"]\n"),
        ("a/team.toml", RULE),
        ("b/batch.xml", BATCH),
    ]);
    let run = sandbox.check(&["a", "b", "-o=concise", "--ignore=fleet"]);
    assert_eq!((run.status, run.stdout), (1, format!("a/{FOUND}")));
}

#[test]
fn across_documents() {
    let rule = r#"
[[rule]]
name    = "team/one-page"
summary = "Two distributions have the same page"
select  = "DistributionConfig/DefaultRootObject"
across  = { max = 1, except = ["none"] }
message = "{value} is also the page of {others}"
"#;
    let document = |reference: &str, page: &str| {
        format!(
            "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
             <CallerReference>{reference}</CallerReference><DefaultRootObject>{page}</DefaultRootObject></DistributionConfig>"
        )
    };
    let sandbox = Sandbox::with([("team.toml", rule)]);
    for (name, page) in [("a", "shop"), ("b", "shop"), ("c", "none"), ("d", "none")] {
        sandbox.file(&format!("{name}.xml"), document(name, page));
    }
    let run = sandbox.check(&[
        ".",
        "-o=concise",
        "--policy=team.toml",
        "--select=team/one-page",
    ]);
    assert_eq!(run.status, 1);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.stdout);
    assert!(
        lines[0].starts_with("a.xml:") && lines[0].contains("also the page of b.xml"),
        "{}",
        lines[0]
    );
}

#[test]
fn a_dry_run_does_not_know_them() {
    let document = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("testdata/policy/log-buckets/fail-other-bucket.xml"),
    );
    let rules = worked("log-buckets.toml").replace("\"warning\"", "\"error\"");
    let sandbox = Sandbox::with([
        ("site.xml", document.unwrap().as_str()),
        ("team.toml", &rules),
        ("cloudfront-lint.toml", "policies = [\"team.toml\"]\n"),
    ]);
    assert_eq!(sandbox.check(&["site.xml"]).status, 1);
    let run = sandbox.lint(["dry-run", "create", "site.xml"]).run();
    assert_eq!(run.status, 0, "{}", run.stdout);
    assert!(!run.stdout.contains("team/"), "{}", run.stdout);
}

#[test]
fn examples_that_do_not_hold() {
    let text = r#"
namespace = "team"

[[rule]]
name    = "reference"
summary = "x"
select  = "InvalidationBatch/CallerReference"
equals  = "first"
fails   = [
  { xml = "<CallerReference>first</CallerReference>", root = "InvalidationBatch" },
  { xml = "<CallerReference>se⟦cond⟧</CallerReference>", root = "InvalidationBatch" },
  { xml = "<CallerReference>second</CallerReference>", root = "InvalidationBatch", fixed = "<CallerReference>third</CallerReference>" },
  "<CallerReference>",
  "<Unknown/>",
  "<?xml version='1.0'?><Unknown/>",
]
passes  = [
  { xml = "<CallerReference>second</CallerReference>", root = "InvalidationBatch" },
  { xml = "<CallerReference>⟦first⟧</CallerReference>", root = "InvalidationBatch" },
]

[[rule]]
name    = "no-example"
summary = "x"
select  = "InvalidationBatch/CallerReference"
equals  = "first"

[[rule]]
name    = "no-failure"
summary = "x"
select  = "InvalidationBatch/CallerReference"
equals  = "first"
passes  = [{ xml = "<CallerReference>first</CallerReference>", root = "InvalidationBatch" }]
"#;
    let sandbox = Sandbox::with([("team.toml", text)]);
    let run = sandbox.lint(["policy", "test", "team.toml"]).run();
    assert_eq!(run.status, 1);
    let quiet = sandbox
        .lint(["policy", "test", "team.toml", "--quiet"])
        .run();
    assert_eq!(quiet.status, 1);
    insta::assert_snapshot!(format!("{}\n--quiet\n\n{}", run.stdout, quiet.stdout));
    // A document of several rules belongs to none of them.
    sandbox.file("team/fail-a.xml", BATCH);
    let run = sandbox.lint(["policy", "test", "team.toml"]).run();
    assert_eq!(run.status, 2);
    assert!(
        run.stderr
            .contains("team/fail-a.xml: belongs to none of several rules"),
        "{}",
        run.stderr
    );
}

#[test]
fn rules_without_examples() {
    let sandbox = Sandbox::with([("team.toml", RULE)]);
    let test = |arguments: &[&str]| {
        sandbox
            .lint([&["policy", "test", "team.toml"], arguments].concat())
            .run()
    };
    let run = test(&[]);
    assert_eq!(run.status, 0);
    assert_eq!(
        run.stdout,
        "team.toml\n  team/reference: no example\n\nno example of 1 rule; 1 rule without an example that fails\n"
    );
    sandbox.file("team/fail-first.xml", BATCH);
    let run = test(&["--quiet"]);
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (0, "1 example of 1 rule: all hold\n")
    );
    // An example that cannot be read was not tried.
    #[cfg(unix)]
    {
        sandbox.link("gone.xml", "team/pass-link.xml");
        let run = test(&[]);
        assert_eq!(run.status, 2);
        assert!(
            run.stderr.contains("pass-link.xml: cannot be read"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn nothing_to_test() {
    let sandbox = Sandbox::new();
    let run = sandbox.lint(["policy", "test"]).run();
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("there is no policy to test"),
        "{}",
        run.stderr
    );
}

#[test]
fn equals_brings_its_fix_along() {
    let rule = |fix: &str| {
        format!(
            "[[rule]]\nname = \"team/reference\"\nsummary = \"x\"\nselect = \"InvalidationBatch/CallerReference\"\n\
             equals = \"R & D\"\n{fix}\n"
        )
    };
    let fixed = BATCH.replace(">first<", ">R &amp; D<");
    for (fix, flags, wanted) in [
        ("", &["--fix"][..], BATCH),
        ("", &["--fix", "--unsafe-fixes"], &fixed),
        ("fix = \"safe\"", &["--fix"], &fixed),
        ("fix = \"none\"", &["--fix", "--unsafe-fixes"], BATCH),
        (
            "fix = { safety = \"safe\", value = \"R & D\" }",
            &["--fix"],
            &fixed,
        ),
    ] {
        let sandbox = Sandbox::with([("batch.xml", BATCH), ("team.toml", &rule(fix))]);
        let run = sandbox.check(&[&["batch.xml", "--policy=team.toml"], flags].concat());
        assert_eq!(
            sandbox.read("batch.xml"),
            wanted,
            "{fix} {flags:?}: {}",
            run.stdout
        );
        assert_eq!(
            run.status,
            i32::from(wanted == BATCH),
            "{fix} {flags:?}: {}",
            run.stderr
        );
    }
}

#[test]
fn what_is_accepted_is_marked() {
    let comment = "<!-- cloudfront-lint ignore: team/reference - the first one -->";
    let accepted = BATCH.replace(
        "  <CallerReference",
        &format!("  {comment}\n  <CallerReference"),
    );
    let sandbox = Sandbox::with([
        ("batch.xml", accepted.as_str()),
        ("policy/team.toml", RULE),
        ("cloudfront-lint.toml", "policies = [\"policy\"]\n"),
    ]);
    let run = sandbox.check(&["batch.xml", "-o=concise"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    sandbox.file("batch.xml", BATCH).file(
        "cloudfront-lint.toml",
        "policies = [\"policy\"]\n[[ignore]]\nrule = \"team/reference\"\nreason = \"the first one\"\n",
    );
    let run = sandbox.check(&["batch.xml", "-o=concise"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    sandbox.file("cloudfront-lint.toml", "policies = [\"policy\"]\n");
    assert_eq!(sandbox.check(&["batch.xml"]).status, 1);
    let run = sandbox.check(&["batch.xml", "--write-baseline", "--baseline=accepted.txt"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let run = sandbox.check(&["batch.xml", "-o=concise", "--baseline=accepted.txt"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
}
