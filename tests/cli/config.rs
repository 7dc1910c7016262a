//! `cloudfront-lint.toml`: where it is found, what it decides, and what is said about its mistakes.

use crate::snapshots::snapshot;
use crate::support::{Sandbox, brief_formats};

/// A warning of the group `schema`, an error of the group `service`.
const BATCH: &str = "<InvalidationBatch>
  <Paths>
    <Quantity>2</Quantity>
    <Items>
      <Path>/index.html</Path>
    </Items>
  </Paths>
  <CallerReference>2026-01-31</CallerReference>
</InvalidationBatch>
";
const FILE: &str = "cloudfront-lint.toml";
const QUANTITY_OFF: &str = "[rules]\nquantity-mismatch = \"off\"\n";
const NAMESPACE: &str = "missing-namespace";

/// One document below two directories, and a repository around it.
fn sandbox(config: &str) -> Sandbox {
    let sandbox = Sandbox::with([("cdn/live/a.xml", BATCH), (FILE, config)]);
    sandbox.directory(".git");
    sandbox
}

/// The rules that speak of a document, with their levels.
#[track_caller]
fn told(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let run = sandbox.check(&[&["-o=concise", "-q"], arguments].concat());
    let finding = |line: &str| {
        let level = line.split(": ").nth(1).unwrap().to_owned();
        let rule = line
            .rsplit_once('[')
            .unwrap()
            .1
            .trim_end_matches(']')
            .to_owned();
        format!("{level} {rule}")
    };
    run.stdout.lines().map(finding).collect()
}

#[test]
fn the_nearest_one_holds() {
    let sandbox = sandbox(QUANTITY_OFF);
    assert_eq!(told(&sandbox, &["cdn"]), ["warning missing-namespace"]);
    assert_eq!(
        told(&sandbox, &["cdn/live/a.xml"]),
        ["warning missing-namespace"]
    );
    let run = sandbox
        .lint(["check", "a.xml", "-o=concise"])
        .within("cdn/live")
        .run();
    assert_eq!(run.rules(), [NAMESPACE]);
    // A nearer one takes its place as a whole.
    sandbox.file(
        "cdn/.cloudfront-lint.toml",
        "[rules]\nmissing-namespace = \"off\"\n",
    );
    assert_eq!(told(&sandbox, &["cdn"]), ["error quantity-mismatch"]);
    // Of two in one directory, the one without a dot.
    sandbox.file("cdn/cloudfront-lint.toml", "");
    assert_eq!(
        told(&sandbox, &["cdn"]),
        [
            "warning unused-configuration",
            "warning missing-namespace",
            "error quantity-mismatch"
        ]
    );
    let run = sandbox.check(&["cdn", "-o=concise"]);
    let told = "cdn/cloudfront-lint.toml:1:1: warning: .cloudfront-lint.toml in the same directory is not read";
    assert!(run.stdout.contains(told), "{}", run.stdout);
}

#[test]
fn what_stands_in_its_place_is_not_passed_over() {
    let sandbox = Sandbox::with([("a.xml", BATCH)]);
    sandbox.directory(FILE);
    let why = "cloudfront-lint.toml: cannot be read as a configuration: it is not a regular file";
    sandbox.check(&["a.xml"]).status(2).complains(why);
    #[cfg(unix)]
    {
        let sandbox = Sandbox::with([("a.xml", BATCH)]);
        sandbox.link("gone.toml", ".cloudfront-lint.toml");
        sandbox.check(&["a.xml"]).status(2).complains(
            ".cloudfront-lint.toml: cannot be read as a configuration: no such file or directory",
        );
    }
}

#[test]
fn none_is_looked_for_above_the_repository() {
    let sandbox = Sandbox::with([("site/a.xml", BATCH), (FILE, QUANTITY_OFF)]);
    assert_eq!(told(&sandbox, &["site"]).len(), 1, "there is no repository");
    sandbox.directory("site/.git");
    assert_eq!(told(&sandbox, &["site"]).len(), 2);
}

