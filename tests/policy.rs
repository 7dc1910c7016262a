//! Policies as a caller of the library sees them: rules of users beside our own.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use cloudfront_lint::{
    BrokenPolicy, Choice, Finding, Group, Level, Policies, RuleId, Safety, Selection, Selector,
    Settings, Source, Standing, check,
};

fn source(name: &str, text: &str) -> Arc<Source> {
    Arc::new(Source::from_bytes(name, text.as_bytes().to_vec()))
}

fn policies(text: &str) -> Policies {
    Policies::read([source("team.toml", text)])
        .unwrap_or_else(|broken| panic!("{}", shown(&broken)))
}

/// Every mistake on a line, with the text that it marks.
fn shown(broken: &[BrokenPolicy]) -> String {
    let mut out = String::new();
    for BrokenPolicy { source, findings } in broken {
        for finding in findings {
            let at = source.position(finding.span.start);
            let marked = source.slice(finding.span);
            let _ = write!(out, "{}:{}:{} ", source.name(), at.line, at.column);
            let _ = write!(out, "`{marked}` {}", finding.message);
            let help = finding.help.as_deref().map(|help| format!(" [{help}]"));
            out.push_str(&help.unwrap_or_default());
            out.push('\n');
        }
    }
    out
}

fn findings(text: &str, policies: &Policies) -> Vec<Finding> {
    let source = source("batch.xml", text);
    let settings = Settings {
        policies: policies.clone(),
        ..Settings::default()
    };
    check(&source, None, &settings).findings
}

const BATCH: &str = r#"<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <Paths><Quantity>1</Quantity><Items><Path>/*</Path></Items></Paths>
  <CallerReference>first</CallerReference>
</InvalidationBatch>"#;

const RULE: &str = r#"
[[rule]]
name    = "team/reference"
summary = "a reference"
level   = "warning"
select  = "InvalidationBatch/CallerReference"
equals  = "second"
"#;

#[test]
fn a_rule_of_a_user_is_a_rule() {
    let policies = policies(RULE);
    let rule = policies.find("team/reference").unwrap();
    assert_eq!(policies.rules(), [rule]);
    assert_eq!(RuleId::find("team/reference"), Some(rule));
    let meta = rule.meta();
    assert_eq!((meta.group, meta.level), (Group::Policy, Level::Warning));
    let origin = meta.origin.as_ref().unwrap();
    assert_eq!((origin.file.as_str(), origin.line), ("team.toml", 3));
    let found = findings(BATCH, &policies);
    let [finding] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!((finding.rule, finding.level), (rule, Level::Warning));
    assert_eq!(finding.message, "CallerReference is \"first\", not second");
    assert_eq!(finding.element, "/InvalidationBatch/CallerReference");
    let fix = finding.fix.as_ref().unwrap();
    assert_eq!(fix.safety, Safety::Unsafe);
    assert_eq!(fix.edits[0].content, "second");
    assert!(findings(BATCH, &Policies::default()).is_empty());
}

#[test]
fn a_rule_is_known_by_its_name_before_it_is_read() {
    let named = RuleId::find("team/not-read-yet").unwrap();
    assert_eq!(named.name(), "team/not-read-yet");
    let text = RULE.replace("team/reference", "team/not-read-yet");
    let read = policies(&text).rules()[0];
    assert_eq!(named, read);
    assert_eq!(read.meta().level, Level::Warning);
    assert_ne!(named, RuleId::find("team/reference").unwrap());
    for name in ["cloudfront-lint/x", "team/", "/x", "Team/x", "team/x/y"] {
        assert_eq!(RuleId::find(name), None, "{name}");
    }
}

#[test]
fn selections_speak_of_them() {
    let rule = policies(RULE).rules()[0];
    let choice = Choice {
        levels: vec![(
            Selector::parse("team/reference").unwrap(),
            Some(Level::Info),
        )],
        ..Choice::default()
    };
    let selection = Selection::from(choice);
    assert_eq!(selection.standing(rule), Standing::On(Some(Level::Info)));
    let choice = Choice {
        ignore: vec![Selector::parse("policy").unwrap()],
        ..Choice::default()
    };
    assert_eq!(Selection::from(choice).standing(rule), Standing::Off);
}

#[test]
fn two_definitions_of_a_name_keep_their_own_levels() {
    let one = policies(RULE);
    let other = policies(&RULE.replace("warning", "info"));
    assert_eq!(one.rules(), other.rules());
    for (policies, level) in [(&one, Level::Warning), (&other, Level::Info)] {
        assert_eq!(findings(BATCH, policies)[0].level, level);
    }
}

