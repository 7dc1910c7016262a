//! `--against`: what an update would be refused for.

use crate::documents::{CLEAN, MALFORMED};
use crate::support::{Sandbox, formats};

const RULE: &str = "caller-reference-changed";

/// A streaming distribution with this caller reference, whole and valid.
fn streaming(reference: &str) -> String {
    format!(
        r#"<StreamingDistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <CallerReference>{reference}</CallerReference>
  <S3Origin>
    <DomainName>media.s3.amazonaws.com</DomainName>
    <OriginAccessIdentity></OriginAccessIdentity>
  </S3Origin>
  <Comment></Comment>
  <TrustedSigners>
    <Enabled>false</Enabled>
    <Quantity>0</Quantity>
  </TrustedSigners>
  <Enabled>true</Enabled>
</StreamingDistributionConfig>
"#
    )
}

/// The answer of `GetStreamingDistribution` that holds it.
fn response(reference: &str) -> String {
    let config = streaming(reference).replace(
        r#" xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/""#,
        "",
    );
    format!(
        r#"<StreamingDistribution xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <Id>E1A2B3EXAMPLE99</Id>
  {config}
</StreamingDistribution>
"#
    )
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .file("new/a.xml", streaming("one"))
        .file("new/sub/b.xml", streaming("two"))
        .file("new/added.xml", streaming("three"))
        .file("old/a.xml", streaming("one"))
        .file("old/sub/b.xml", streaming("changed"));
    sandbox
}

#[test]
fn a_file() {
    let sandbox = sandbox();
    for format in formats() {
        let check = |new: &str, old: &str| sandbox.check(&[new, "--against", old, "-o", format]);
        check("new/a.xml", "old/a.xml").status(0);
        check("new/a.xml", "new/a.xml").status(0);
        check("new/sub/b.xml", "old/sub/b.xml").status(1).says(RULE);
        check("new/a.xml", "gone.xml")
            .status(2)
            .complains("error: gone.xml: no such file or directory");
        sandbox.file("older.xml", MALFORMED);
        check("new/a.xml", "older.xml")
            .status(2)
            .complains("error: older.xml: line 2, column 3: `<Paths>` is never closed");
        // The answer of the API is the older document people have.
        sandbox.file("answer.xml", response("one"));
        check("new/a.xml", "answer.xml").status(0);
        sandbox.file("answer.xml", response("other"));
        check("new/a.xml", "answer.xml").status(1).says(RULE);
    }
    sandbox
        .check(&["new/sub/b.xml", "--against", "old/sub/b.xml"])
        .status(1)
        .says("old/sub/b.xml:2:20")
        .says("1 document checked, against an older one: 1 error");
    // Without --against, the rule has nothing to say.
    sandbox.check(&["new"]).status(0);
    // One file is not the older document of several.
    sandbox
        .check(&["new", "--against", "old/a.xml"])
        .status(2)
        .complains("error: old/a.xml: is one file, but 3 documents are checked: name a directory");
    // Standard input has an older document as well.
    sandbox
        .lint(["check", "-", "--against", "old/a.xml", "-o=concise"])
        .stdin(streaming("two"))
        .run()
        .status(1)
        .says("<stdin>:2:20: error:");
}

#[test]
fn a_directory() {
    let sandbox = sandbox();
    for format in formats() {
        let run = sandbox
            .check(&["new", "--against", "old", "-o", format])
            .status(1);
        match format {
            // The rule has a page here or an address of one, or a test by its name.
            "sarif" | "junit" | "json" | "rdjson" => assert!(run.stdout.contains(RULE), "{run:#?}"),
            _ => assert_eq!(run.stdout.matches(RULE).count(), 1, "{run:#?}"),
        }
    }
    // A document without an older one is new.
    sandbox
        .check(&["new", "--against", "old"])
        .status(1)
        .says("3 documents checked, 2 of them against an older one: 1 error");
    // A named file is looked for under its path, then under its name.
    sandbox
        .check(&["new/sub/b.xml", "--against", "old/sub", "-o=concise"])
        .status(1)
        .says(RULE);
    sandbox
        .lint(["check", "sub/b.xml", "--against", "../old", "-o=concise"])
        .within("new")
        .run()
        .status(1)
        .says(RULE);
    sandbox
        .lint(["check", "-", "--stdin-filename=sub/b.xml", "--against=old"])
        .stdin(streaming("two"))
        .run()
        .status(1)
        .says(RULE);
    // The order of the arguments decides nothing.
    for arguments in [["new/sub", "new"], ["new", "new/sub"]] {
        let run = sandbox
            .check(&[&arguments[..], &["--against=old", "-o=concise"]].concat())
            .status(1);
        let mut rules = run.rules();
        rules.retain(|rule| *rule != "obsolete-streaming-distribution");
        assert_eq!(rules, [RULE]);
    }
}

#[test]
fn a_path_that_leads_upwards_is_not_its_own_older_document() {
    let sandbox = sandbox();
    sandbox.file("old/b.xml", streaming("changed"));
    // Below `../old`, this path leads back to the document itself.
    sandbox
        .lint(["check", "../new/sub/b.xml", "--against", "../old"])
        .within("new")
        .run()
        .status(1)
        .says("../old/b.xml:2:20");
}

#[test]
fn an_older_document_that_cannot_be_read() {
    let sandbox = sandbox();
    sandbox
        .file("old/a.xml", "<StreamingDistributionConfig>")
        .file("new/c.xml", CLEAN)
        .file("old/c.xml", b"\xff\xfe\x00");
    for format in formats() {
        sandbox
            .check(&["new", "--against", "old", "-o", format])
            .status(2)
            .complains("error: old/a.xml: line 1, column 1: `<StreamingDistributionConfig>` is never closed")
            .complains("error: old/c.xml: line 1, column 1: the file ends within a character")
            .says(RULE);
    }
}

/// A wrong directory would look like nothing but new documents.
#[test]
fn nothing_was_compared() {
    let sandbox = sandbox();
    sandbox.directory("wrong");
    sandbox
        .check(&["new", "--against", "wrong"])
        .status(0)
        .complains("warning: wrong holds no older document of any that is checked");
    let run = sandbox
        .check(&["new", "--against", "wrong", "-q"])
        .status(0);
    assert_eq!(run.stderr, "");
}