#[test]
fn each_file_has_its_own() {
    let sandbox = Sandbox::with([
        ("one/a.xml", BATCH),
        ("one/cloudfront-lint.toml", QUANTITY_OFF),
        ("two/a.xml", BATCH),
        ("two/cloudfront-lint.toml", "[rules]\nall = \"info\"\n"),
        ("three/a.xml", BATCH),
    ]);
    let run = sandbox
        .check(&[".", "-o=concise", "--ignore=fleet"])
        .status(1);
    snapshot("config_each_file", &run.normalised());
}

#[cfg(unix)]
#[test]
fn a_link_is_where_it_stands_and_its_directory_where_it_is() {
    let sandbox = Sandbox::with([
        ("real/a.xml", BATCH),
        ("real/cloudfront-lint.toml", QUANTITY_OFF),
        ("other/b.xml", BATCH),
    ]);
    sandbox
        .link("real", "linked")
        .link("../real/a.xml", "other/a.xml");
    assert_eq!(told(&sandbox, &["linked/a.xml"]).len(), 1);
    assert_eq!(told(&sandbox, &["other/a.xml"]).len(), 2);
    assert_eq!(told(&sandbox, &["other/../real/a.xml"]).len(), 1);
}

#[test]
fn given_and_isolated() {
    let sandbox = sandbox(QUANTITY_OFF);
    sandbox.file("ci/strict.toml", "preset = \"strict\"\n");
    let strict = told(&sandbox, &["cdn", "--config=ci/strict.toml"]);
    assert_eq!(
        strict,
        ["error missing-namespace", "error quantity-mismatch"]
    );
    let isolated = told(&sandbox, &["cdn", "--isolated"]);
    assert_eq!(
        isolated,
        ["warning missing-namespace", "error quantity-mismatch"]
    );
    sandbox
        .check(&["cdn", "--isolated", "--config=ci/strict.toml"])
        .status(2)
        .complains("cannot be used with");
    sandbox
        .check(&["cdn", "--config=gone.toml"])
        .status(2)
        .complains("gone.toml: cannot be read as a configuration: no such file or directory");
    sandbox
        .check(&["cdn", "--config=ci"])
        .status(2)
        .complains("ci: cannot be read as a configuration: it is not a regular file");
    sandbox.file("large.toml", "#".repeat((4 << 20) + 1));
    sandbox
        .check(&["cdn", "--config=large.toml"])
        .status(2)
        .complains("it is larger than 4194304 bytes");
}

#[test]
fn standard_input() {
    let sandbox = sandbox(QUANTITY_OFF);
    let rules = |arguments: &[&str], within: &str| {
        let arguments = [&["check", "-", "-o=concise"], arguments].concat();
        let run = sandbox.lint(arguments).within(within).stdin(BATCH).run();
        run.rules().len()
    };
    assert_eq!(rules(&[], "cdn"), 1, "the current directory");
    sandbox.file("cdn/live/cloudfront-lint.toml", "");
    assert_eq!(
        rules(&["--stdin-filename=live/new.xml"], "cdn"),
        2,
        "its own directory"
    );
    assert_eq!(
        rules(&["--stdin-filename=gone/new.xml"], "cdn"),
        1,
        "one that is not there"
    );
}

