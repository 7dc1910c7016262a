//! `cloudfront-lint dry-run`: what the service would answer, in each format and for each of its stages.

use std::path::Path;

use serde_json::Value;

use crate::support::{Lint, Run, Sandbox};

/// A run in the directory of the project.
fn lint(arguments: &[&str]) -> Run {
    Lint::new(Path::new(env!("CARGO_MANIFEST_DIR")), arguments).run()
}

fn dry_run(arguments: &[&str]) -> Run {
    lint(&[&["dry-run"], arguments].concat())
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn every_stage_in_every_format() {
    for (name, status, arguments) in [
        ("body", 1, &["create", "testdata/syntax/empty.xml"][..]),
        (
            "malformed",
            1,
            &["create", "testdata/dry-run/create-malformed.xml"],
        ),
        (
            "not_read",
            1,
            &["create", "testdata/dry-run/create-not-read.xml"],
        ),
        ("model", 1, &["create", "testdata/dry-run/create-model.xml"]),
        (
            "own_checks",
            1,
            &["create", "testdata/dry-run/create-own-checks.xml"],
        ),
        (
            "accepted",
            0,
            &["create", "testdata/dry-run/create-accepted.xml"],
        ),
        (
            "perhaps",
            0,
            &["create", "testdata/dry-run/create-perhaps.xml"],
        ),
        (
            "update",
            1,
            &[
                "update",
                "testdata/dry-run/update-new.xml",
                "--against=testdata/dry-run/update-old.xml",
            ],
        ),
    ] {
        for format in ["pretty", "xml", "json"] {
            let run = dry_run(&[arguments, &["--format", format]].concat()).status(status);
            snapshot(&format!("dry_run_{name}_{format}"), &run.normalised());
        }
    }
}

#[test]
fn pages() {
    for (name, arguments) in [
        ("help_dry_run", &["--help"][..]),
        ("help_dry_run_create", &["create", "--help"]),
        ("help_dry_run_update", &["update", "--help"]),
    ] {
        snapshot(name, &dry_run(arguments).status(0).normalised());
    }
}

const ACCEPTED: &str = include_str!("../../testdata/dry-run/create-accepted.xml");
const BATCH: &str = "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
    <Paths><Quantity>1</Quantity><Items><Path>/*</Path></Items></Paths>\
    <CallerReference>purge</CallerReference></InvalidationBatch>";

fn sandbox() -> Sandbox {
    Sandbox::with([("a.xml", ACCEPTED), ("b.xml", BATCH), ("c.xml", "<rss/>")])
}

#[test]
fn each_file_has_its_answer() {
    let sandbox = sandbox();
    let run = sandbox
        .lint(["dry-run", "create", "c.xml", "a.xml", "b.xml"])
        .run();
    let run = run.status(1);
    let heads: Vec<&str> = run
        .stdout
        .lines()
        .filter(|l| l.contains(".xml: "))
        .collect();
    assert_eq!(
        heads,
        [
            "a.xml: CreateDistribution would accept it: 201",
            "b.xml: CreateInvalidation would accept it: 201",
            "c.xml: CloudFront would answer 400 MalformedInput"
        ]
    );
    let json = sandbox
        .lint(["dry-run", "create", "a.xml", "c.xml", "--format=json"])
        .run();
    let answers = json.json();
    let verdicts: Vec<&Value> = (0..2).map(|n| &answers["answers"][n]["verdict"]).collect();
    assert_eq!(verdicts, ["accepted", "refused"]);
    // A body for each that is refused; whose it is stands on standard error.
    let run = sandbox
        .lint(["dry-run", "create", "a.xml", "c.xml", "--format=xml"])
        .run();
    let run = run.status(1);
    assert_eq!(run.stdout.matches("<ErrorResponse").count(), 1);
    run.complains(
        "a.xml: CreateDistribution would accept it: 201\nc.xml: CloudFront would answer 400",
    );
}

#[test]
fn standard_input() {
    let sandbox = sandbox();
    let lint = |arguments: &[&str]| sandbox.lint([&["dry-run"], arguments].concat());
    lint(&["create", "-"])
        .stdin(ACCEPTED)
        .run()
        .status(0)
        .says("<stdin>: CreateDistribution would accept it");
    lint(&["create", "-", "--stdin-filename=x.xml"])
        .stdin("")
        .run()
        .status(1)
        .says("x.xml: CloudFront would answer 400 MissingBody");
}

#[test]
fn what_cannot_be_answered_is_a_failed_run() {
    let sandbox = sandbox();
    sandbox.file("d.xml", "<!DOCTYPE x><x/>").directory("e");
    let lint = |arguments: &[&str]| sandbox.lint([&["dry-run"], arguments].concat()).run();
    lint(&["create", "gone.xml", "a.xml"])
        .status(2)
        .complains("error: gone.xml: no such file or directory")
        .says("a.xml: CreateDistribution would accept it");
    lint(&["create", "d.xml"])
        .status(2)
        .complains("error: d.xml: line 1, column 1: ");
    lint(&["create", "d.xml", "--format=json"])
        .status(2)
        .says("\"file\": \"d.xml\"");
    lint(&["create", "a.xml", "e"])
        .status(2)
        .complains("error: e: is a directory: name files");
    lint(&["create", "a.xml", "--max-size=10"])
        .status(2)
        .complains("error: a.xml: is larger than --max-size");
    lint(&["create"]).status(2).complains("<FILE>...");
    lint(&[
        "update",
        "a.xml",
        "--against=c.xml",
        "--api-version=2020-05-3",
    ])
    .status(2)
    .complains("no API version");
    lint(&["update", "a.xml", "--against=gone.xml"])
        .status(2)
        .complains("error: gone.xml: no such file or directory");
    lint(&["update", "a.xml", "--against=d.xml"])
        .status(2)
        .complains("error: d.xml: line 1, column 1: ");
}

#[test]
fn the_call_can_be_named() {
    let sandbox = sandbox();
    let lint = |arguments: &[&str]| sandbox.lint([&["dry-run"], arguments].concat()).run();
    lint(&["create", "b.xml", "--call=CreateDistribution"])
        .status(1)
        .says("CreateDistribution would answer 400 MalformedInput")
        .says("InvalidationBatch is not what CreateDistribution takes");
    lint(&["update", "b.xml"])
        .status(1)
        .says("InvalidationBatch cannot be sent to update anything [wrong-root]");
    lint(&["create", "b.xml", "--call=CreateDistributions"])
        .status(2)
        .complains("did you mean CreateDistribution?");
    lint(&["create", "b.xml", "--call=UpdateDistribution"])
        .status(2)
        .complains("error: UpdateDistribution is no operation to create: say `dry-run update`");
}

#[test]
fn options_of_check() {
    let sandbox = sandbox();
    let aliases: String = (0..101)
        .map(|n| format!("<CNAME>w{n}.example.com</CNAME>"))
        .collect();
    let many = ACCEPTED.replace(
        "<Origins>",
        &format!("<Aliases><Quantity>101</Quantity><Items>{aliases}</Items></Aliases><Origins>"),
    );
    sandbox.file("many.xml", many);
    let lint = |arguments: &[&str]| {
        sandbox
            .lint([&["dry-run", "create"], arguments].concat())
            .run()
    };
    let text = "(AWS raises quotas: --set max-aliases=NUMBER; the words are ours)";
    lint(&["many.xml"])
        .says("400 TooManyDistributionCNAMEs")
        .says(text);
    let raised = lint(&["many.xml", "--set=max-aliases=200"]);
    assert!(!raised.stdout.contains("TooMany"), "{raised:#?}");
    lint(&["a.xml", "--api-version=2016-11-25", "--format=xml"])
        .status(1)
        .says("http://cloudfront.amazonaws.com/doc/2016-11-25/");
    let plain = lint(&["a.xml"]).stdout;
    let painted = lint(&["a.xml", "--color=always"]).stdout;
    assert!(!plain.contains('\u{1b}') && painted.contains("\u{1b}["));
}

#[test]
fn a_hostile_name_reaches_no_terminal() {
    let sandbox = sandbox();
    sandbox.file(
        "x.xml",
        BATCH
            .replace("/*", "\u{202E}##[error]x")
            .replace("<Quantity>1", "<Quantity>7"),
    );
    for format in ["pretty", "xml", "json"] {
        let run = sandbox
            .lint(["dry-run", "create", "x.xml", "--format", format])
            .run();
        assert!(!run.stdout.contains('\u{202E}'), "{run:#?}");
        assert!(!run.stdout.contains("##[error]"), "{run:#?}");
    }
}

#[test]
fn many_refusals_are_counted_for_people() {
    let sandbox = Sandbox::new();
    let paths: String = (0..80).map(|n| format!("<Path>p{n}</Path>")).collect();
    let behaviors = "<CacheBehavior/>".repeat(20);
    let documents = [
        (
            "batch.xml",
            "InvalidationBatch",
            format!(
                "<Paths><Quantity>80</Quantity><Items>{paths}</Items></Paths><CallerReference>a</CallerReference>"
            ),
        ),
        (
            "shop.xml",
            "DistributionConfig",
            format!(
                "<CacheBehaviors><Quantity>20</Quantity><Items>{behaviors}</Items></CacheBehaviors>"
            ),
        ),
    ];
    for (name, root, content) in documents {
        let text = format!(
            "<{root} xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">{content}</{root}>"
        );
        sandbox.file(name, &text);
    }
    let lint = |arguments: &[&str]| sandbox.lint(arguments).run();
    let batch = lint(&["dry-run", "create", "batch.xml"]);
    let batch = batch.says("\n  … and 29 more; --format json shows all\n");
    assert_eq!(batch.stdout.matches("→").count(), 51);
    // 60 members of behaviors, and five of the distribution.
    let shop = lint(&["dry-run", "create", "shop.xml"]);
    let shop = shop
        .says("65 validation errors detected")
        .says("  … and 15 more; --format json shows all\n");
    assert_eq!(shop.stdout.matches("→").count(), 50);
    let json = lint(&["dry-run", "create", "batch.xml", "--format", "json"]);
    assert_eq!(
        json.json()["answers"][0]["behind"].as_array().map(Vec::len),
        Some(79)
    );
}
