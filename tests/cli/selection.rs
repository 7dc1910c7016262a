//! `--select` and `--ignore`.

use crate::documents::{ERROR, MALFORMED};
use crate::support::{Sandbox, formats};

/// A warning and an error of the group `schema`, an error of the group `service`.
const MIXED: &str = "<InvalidationBatch>
  <Paths>
    <Quantity>2</Quantity>
    <Items>
      <Path>/index.html</Path>
    </Items>
  </Paths>
</InvalidationBatch>
";

const NAMESPACE: &str = "missing-namespace";
const MISSING: &str = "missing-required-element";
const QUANTITY: &str = "quantity-mismatch";

#[test]
fn rules_and_groups() {
    let sandbox = Sandbox::with([("a.xml", MIXED)]);
    let table: [(&[&str], &[&str]); 16] = [
        (&[], &[NAMESPACE, MISSING, QUANTITY]),
        (&["--select=all"], &[NAMESPACE, MISSING, QUANTITY]),
        (&["--select=schema"], &[NAMESPACE, MISSING]),
        (&["--select=service"], &[QUANTITY]),
        (&["--select=quantity-mismatch"], &[QUANTITY]),
        (&["--select=fleet"], &[]),
        (
            &["--select", "service,missing-namespace"],
            &[NAMESPACE, QUANTITY],
        ),
        (
            &["--select=service", "--select=missing-namespace"],
            &[NAMESPACE, QUANTITY],
        ),
        (&["--ignore=all"], &[]),
        (&["--ignore=schema"], &[QUANTITY]),
        (&["--ignore=missing-namespace"], &[MISSING, QUANTITY]),
        (&["--ignore", "missing-namespace,service"], &[MISSING]),
        // The narrower wins, whichever flag it stands in.
        (
            &["--select=schema", "--ignore=missing-namespace"],
            &[MISSING],
        ),
        (
            &["--select=missing-namespace", "--ignore=schema"],
            &[NAMESPACE],
        ),
        (&["--select=all", "--ignore=schema"], &[QUANTITY]),
        // Of two equally narrow ones, --ignore does.
        (
            &["--select=quantity-mismatch", "--ignore=quantity-mismatch"],
            &[],
        ),
    ];
    for (arguments, expected) in table {
        let run = sandbox.check(&[&["a.xml", "-o=concise"], arguments].concat());
        assert_eq!(run.rules(), expected, "{arguments:?}");
        // What was not asked for is in no format, and does not count.
        let failing = expected.iter().any(|rule| *rule != NAMESPACE);
        for format in formats() {
            let run = sandbox
                .check(&[&["a.xml", "-o", format], arguments].concat())
                .status(i32::from(failing));
            for rule in [NAMESPACE, MISSING, QUANTITY] {
                assert_eq!(
                    run.stdout.contains(rule),
                    expected.contains(&rule),
                    "{format} {run:#?}"
                );
            }
        }
    }
}

/// A document that was not read must not pass.
#[test]
fn what_keeps_a_document_from_being_read_stays() {
    let sandbox = Sandbox::with([("a.xml", MALFORMED)]);
    for arguments in [
        "--select=fleet",
        "--select=quantity-mismatch",
        "--ignore=all",
        "--ignore=schema",
    ] {
        sandbox
            .check(&["a.xml", arguments])
            .status(1)
            .says("[malformed-xml]");
    }
    for rule in [
        "malformed-xml",
        "empty-document",
        "forbidden-doctype",
        "internal-error",
        "invalid-character",
        "invalid-encoding",
        "limit-exceeded",
    ] {
        sandbox
            .check(&["a.xml", "--ignore", rule])
            .status(2)
            .complains("cannot be ignored");
    }
}

#[test]
fn unknown_names_get_a_suggestion() {
    let sandbox = Sandbox::with([("a.xml", ERROR)]);
    for flag in ["--select", "--ignore"] {
        for (name, near) in [
            ("quantity-mismach", "did you mean quantity-mismatch?"),
            ("QuantityMismatch", "did you mean quantity-mismatch?"),
            ("sevice", "did you mean service?"),
            ("", "`cloudfront-lint rules` lists them"),
            (
                "service,quantity_mismatch",
                "did you mean quantity-mismatch?",
            ),
            (
                "nothing-like-it-at-all",
                "`cloudfront-lint rules` lists them",
            ),
        ] {
            sandbox
                .check(&["a.xml", flag, name])
                .status(2)
                .complains(near)
                .complains(flag);
        }
    }
}
