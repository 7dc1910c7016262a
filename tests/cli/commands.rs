//! `rules`, `explain`, `schema`.

use cloudfront_lint::schema::{ApiVersion, ROOTS, SHAPES};
use cloudfront_lint::{ERRORS, RULES};

use crate::support::{Run, Sandbox};

fn lint(arguments: &[&str]) -> Run {
    Sandbox::new().lint(arguments).run()
}

#[test]
fn rules() {
    let table = lint(&["rules"]).status(0);
    let json = lint(&["rules", "--format", "json"]).status(0).json();
    let entries = json.as_array().unwrap();
    assert_eq!(entries.len(), RULES.len());
    for (rule, entry) in RULES.iter().zip(entries) {
        let mut lines = table.stdout.lines();
        let line = lines.find(|line| line.starts_with(&format!("{} ", rule.name)));
        let words: Vec<&str> = line.unwrap().split_whitespace().collect();
        let error = rule.error.map_or("-", |error| error.code);
        assert_eq!(
            words,
            [rule.name, rule.group.name(), rule.level.name(), error]
        );
        assert_eq!(entry["name"], rule.name);
        assert_eq!(entry["summary"], rule.summary);
        assert_eq!(entry["group"], rule.group.name());
        assert_eq!(entry["level"], rule.level.name());
        assert_eq!(
            entry["api_error"]["code"].as_str(),
            rule.error.map(|e| e.code)
        );
        assert_eq!(entry["mandatory"], rule.mandatory);
    }
    lint(&["rules", "--format=xml"]).status(2).complains("json");
}

/// Prose fits into 80 columns; what cannot be broken, such as an address or a line of XML, may not.
#[track_caller]
fn fits(page: &str, name: &str) {
    for line in page.lines() {
        let breakable =
            line.trim_start().split(' ').count() > 1 && !line.trim_start().starts_with('<');
        assert!(
            line.chars().count() <= 80 || !breakable,
            "{name}: {} columns: {line}",
            line.chars().count()
        );
        assert_eq!(line, line.trim_end(), "{name}: blanks at the end");
    }
}

#[test]
fn explain_every_rule() {
    let sandbox = Sandbox::new();
    for rule in &RULES {
        let run = sandbox.lint(["explain", rule.name]).run().status(0);
        let start = format!("{} (", rule.name);
        assert!(run.stdout.starts_with(&start), "{run:#?}");
        assert!(run.stdout.contains("Passes\n"), "{run:#?}");
        assert!(!run.stdout.contains(['⟦', '⟧']), "{run:#?}");
        fits(&run.stdout, rule.name);
    }
}

#[test]
fn explain_every_error() {
    let sandbox = Sandbox::new();
    for error in ERRORS.iter() {
        let run = sandbox.lint(["explain", error.code]).run().status(0);
        assert!(run.stdout.contains(error.code), "{run:#?}");
        fits(&run.stdout, error.code);
    }
}

#[test]
fn explain_elements() {
    let sandbox = Sandbox::new();
    let explain = |name: &str| sandbox.lint(["explain", name]).run().status(0).stdout;
    for name in SHAPES
        .iter()
        .flat_map(|s| s.members())
        .map(|m| m.name)
        .step_by(23)
    {
        fits(&explain(name), name);
    }
    for (name, parts) in [
        (
            "ViewerProtocolPolicy",
            &["DefaultCacheBehavior", "redirect-to-https"][..],
        ),
        (
            "DistributionConfig",
            &["Root of a document", "schema DistributionConfig"],
        ),
        ("CNAME", &["AliasList"]),
        ("HeaderValue", &["secret"]),
    ] {
        let page = explain(name);
        for part in parts {
            assert!(page.contains(part), "{name}: no {part:?} in {page}");
        }
        fits(&page, name);
    }
}

#[test]
fn unknown_names() {
    for (arguments, message) in [
        (
            &["explain", "quantity-mismach"][..],
            "did you mean quantity-mismatch?",
        ),
        (
            &["explain", "quantitymismatch"],
            "did you mean quantity-mismatch?",
        ),
        (
            &["explain", "InconsistentQuantites"],
            "did you mean InconsistentQuantities?",
        ),
        (&["explain", "priceclass"], "did you mean PriceClass?"),
        (
            &["explain", "xyzzy-nothing"],
            "`cloudfront-lint rules` lists the rules",
        ),
        (&["explain", "\u{1b}[31m"], "␛[31m"),
        (
            &["schema", "DistributionConfg"],
            "did you mean DistributionConfig?",
        ),
        (
            &["schema", "distributionconfig"],
            "did you mean DistributionConfig?",
        ),
        (
            &["schema", "xyzzy-nothing"],
            "`cloudfront-lint schema` lists the roots",
        ),
        (
            &["schema", "KeyGroupConfig", "--api-version=2012-05-05"],
            "KeyGroupConfig does not exist in API version 2012-05-05",
        ),
        (
            &["schema", "DistributionConfig", "--api-version=2020"],
            "nearest are",
        ),
        (&["schema", "DistributionConfig", "--format=yaml"], "json"),
        (&["explain"], "RULE|ERROR-CODE|ELEMENT"),
        (&["help", "chekc"], "chekc"),
    ] {
        let run = lint(arguments).status(2).complains(message);
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
}

#[test]
fn schema_of_every_root() {
    let sandbox = Sandbox::new();
    for root in ROOTS.iter() {
        let version = root.versions.last;
        let arguments = ["schema", root.name, "--api-version", version.date()];
        let tree = sandbox.lint(arguments).run().status(0).stdout;
        assert!(
            tree.starts_with(&format!("{} (API version {version})", root.name)),
            "{tree}"
        );
        fits(&tree, root.name);
        let json = sandbox
            .lint([
                "schema",
                root.name,
                "--format=json",
                "--api-version",
                version.date(),
            ])
            .run()
            .status(0)
            .json();
        assert_eq!(json["root"], root.name);
        assert_eq!(json["api_version"], version.date());
        assert!(!json["shapes"].as_array().unwrap().is_empty());
    }
}

#[test]
fn schema_lists_the_roots() {
    let list = lint(&["schema"]).status(0).stdout;
    let json = lint(&["schema", "--format=json"]).status(0).json();
    let names: Vec<&str> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), ROOTS.len());
    for root in ROOTS.iter() {
        assert!(
            list.lines()
                .any(|line| line.trim_start().starts_with(root.name))
        );
        assert!(names.contains(&root.name));
    }
    let first = ApiVersion::all().next().unwrap().date();
    let old = lint(&["schema", "--api-version", first]).status(0).stdout;
    assert!(old.contains("DistributionConfig") && !old.contains("KeyGroupConfig"));
}
