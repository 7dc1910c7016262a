//! `check --primary`, `dry-run copy` and `dry-run promote`.

use std::path::Path;

use crate::support::{Lint, Run, Sandbox, brief_formats};

const PRIMARY: &str = include_str!("../../testdata/staging/primary.xml");
const STAGING: &str = include_str!("../../testdata/staging/staging.xml");
const REQUEST: &str = include_str!("../../testdata/staging/request.xml");

/// A run in the directory of the examples.
fn lint(arguments: &[&str]) -> Run {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/staging");
    Lint::new(&folder, arguments).run()
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

fn sandbox() -> Sandbox {
    Sandbox::with([
        ("primary.xml", PRIMARY),
        ("staging.xml", STAGING),
        ("request.xml", REQUEST),
    ])
}

/// The certificate of the primary distribution, so that the aliases are covered.
fn covered() -> String {
    let part = |text: &str| {
        let start = text.find("<ViewerCertificate>").unwrap();
        let end = text.find("</ViewerCertificate>").unwrap();
        text[start..end].to_owned()
    };
    STAGING.replace(&part(STAGING), &part(PRIMARY))
}

/// The primary distribution with HTTP/3.
fn with_http3() -> String {
    PRIMARY.replace("<HttpVersion>http2<", "<HttpVersion>http2and3<")
}

#[test]
fn answers_in_every_format() {
    for (name, status, arguments) in [
        (
            "copy",
            0,
            &["copy", "primary.xml", "--request=request.xml"][..],
        ),
        (
            "copy_wrong_request",
            1,
            &["copy", "primary.xml", "--request=wrong-request.xml"],
        ),
        (
            "copy_unfit",
            1,
            &["copy", "unfit.xml", "--request=request.xml"],
        ),
        ("promote", 1, &["promote", "primary.xml", "staging.xml"]),
    ] {
        for format in ["pretty", "json", "xml"] {
            let run = lint(&[&["dry-run"], arguments, &["--format", format]].concat());
            snapshot(
                &format!("staging_{name}_{format}"),
                &run.status(status).normalised(),
            );
        }
    }
}

#[test]
fn a_staging_distribution_beside_its_primary_one() {
    for format in brief_formats() {
        let run = lint(&[
            "check",
            "mistakes.xml",
            "--primary=primary.xml",
            "-o",
            format,
        ]);
        snapshot(
            &format!("staging_check_{format}"),
            &run.status(1).normalised(),
        );
    }
}

#[test]
fn pages() {
    for (name, arguments) in [
        ("help_dry_run_copy", ["dry-run", "copy", "--help"]),
        ("help_dry_run_promote", ["dry-run", "promote", "--help"]),
    ] {
        snapshot(name, &lint(&arguments).status(0).normalised());
    }
}

#[test]
fn the_copy_is_written_and_is_a_staging_distribution() {
    let sandbox = sandbox();
    let copy = ["dry-run", "copy", "primary.xml", "--request=request.xml"];
    let write = |target: &str| {
        sandbox
            .lint([&copy[..], &["--write", target]].concat())
            .run()
    };
    write("made.xml")
        .status(0)
        .says("CopyDistribution would accept it: 201");
    let made = sandbox.read("made.xml");
    snapshot("staging_made_by_copy", &made);
    // It is what the primary distribution can have for a staging distribution: no rule about the two speaks.
    sandbox
        .lint([
            "check",
            "made.xml",
            "--primary=primary.xml",
            "--select=fleet",
        ])
        .run()
        .status(0);
    // A file that is there is replaced.
    sandbox.file("made.xml", "something else");
    write("made.xml").status(0);
    assert_eq!(sandbox.read("made.xml"), made);
    // On standard output it is alone.
    let run = write("-").status(0);
    assert_eq!(run.stdout, made);
    run.complains("CopyDistribution would accept it: 201");
    // With the same bytes in an answer of the API.
    let answer = PRIMARY
        .replace("<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">", "<Distribution xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Id>E1A2B3EXAMPLE99</Id><DistributionConfig>")
        .replace("</DistributionConfig>", "</DistributionConfig></Distribution>");
    sandbox.file("primary.xml", answer);
    assert_eq!(write("-").status(0).stdout, made);
}

#[test]
fn what_is_refused_is_not_written() {
    let sandbox = sandbox();
    sandbox.file(
        "request.xml",
        REQUEST.replace("CallerReference>", "Callerreference>"),
    );
    let copy = [
        "dry-run",
        "copy",
        "primary.xml",
        "--request=request.xml",
        "--write",
    ];
    for (target, said) in [("made.xml", "made.xml"), ("-", "standard output")] {
        let run = sandbox
            .lint([&copy[..], &[target]].concat())
            .run()
            .status(1);
        run.complains(&format!("{said} is not written: the call would be refused"));
    }
    assert!(!sandbox.path("made.xml").exists());
    let promote = [
        "dry-run",
        "promote",
        "primary.xml",
        "staging.xml",
        "--write",
        "primary.xml",
    ];
    sandbox
        .lint(promote)
        .run()
        .status(1)
        .complains("primary.xml is not written");
    assert_eq!(sandbox.read("primary.xml"), PRIMARY);
}

#[test]
fn what_is_read_is_not_written() {
    let sandbox = sandbox();
    sandbox.file("staging.xml", covered());
    for (arguments, target) in [
        (
            ["copy", "primary.xml", "--request=request.xml"],
            "primary.xml",
        ),
        (
            ["copy", "primary.xml", "--request=request.xml"],
            "./request.xml",
        ),
        (["promote", "primary.xml", "staging.xml"], "staging.xml"),
    ] {
        let run = sandbox
            .lint([&["dry-run"], &arguments[..], &["--write", target]].concat())
            .run();
        run.status(2)
            .complains("is read by this command, so --write must name another file");
    }
    assert_eq!(sandbox.read("primary.xml"), PRIMARY);
    // To have the new primary document in the place of the old one is what a promotion is for.
    let promote = [
        "dry-run",
        "promote",
        "primary.xml",
        "staging.xml",
        "--write=primary.xml",
    ];
    sandbox.lint(promote).run().status(0);
    let promoted = sandbox.read("primary.xml");
    assert!(promoted.contains("amzn-s3-demo-green") && promoted.contains("shop.example.com"));
    snapshot("staging_made_by_promote", &promoted);
}

#[test]
fn a_finding_points_into_the_file_that_it_is_from() {
    let sandbox = sandbox();
    let promote = [
        "dry-run",
        "promote",
        "primary.xml",
        "staging.xml",
        "--format=json",
    ];
    let json = sandbox.lint(promote).run().status(1).json();
    let fault = &json["answers"][0]["answer"]["faults"][0];
    assert_eq!(fault["rule"], "alias-without-certificate");
    let text_at = |place: &serde_json::Value, text: &str| {
        let at = |end: &str| place["span"][end]["offset"].as_u64().unwrap() as usize;
        text[at("start")..at("end")].to_owned()
    };
    assert_eq!(fault["file"], "primary.xml");
    assert_eq!(text_at(fault, PRIMARY), "Aliases");
    let related = &fault["related"][0];
    assert_eq!(related["file"], "staging.xml");
    assert_eq!(text_at(related, STAGING), "true");
    assert!(STAGING.contains("<CloudFrontDefaultCertificate>true<"));
}

#[test]
fn standard_input() {
    let sandbox = sandbox();
    sandbox
        .lint([
            "dry-run",
            "copy",
            "-",
            "--request=request.xml",
            "--stdin-filename=p.xml",
        ])
        .stdin(PRIMARY)
        .run()
        .status(0)
        .says("p.xml: CopyDistribution would accept it");
    sandbox
        .lint(["dry-run", "copy", "-", "--request=-"])
        .stdin(PRIMARY)
        .run()
        .status(2)
        .complains("standard input cannot be both documents");
}

#[test]
fn what_cannot_be_rehearsed_is_a_failed_run() {
    let sandbox = sandbox();
    sandbox
        .file("old.xml", PRIMARY.replace("2020-05-31", "2018-06-18"))
        .file("broken.xml", "<DistributionConfig>")
        .file(
            "incomplete.xml",
            PRIMARY.replace("  <Enabled>true</Enabled>\n", ""),
        )
        .file(
            "batch.xml",
            "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"/>",
        );
    for (primary, words) in [
        ("gone.xml", "gone.xml: "),
        (
            "old.xml",
            "old.xml: is written for API version 2018-06-18, which has no staging distributions",
        ),
        (
            "broken.xml",
            "broken.xml: line 1, column 1: `<DistributionConfig>` is never closed",
        ),
        (
            "batch.xml",
            "batch.xml: is no configuration of a distribution",
        ),
    ] {
        let copy = ["dry-run", "copy", primary, "--request=request.xml"];
        sandbox.lint(copy).run().status(2).complains(words);
        let promote = ["dry-run", "promote", primary, "staging.xml"];
        sandbox.lint(promote).run().status(2).complains(words);
    }
    let promote = ["dry-run", "promote", "primary.xml", "incomplete.xml"];
    sandbox.lint(promote).run().status(2).complains(
        "incomplete.xml: line 2, column 2: is none that a distribution can have: DistributionConfig is incomplete: \
         missing Enabled",
    );
}

#[test]
fn a_primary_distribution_is_for_one_document() {
    let sandbox = sandbox();
    let check = |arguments: &[&str]| sandbox.check(arguments);
    check(&["staging.xml", "request.xml", "--primary=primary.xml"])
        .status(2)
        .complains("primary.xml: is the primary distribution of one staging distribution, but 2 documents are checked");
    check(&["staging.xml", "--primary=gone.xml"])
        .status(2)
        .complains("gone.xml: ");
    check(&["staging.xml", "--primary=request.xml"])
        .status(2)
        .complains(
            "request.xml: is no configuration of a distribution, so it cannot be the primary one",
        );
}

#[test]
fn primary_and_against_stand_together() {
    let sandbox = sandbox();
    sandbox
        .file("old.xml", STAGING.replace("shop-green", "shop-red"))
        .file("primary.xml", with_http3());
    let run = sandbox.check(&[
        "staging.xml",
        "--primary=primary.xml",
        "--against=old.xml",
        "--output=concise",
    ]);
    let run = run.status(1);
    run.says("[caller-reference-changed]");
    let run = sandbox.check(&["staging.xml", "--primary=primary.xml", "--output=concise"]);
    run.says("[unfit-primary]");
}

#[test]
fn the_limit_of_the_staging_document_holds_for_the_primary_one() {
    let sandbox = sandbox();
    sandbox.file(
        "primary.xml",
        format!("{PRIMARY}<!-- {} -->", "x".repeat(STAGING.len())),
    );
    let config = format!(
        "[[override]]\nfiles = [\"staging.xml\"]\nlimits.max-size = {}\n",
        STAGING.len()
    );
    sandbox.file("cloudfront-lint.toml", config);
    sandbox
        .check(&["staging.xml", "--primary=primary.xml"])
        .status(2)
        .complains("primary.xml: is larger than --max-size");
}