#[test]
fn a_name_stands_for_one_rule() {
    let broken = Policies::read([
        source("a.toml", RULE),
        source("b.toml", RULE),
        // The same file again is no second one.
        source("a.toml", RULE),
    ])
    .unwrap_err();
    assert_eq!(
        shown(&broken),
        "b.toml:3:11 `\"team/reference\"` there is a rule team/reference already, in a.toml [give one of them \
         another name]\n"
    );
}

#[test]
fn every_mistake_has_a_place() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/policy-tests/mistakes.toml");
    let text = fs::read_to_string(path).unwrap();
    let broken = Policies::read([source("mistakes.toml", &text)]).unwrap_err();
    insta::assert_snapshot!(shown(&broken));
}

#[test]
fn what_is_no_toml_or_no_policy() {
    let mut all = String::new();
    for text in [
        "",
        "[[rule]\nname = ",
        "rule = 3",
        "rule = [3]",
        "[rule]\nname = 'a/b'",
        "namespace = 'cloudfront-lint'\n[[rule]]\nname = 3",
        "[[rule]]\nname = 'team/a'\nsummary = 'x'\nselect = ''\nequals = 'a'",
        "[[rule]]\nname = 'team/a'\nsummary = 'x'\ncheck = 'native'",
        "[[rule]]\nname = 'a'\nsummary = 'x'\nselect = 'DistributionConfig/Comment'\nequals = 'a'",
        "[[rule]]\nname = 'team/a'\nsummary = 'x'\nselect = 'DistributionConfig'\n[[rule.check]]\nequals = 'a'",
        "[[rule]]\nname = 'team/A'\nsummary = 'x'\nselect = 'DistributionConfig/Comment'\nequals = 'a'\nfix = 'yes'",
        "[[rule]]\nname = 'team/a'\nsummary = 'x'\nselect = 'DistributionConfig/Comment'\nnone-of = 'a'\nfix = { safety = 'safe', nearest = true }",
    ] {
        let broken = Policies::read([source("team.toml", text)]).unwrap_err();
        let _ = writeln!(all, "{text:?}\n{}", shown(&broken));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_thousand_rules() {
    let mut text = "namespace = \"team\"\n".to_owned();
    for number in 0..1000 {
        let _ = writeln!(
            text,
            "[[rule]]\nname = \"rule-{number}\"\nsummary = \"x\"\nselect = \"InvalidationBatch/CallerReference\"\n\
             length = {{ max = {} }}",
            1 + number % 10
        );
    }
    let policies = policies(&text);
    assert_eq!(policies.rules().len(), 1000);
    let found = findings(BATCH, &policies);
    // "first" is too long for those that allow 1 to 4 characters.
    assert_eq!(found.len(), 400);
    assert!(found.is_sorted_by_key(|finding| finding.rule));
}

#[test]
fn no_secret_is_told() {
    let policies = policies(
        r#"
namespace = "team"
[[rule]]
name    = "equals"
summary = "x"
select  = "OriginCustomHeader/HeaderValue"
equals  = "what-it-should-be"
[[rule]]
name       = "characters"
summary    = "x"
select     = "OriginCustomHeader/HeaderValue"
characters = "a-z"
message    = "{character} in {value} of {HeaderValue}"
[[rule]]
name      = "refers"
summary   = "x"
select    = "OriginCustomHeader/HeaderName"
refers-to = "HeaderValue"
"#,
    );
    let text = r#"<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
<Origins><Quantity>1</Quantity><Items><Origin><CustomHeaders><Quantity>1</Quantity><Items><OriginCustomHeader>
<HeaderName>7h3-s3cre</HeaderName><HeaderValue>7h3-s3cret</HeaderValue>
</OriginCustomHeader></Items></CustomHeaders></Origin></Items></Origins></DistributionConfig>"#;
    let mut found = findings(text, &policies);
    found.retain(|finding| finding.rule.is_of_policy());
    assert_eq!(found.len(), 3);
    for finding in found {
        let said = format!(
            "{} {} {:?} {:?}",
            finding.message, finding.label, finding.help, finding.notes
        );
        assert!(
            !said.contains("7h3-s3cret") && !said.contains("should-be") && !said.contains("\"7\""),
            "{said}"
        );
        assert!(finding.fix.is_none());
    }
}