#[test]
fn the_command_line_beats_overrides_and_these_the_rest() {
    let sandbox = sandbox(
        "preset = \"strict\"
[rules]
quantity-mismatch = \"info\"
[[override]]
files = [\"cdn/**\"]
rules = { service = \"warning\" }
",
    );
    // What an override says of a group beats what the file says of a rule; the preset stays for the rest.
    let expected = ["error missing-namespace", "warning quantity-mismatch"];
    assert_eq!(told(&sandbox, &["."]), expected);
    let expected = ["error missing-namespace"];
    assert_eq!(told(&sandbox, &[".", "--ignore=service"]), expected);
    sandbox.file("b.xml", BATCH);
    assert_eq!(told(&sandbox, &["b.xml"])[1], "note quantity-mismatch");
    let expected = ["note quantity-mismatch"];
    assert_eq!(
        told(&sandbox, &["b.xml", "--select=quantity-mismatch"]),
        expected
    );
}

#[test]
fn later_overrides_beat_earlier_ones() {
    let of = |level: &str, files: &str| {
        format!("[[override]]\nfiles = [{files:?}]\nrules = {{ quantity-mismatch = {level:?} }}\n")
    };
    let sandbox = sandbox(&(of("info", "*.xml") + &of("warning", "live/")));
    assert_eq!(told(&sandbox, &["cdn"])[1], "warning quantity-mismatch");
    let sandbox = self::sandbox(&(of("info", "live/") + &of("warning", "dead/")));
    assert_eq!(
        told(&sandbox, &["cdn/live/a.xml"])[1],
        "note quantity-mismatch"
    );
}

#[test]
fn levels_decide_what_fails() {
    for (config, status) in [
        ("", 1),
        ("rules.quantity-mismatch = \"warning\"", 0),
        (
            "rules.quantity-mismatch = \"warning\"\nfail-on = \"warning\"",
            1,
        ),
        ("rules.service = \"off\"", 0),
        (
            "rules = { service = \"off\", missing-namespace = \"error\" }",
            1,
        ),
        ("fail-on = \"never\"", 0),
        ("preset = \"minimal\"", 1),
        ("select = [\"update\"]", 0),
        ("rules = { all = \"off\" }", 0),
    ] {
        let sandbox = sandbox(config);
        let run = sandbox.check(&["cdn"]);
        assert_eq!(run.status, status, "{config}: {run:#?}");
    }
    let sandbox = sandbox("fail-on = \"never\"");
    sandbox.check(&["cdn", "--fail-on=error"]).status(1);
}

#[test]
fn what_is_mandatory_stays() {
    let sandbox = sandbox("rules = { all = \"off\", schema = \"info\" }");
    sandbox.file("cdn/live/a.xml", "<InvalidationBatch>");
    assert_eq!(told(&sandbox, &["cdn"]), ["error malformed-xml"]);
    let sandbox = self::sandbox("rules.malformed-xml = \"warning\"");
    sandbox
        .check(&["cdn", "-o=concise"])
        .status(2)
        .says("`malformed-xml` cannot be lowered");
}

#[test]
fn options_versions_operations_and_limits() {
    let with = |config: &str, arguments: &[&str]| told(&sandbox(config), arguments).join(", ");
    let expected = "warning missing-namespace, error quantity-mismatch";
    assert_eq!(with("", &["cdn"]), expected);
    let expected = "error limit-exceeded";
    assert_eq!(with("limits.max-depth = 2", &["cdn"]), expected);
    assert_eq!(with("limits.max-size = 10", &["cdn"]), expected);
    assert!(!with("limits.max-depth = 2", &["cdn", "--max-depth=9"]).contains("limit"));
    // Another version has other members.
    let expected = "unknown-element";
    assert!(with("api-version = \"2010-11-01\"", &["cdn"]).contains(expected));
    assert!(
        !with(
            "api-version = \"2010-11-01\"",
            &["cdn", "--api-version=2020-05-31"]
        )
        .contains(expected)
    );
    // Nobody updates an invalidation.
    assert!(with("operation = \"update\"", &["cdn"]).contains("wrong-root"));
    assert!(!with("operation = \"update\"", &["cdn", "--operation=create"]).contains("wrong-root"));
    let sandbox = sandbox("options.max-cnames = 1");
    sandbox.check(&["cdn"]).status(2);
}

#[test]
fn placeholders_hide_values_and_no_elements() {
    let document = "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">
  <CallerReference>TF[ref]</CallerReference>
  <Enabled>TF[enabled]</Enabled>
  <PriceClass>TF[class]</PriceClass>
  <Comment>TF[comment]</Comment>
  <Aliases><Quantity>TF[n]</Quantity><Items><CNAME>TF[a].example</CNAME></Items></Aliases>
  <Enabeld>TF[x]</Enabeld>
</DistributionConfig>
";
    let sandbox = Sandbox::with([("a.xml", document)]);
    let run = sandbox.check(&["a.xml", "-o=concise"]).status(1);
    for rule in ["invalid-boolean", "invalid-enum-value"] {
        assert!(run.rules().contains(&rule), "{run:#?}");
    }
    sandbox.file(FILE, "placeholders = [\"TF[*]\"]");
    let run = sandbox.check(&["a.xml", "-o=concise"]).status(1);
    snapshot("config_placeholders", &run.normalised());
}

#[test]
fn excluded_paths() {
    let sandbox = sandbox("exclude = [\"cdn/old/\", \"*.gen.xml\"]\n");
    for path in ["cdn/old/deep/b.xml", "cdn/live/c.gen.xml"] {
        sandbox.file(path, BATCH);
    }
    let files = |arguments: &[&str]| {
        let run = sandbox
            .check(&[&["--show-files"], arguments].concat())
            .status(0);
        run.stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(files(&["."]), ["cdn/live/a.xml"]);
    assert_eq!(files(&["cdn/live"]), ["cdn/live/a.xml"]);
    assert_eq!(files(&[".", "--isolated"]).len(), 3);
    // Who names something wants it.
    assert_eq!(files(&["cdn/old"]), ["cdn/old/deep/b.xml"]);
    assert_eq!(files(&["cdn/old/deep/b.xml"]), ["cdn/old/deep/b.xml"]);
    assert_eq!(files(&["cdn/live/c.gen.xml", "--force-exclude"]), [""; 0]);
    assert_eq!(files(&["cdn/old", "--force-exclude"]), [""; 0]);
    assert_eq!(
        files(&["cdn/old/deep/b.xml", "cdn/live/a.xml", "--force-exclude"]),
        ["cdn/live/a.xml"]
    );
}

#[test]
fn a_nested_configuration_brings_nothing_back() {
    let sandbox = sandbox("exclude = [\"cdn/\"]\n");
    sandbox.file("cdn/cloudfront-lint.toml", "");
    let run = sandbox
        .check(&[".", "--show-files", "--allow-empty"])
        .status(0);
    assert_eq!(run.stdout, "");
    let run = sandbox
        .check(&["cdn/live/a.xml", "--show-files", "--force-exclude"])
        .status(0);
    assert_eq!(run.stdout, "");
}

#[test]
fn named_files_that_are_excluded_are_accounted_for() {
    let sandbox = sandbox("\nexclude = [\"cdn/\"]\n");
    let arguments = ["cdn/live/a.xml", "--force-exclude"];
    let run = sandbox.check(&arguments).status(0);
    assert_eq!(
        run.stdout,
        "no documents checked, 1 file excluded by configuration\n"
    );
    let run = sandbox
        .check(&[&arguments[..], &["-o=json"]].concat())
        .status(0);
    let skipped = &run.json()["skipped_files"][0];
    assert_eq!(skipped["file"], "cdn/live/a.xml");
    assert_eq!(skipped["reason"], "excluded by cloudfront-lint.toml:2");
    // A text that is passed through stays whole.
    let run = sandbox
        .lint([
            "check",
            "-",
            "--stdin-filename=cdn/x.xml",
            "--force-exclude",
            "--fix",
        ])
        .stdin(BATCH)
        .run()
        .status(0);
    assert_eq!(run.stdout, BATCH);
}

#[test]
fn all_mistakes_at_once() {
    let sandbox = sandbox(
        "preset = \"stric\"
fail-onn = \"error\"
api-version = 2020-05-30
exclude = [\"cdn/[old\", 1]
select = [\"schemaa\"]
placeholders = [\"*\"]
require-reason = \"yes\"

[rules]
quantity-mismach = \"warning\"
malformed-xml = \"off\"
cost = \"of\"
unused-origin = 1

[options]
max-origin = 20
max-aliases = -1

[limits]
max-sise = 1

[[override]]
rules = { cost = \"info\" }

[[ignore]]
rule = \"service\"
until = \"soon\"
",
    );
    for format in brief_formats() {
        let run = sandbox.check(&["cdn", "-o", format]).status(2);
        snapshot(&format!("config_mistakes_{format}"), &run.normalised());
    }
    // Nothing is checked with half of a configuration, and nothing is lost: another file has no mistakes.
    sandbox
        .file("good/a.xml", BATCH)
        .file("good/cloudfront-lint.toml", "");
    let run = sandbox.check(&[".", "-o=json"]).status(2);
    let json = run.json();
    assert_eq!(json["summary"]["documents"], 1);
    assert_eq!(json["skipped_files"][0]["file"], "cdn/live/a.xml");
    let reason = "cloudfront-lint.toml, its configuration, has mistakes";
    assert_eq!(json["skipped_files"][0]["reason"], reason);
}

#[test]
fn keys_behind_the_head_of_a_table() {
    let sandbox = sandbox(
        "[rules]
fail-on = \"warning\"
exclude = [\"x\"]
[options]
override = []
[limits]
options = {}
[[override]]
files = [\"*.xml\"]
baseline = \"\"
",
    );
    let run = sandbox.check(&["cdn"]);
    assert_eq!(run.status, 2);
    snapshot("config_misplaced_keys", &run.stdout);
}

#[test]
fn texts_that_say_nothing() {
    let config = "baseline = \"\"
policies = [\" \"]
[[ignore]]
rule = \"quantity-mismatch\"
reason = \"\"
";
    let run = sandbox(config).check(&["cdn", "-o=concise"]);
    assert_eq!(
        run.stdout,
        "cloudfront-lint.toml:1:12: error: `baseline` is empty [invalid-configuration-value]
cloudfront-lint.toml:2:13: error: `policies` is empty [invalid-configuration-value]
cloudfront-lint.toml:5:10: error: `reason` is empty [invalid-configuration-value]
"
    );
}

#[test]
fn what_is_no_toml_has_a_place() {
    for (text, place) in [
        ("exclude = [\n", ":1:12: "),
        ("[rules\n", ":1:7: "),
        ("fail-on = error\n", ":1:11: "),
        ("[rules]\ncost = \"off\"\ncost = \"off\"\n", ":3:1: "),
        ("rules = {\n", ":1:10: "),
        ("a = 2026-02-30\n", ":1:5: "),
    ] {
        let run = sandbox(text).check(&["cdn", "-o=concise"]).status(2);
        let line = run.stdout.lines().next().unwrap_or_default();
        assert!(
            line.starts_with(&format!("{FILE}{place}error: this is not TOML")),
            "{text}: {run:#?}"
        );
    }
    let sandbox = Sandbox::with([("a.xml", BATCH)]);
    sandbox.file(FILE, b"comment = \"\xff\"\n");
    sandbox
        .check(&["a.xml", "-o=concise"])
        .status(2)
        .says(&format!("{FILE}:1:"));
}

#[test]
fn other_commands_name_the_mistakes() {
    let sandbox = sandbox("api-versoin = \"2020-05-31\"\n");
    let place = "cloudfront-lint.toml: line 1, column 1: \"api-versoin\" is no key here (did you mean `api-version`?)";
    for arguments in [
        &["diff", "cdn/live/a.xml", "cdn/live/a.xml"][..],
        &["dry-run", "create", "cdn/live/a.xml"],
        &["dry-run", "promote", "cdn/live/a.xml", "cdn/live/a.xml"],
    ] {
        sandbox.lint(arguments).run().status(2).complains(place);
        let isolated = [arguments, &["--isolated"]].concat();
        let run = sandbox.lint(isolated).run();
        assert!(!run.stderr.contains(FILE), "{run:#?}");
    }
    sandbox
        .check(&["--show-settings", "cdn/live/a.xml"])
        .status(2)
        .says("is no key here");
}

#[test]
fn dry_runs_and_diffs_are_configured() {
    let sandbox = sandbox("limits.max-depth = 2\n");
    for arguments in [
        &["diff", "cdn/live/a.xml", "cdn/live/a.xml"][..],
        &["dry-run", "create", "cdn/live/a.xml"],
        &["dry-run", "promote", "cdn/live/a.xml", "cdn/live/a.xml"],
    ] {
        let run = sandbox.lint(arguments).run().status(2);
        assert!(run.stderr.contains("nested more than 2 deep"), "{run:#?}");
    }
}

#[test]
fn parts_without_effect() {
    let config = "exclude = [\"gone/\", \"cdn/old/\", \"*.gen.xml\"]

[[override]]
files = [\"cdn/live/\"]

[[override]]
files = [\"live/*.xml\", \"dead/\"]
";
    let sandbox = sandbox(config);
    sandbox.file("cdn/old/b.xml", BATCH);
    let run = sandbox
        .check(&[".", "-o=concise", "--select=configuration"])
        .status(0);
    snapshot("config_without_effect", &run.normalised());
    // A run that saw a part only knows nothing of the rest.
    for arguments in [&["cdn"][..], &["cdn/live/a.xml"], &["."]] {
        let run = sandbox.check(&[arguments, &["-o=concise", "--select=configuration"]].concat());
        assert_eq!(
            run.rules().len(),
            if arguments == ["."] { 3 } else { 0 },
            "{arguments:?}"
        );
    }
    sandbox.file(
        FILE,
        format!("rules.unused-configuration = \"off\"\n{config}"),
    );
    assert!(
        !told(&sandbox, &["."])
            .concat()
            .contains("unused-configuration")
    );
}

#[test]
fn settings_with_their_origins() {
    let sandbox = sandbox(
        "preset = \"minimal\"
placeholders = [\"${*}\"]

[rules]
quantity-mismatch = \"warning\"
performance = \"info\"

[options]
max-aliases = 200

[[override]]
files = [\"live/\"]
fail-on = \"info\"
rules = { service = \"off\" }
",
    );
    let arguments = ["--show-settings", "cdn/live/a.xml", "--set=max-origins=30"];
    let run = sandbox.check(&arguments).status(0);
    let text: String = run
        .stdout
        .lines()
        // Most rules are off for the same two reasons.
        .filter(|line| {
            !line.contains("= \"off\"") || line.starts_with('q') || line.starts_with("lost-a")
        })
        .map(|line| format!("{line}\n"))
        .collect();
    snapshot("config_settings", &text);
    let run = sandbox
        .check(&["--show-settings", "x.xml", "--isolated"])
        .status(0);
    snapshot("config_settings_isolated", &run.stdout);
}

#[test]
fn settings_of_policies_and_of_what_is_accepted() {
    let rule = |name: &str| {
        format!(
            "[[rule]]\nname = \"team/{name}\"\nsummary = \"x\"\n\
             select = \"InvalidationBatch/CallerReference\"\nequals = \"x\"\n"
        )
    };
    let sandbox = sandbox(
        "policies = [\"policy/\"]
require-reason = true
baseline = \"old.jsonl\"

[rules]
\"team/one\" = \"info\"

[[ignore]]
rule = \"quantity-mismatch\"
at = \"/InvalidationBatch/Paths\"
reason = \"counted later\"
until = 2999-12-31

[[ignore]]
rule = \"missing-namespace\"
files = [\"cdn/\"]
reason = \"added on the way\"

[[ignore]]
rule = \"missing-namespace\"
files = [\"elsewhere/\"]
reason = \"of another file\"

[[ignore]]
rule = \"missing-namespace\"
reason = \"over\"
until = 2001-12-31
",
    );
    sandbox.file("policy/one.toml", rule("one"));
    sandbox.file("two.toml", rule("two"));
    let arguments = [
        "--show-settings=cdn/live/a.xml",
        "--policy=two.toml",
        "--ignore=team/two",
        "--baseline=new.jsonl",
    ];
    let run = sandbox.check(&arguments).status(0);
    snapshot("config_settings_of_policies", &run.stdout);
    toml::from_str::<toml::Table>(&run.stdout).expect("it is TOML");
    let given = sandbox.check(&["--show-settings=-", "--stdin-filename=cdn/live/a.xml"]);
    let named = sandbox.check(&["--show-settings=cdn/live/a.xml"]);
    assert_eq!(given.status(0).stdout, named.status(0).stdout);
    sandbox
        .check(&["--show-settings=cdn"])
        .status(2)
        .complains("cdn: is a directory: name a file");
    for flag in ["--fix", "--diff", "--add-ignores", "--write-baseline"] {
        sandbox
            .check(&["--show-settings=cdn/live/a.xml", flag])
            .status(2)
            .complains("cannot be used with");
    }
}

#[test]
fn a_first_configuration() {
    let document = BATCH.replace("/index.html", "/${release}/*");
    let sandbox = Sandbox::with([
        ("cdn/a.xml", &document[..]),
        ("cdn/b.xml", BATCH),
        ("pom.xml", "<project/>"),
    ]);
    let run = sandbox.lint(["init", "--stdout"]).run().status(0);
    snapshot("config_init", &run.stdout);
    let text = run.stdout;
    let run = sandbox.lint(["init"]).run().status(0);
    assert_eq!(
        (&run.stdout[..], &run.stderr[..]),
        ("", "wrote cloudfront-lint.toml\n")
    );
    assert_eq!(sandbox.read(FILE), text);
    sandbox.check(&["cdn/b.xml"]).status(1);
    // What is there stays.
    sandbox
        .lint(["init"])
        .run()
        .status(2)
        .complains("cloudfront-lint.toml: is there already");
    sandbox.file("cdn/.cloudfront-lint.toml", "");
    sandbox
        .lint(["init", "cdn"])
        .run()
        .status(2)
        .complains("cdn/.cloudfront-lint.toml: is there already");
    assert_eq!(sandbox.read(FILE), text);
    sandbox
        .lint(["init", "gone"])
        .run()
        .status(2)
        .complains("gone: is no directory");
    // What stands in comments holds as well.
    let uncommented = |line: &str| match line.strip_prefix("# ") {
        Some(rest) if rest.contains(" = ") || rest.starts_with('[') => format!("{rest}\n"),
        _ => format!("{line}\n"),
    };
    let all: String = text.lines().map(uncommented).collect();
    assert!(all.contains("\n[[ignore]]\nrule = "), "{all}");
    sandbox.file(
        FILE,
        all.replace("policies = ", "# ")
            .replace("baseline = ", "# "),
    );
    let run = sandbox.check(&["cdn/b.xml", "-o=concise"]);
    assert_ne!(run.status, 2, "{run:#?}");
}

#[test]
fn several_accounts_are_not_compared() {
    let document = |account: &str| {
        format!(
            "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><ViewerCertificate>\
             <ACMCertificateArn>arn:aws:acm:us-east-1:{account}:certificate/x</ACMCertificateArn></ViewerCertificate></DistributionConfig>"
        )
    };
    let sandbox = Sandbox::new();
    sandbox.file("a.xml", document("111122223333"));
    let run = sandbox.lint(["init", "--stdout"]).run().status(0);
    assert!(run.stdout.contains("\n# fleet = \"off\"\n"), "{run:#?}");
    sandbox.file("b.xml", document("444455556666"));
    let run = sandbox.lint(["init", "--stdout"]).run().status(0);
    assert!(
        run.stdout.contains("\n[rules]\nfleet = \"off\"\n"),
        "{run:#?}"
    );
}

#[test]
fn the_environment_changes_nothing() {
    let sandbox = sandbox("preset = \"strict\"\n");
    sandbox.file("home/cloudfront-lint.toml", "rules.all = \"off\"\n");
    sandbox.file(
        "home/.config/cloudfront-lint/cloudfront-lint.toml",
        "rules.all = \"off\"\n",
    );
    let plain = sandbox.lint(["check", "cdn", "-o=json"]).run();
    let home = sandbox.path("home");
    let home = home.to_str().unwrap();
    let mut lint = sandbox.lint(["check", "cdn", "-o=json"]);
    for (name, value) in [
        ("HOME", home),
        ("XDG_CONFIG_HOME", home),
        ("CLOUDFRONT_LINT_CONFIG", "home/cloudfront-lint.toml"),
        ("CLOUDFRONT_LINT_FAIL_ON", "never"),
        ("GIT_DIR", "home"),
        ("LANG", "de_DE.UTF-8"),
        ("TZ", "Asia/Tokyo"),
        ("CI", "true"),
        ("AWS_REGION", "eu-central-1"),
        ("RAYON_NUM_THREADS", "1"),
    ] {
        lint = lint.env(name, value);
    }
    let run = lint.run();
    assert_eq!(
        (run.status, run.stdout, run.stderr),
        (plain.status, plain.stdout, plain.stderr)
    );
}

#[test]
fn presets_are_listed() {
    let sandbox = Sandbox::new();
    let run = sandbox.lint(["rules", "--presets"]).run().status(0);
    snapshot("config_presets", &run.stdout);
    let run = sandbox
        .lint(["rules", "--presets", "--format=json"])
        .run()
        .status(0);
    assert_eq!(run.json()[1]["name"], "minimal");
}

#[test]
fn many_files_and_many_patterns() {
    let patterns: Vec<String> = (0..500).map(|n| format!("\"generated/{n}/\"")).collect();
    let sandbox = sandbox(&format!("exclude = [{}]\n", patterns.join(", ")));
    for n in 0..200 {
        sandbox.file(&format!("cdn/{n}.xml"), BATCH);
    }
    let run = sandbox
        .check(&["cdn", "-o=json", "--ignore=fleet"])
        .status(1);
    assert_eq!(run.json()["summary"]["documents"], 201);
}
