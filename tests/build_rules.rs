//! The build script's reader of the rule files: each kind of mistake names its file and line, and what was meant.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../build/checks.rs"]
mod checks;
#[path = "../src/policy/compile.rs"]
mod compile;
#[path = "../build/facts.rs"]
mod facts;
#[path = "../build/messages.rs"]
mod messages;
#[path = "../src/policy/model.rs"]
mod model;
#[path = "../src/policy/plan.rs"]
mod plan;
#[path = "../build/presets.rs"]
mod presets;
#[path = "../src/policy/reader.rs"]
mod reader;
#[path = "../build/rules.rs"]
#[allow(dead_code)]
mod rules;
#[path = "../build/schema.rs"]
#[allow(dead_code)]
mod schema;

use std::fs;
use std::path::Path;

const ERRORS: &str = r#"
[InvalidArgument]
status = 400
operations = ["CreateDistribution", "UpdateDistribution", "CopyDistribution"]
since = "2012-05-05"
needs = "document"
meaning = "Any other mistake."

[InvalidOrigin]
status = 400
operations = ["CreateDistribution", "CopyDistribution"]
since = "2012-05-05"
needs = "document"
meaning = "An origin is not valid."
"#;

const CONSTRAINTS: &str = r#"
[C001]
element = "Origin/OriginPath"
violated = "does not begin with a slash"
error = "InvalidArgument"
versions = "2014-11-06.."
needs = "document"
confidence = "documented"
source = "the guide"
rules = ["invalid-origin-path"]

[C002]
element = "Origin/OriginPath"
violated = "is long"
needs = "document"
confidence = "inferred"
source = "a guess"
unchecked = "no limit is known"
"#;

const TABLE: &str = r#"
as-of = "2026-11-21"
values = ["/a", "/b"]
"#;

const RULE: &str = r#"+++
summary     = "OriginPath is not a path"
group       = "service"
level       = "error"
confidence  = "documented"
error       = "InvalidArgument"
versions    = "2014-11-06.."
constraints = ["C001"]
[check]
select   = "Origin/OriginPath"
when     = { DomainName = { filled = true } }
pattern  = "/.*"
expected = "a path"
message  = "{value} of {DomainName} is no path"
+++
A page.
"#;

/// Compiles a rule book of one rule against the real schema; mistakes as text, without the folder.
fn compile(name: &str, files: &[(&str, &str)]) -> Result<rules::Compiled, Vec<String>> {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["lint", "table", "preset"] {
        fs::create_dir(dir.path().join(folder)).unwrap();
    }
    let rule = format!("lint/{name}.md");
    let usual = [
        ("errors.toml", ERRORS),
        ("constraints.toml", CONSTRAINTS),
        ("table/paths.toml", TABLE),
        ("preset/default.toml", "summary = \"All rules\"\n"),
        (&rule, RULE),
    ];
    for (path, text) in usual.iter().chain(files) {
        fs::write(dir.path().join(path), text).unwrap();
    }
    let prefix = format!("{}/", dir.path().display()).replace('\\', "/");
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/schema");
    let schema = schema::load(&schema).unwrap_or_else(|_| panic!("the schema has mistakes"));
    rules::compile(dir.path(), &schema).map_err(|mistakes| {
        let shown = mistakes.iter().map(|m| m.to_string().replace(&prefix, ""));
        shown.collect()
    })
}

/// The mistakes after replacing one piece of the rule.
#[track_caller]
fn mistakes(from: &str, to: &str) -> Vec<String> {
    assert!(RULE.contains(from), "the sample does not hold {from}");
    let rule = RULE.replacen(from, to, 1);
    match compile(
        "invalid-origin-path",
        &[("lint/invalid-origin-path.md", &rule)],
    ) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes,
    }
}

#[track_caller]
fn complains(from: &str, to: &str, mistake: &str) {
    assert_eq!(
        mistakes(from, to),
        [format!("lint/invalid-origin-path.md:{mistake}")]
    );
}

#[test]
fn the_sample_is_correct() {
    let compiled = compile("invalid-origin-path", &[]).unwrap_or_else(|m| panic!("{m:?}"));
    assert!(
        compiled.checks.contains(r#"Pattern::new("/.*")"#),
        "{}",
        compiled.checks
    );
    assert_eq!(compiled.checks.matches("Subscription {").count(), 1);
}

#[test]
fn fixes() {
    let test = r#"pattern  = "/.*""#;
    for (fix, mistake) in [
        (
            "fix = 3",
            "13: `fix` is a table with `safety` and what to do",
        ),
        (
            "fix = 'safe'",
            "13: only `equals` knows the right value; write `fix` as a table",
        ),
        (
            "fix = { remove = true }",
            "13: `fix` says how safe it is: `safety` is \"safe\" or \"unsafe\"",
        ),
        (
            "fix = { safety = 'safe' }",
            "13: `fix` has one of value, remove, replace, nearest",
        ),
        (
            "fix = { remove = true, value = '/', safety = 'safe' }",
            "13: `fix` does one thing only",
        ),
        (
            "fix = { remove = 1, safety = 'safe' }",
            "13: `remove` is true",
        ),
        (
            "fix = { nearest = true, safety = 'safe' }",
            "13: `nearest` needs the values of `one-of`, `refers-to` or `range`",
        ),
        (
            "fix = { replace = ['('], safety = 'safe' }",
            "13: `replace` is a regular expression and what to write",
        ),
        (
            "fix = { value = '/', safety = 'safe', titel = 'x' }",
            "13: unknown key `titel`; did you mean `title`?",
        ),
        (
            "fix = { value = '/', safety = 'safe', title = '{fixt}' }",
            "13: `{fixt}` means nothing here; did you mean `fixed`?",
        ),
        (
            "fix = { value = '/', safety = 'safe', at = 'DomainNam' }",
            "13: `DomainNam` does not stand there in Origin in these versions; did you mean `DomainName`?",
        ),
    ] {
        let found = mistakes(test, &format!("{test}\n{fix}"));
        let wanted = format!("lint/invalid-origin-path.md:{mistake}");
        assert!(found.contains(&wanted), "{fix}: {found:?}");
    }
    for fix in [
        "fix = { value = '', safety = 'safe', title = 'write {fixed}' }",
        "fix = { replace = ['(.+)', '/$1'], safety = 'unsafe', at = ['OriginPath', 'Id'] }",
    ] {
        assert_eq!(mistakes(test, &format!("{test}\n{fix}")), [""; 0], "{fix}");
    }
}

#[test]
fn presets() {
    let preset = r#"
select = ["servise"]
fail-on = "warn"
sumary = "x"
[rules]
invalid-origin-pat = "off"
style = "of"
"#;
    let Err(mistakes) = compile("invalid-origin-path", &[("preset/default.toml", preset)]) else {
        panic!("the preset compiles");
    };
    assert_eq!(
        mistakes,
        [
            "preset/default.toml:4: unknown key `sumary`; did you mean `summary`?",
            "preset/default.toml:1: `summary` is missing",
            "preset/default.toml:2: `servise` is no rule and no group; did you mean `service`?",
            "preset/default.toml:6: `invalid-origin-pat` is no rule and no group; did you mean `invalid-origin-path`?",
            "preset/default.toml:7: `of` is not one of info, warning, error",
            "preset/default.toml:3: `warn` is not one of error, warning, info, never",
        ]
    );
}

#[test]
fn the_rule_book_compiles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let schema = schema::load(&root.join("schema")).unwrap_or_else(|m| panic!("{m:?}"));
    if let Err(mistakes) = rules::compile(&root, &schema) {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"));
    }
}

#[test]
fn front_matter() {
    assert_eq!(
        mistakes("group ", "grop "),
        [
            "lint/invalid-origin-path.md:3: unknown key `grop`; did you mean `group`?",
            "lint/invalid-origin-path.md:2: `group` is missing",
        ]
    );
    complains(
        r#""service""#,
        r#""servise""#,
        "3: `servise` is not one of schema, service, update, fleet, suspicious, security, performance, cost, \
         deprecated, style, configuration; did you mean `service`?",
    );
    complains(
        r#"= "2014-11-06..""#,
        r#"= "2014-11-05..""#,
        "7: `2014-11-05` is no API version; did you mean `2014-11-06`?",
    );
    complains(
        r#"= "2014-11-06..""#,
        r#"= "2019-03-26..2014-11-06""#,
        "7: the range of versions is empty",
    );
    assert_eq!(
        mistakes("+++\nsummary", "summary"),
        [
            "lint/invalid-origin-path.md:1: a rule file begins with front matter between two +++ lines"
        ]
    );
}

#[test]
fn errors() {
    complains(
        r#"= "InvalidArgument""#,
        r#"= "InvalidArgumnt""#,
        "6: `InvalidArgumnt` is not in rules/errors.toml; did you mean `InvalidArgument`?",
    );
    complains(
        r#"= "InvalidArgument""#,
        r#"= "InvalidOrigin""#,
        "6: UpdateDistribution does not answer `InvalidOrigin`: give a code for each operation",
    );
    assert!(
        mistakes(
            r#"= "InvalidArgument""#,
            r#"= { create = "InvalidOrigin", update = "InvalidArgument" }"#
        )
        .is_empty()
    );
}

#[test]
fn messages_of_the_service() {
    let compiled = |text: &str| {
        let text = format!("[[invalid-origin-path]]\n{text}\n");
        compile("invalid-origin-path", &[("messages.toml", &text)]).map(|compiled| compiled.rules)
    };
    let right = "message = \"{element} is {value}\"\nelement = \"OriginPath\"\nsource = \"a/b#1\"";
    let rules = compiled(right).unwrap_or_else(|m| panic!("{m:?}"));
    assert!(rules.contains("text: \"{element} is {value}\""), "{rules}");
    for (from, to, mistake) in [
        (
            "{value}",
            "{valu}",
            "2: `{valu}` stands for nothing; did you mean `value`?",
        ),
        (
            "OriginPath",
            "OriginPth",
            "2: no element is named `OriginPth`; did you mean `OriginPath`?",
        ),
        (
            "element = \"OriginPath\"",
            "code = \"InvalidArgumnt\"",
            "2: `InvalidArgumnt` is not in rules/errors.toml; did you mean `InvalidArgument`?",
        ),
        ("source = \"a/b#1\"", "", "2: `source` is missing"),
    ] {
        let found = compiled(&right.replace(from, to)).err().unwrap_or_default();
        assert_eq!(found, [format!("messages.toml:{mistake}")]);
    }
    let text = "[[invalid-orign-path]]\nmessage = \"x\"\nsource = \"y\"\n";
    let found = compile("invalid-origin-path", &[("messages.toml", text)]).err();
    assert_eq!(
        found.unwrap_or_default(),
        [
            "messages.toml:1: there is no rule `invalid-orign-path`; did you mean `invalid-origin-path`?"
        ]
    );
}

#[test]
fn selectors() {
    complains(
        "Origin/OriginPath",
        "Orgin/OriginPath",
        "10: no element is named `Orgin`; did you mean `Origin`?",
    );
    complains(
        "Origin/OriginPath",
        "Origin/OriginPth",
        "10: `OriginPth` does not stand there in Origin in these versions; did you mean `OriginPath`?",
    );
    complains(
        "{ DomainName = {",
        "{ DomainNam = {",
        "11: `DomainNam` does not stand there in Origin in these versions; did you mean `DomainName`?",
    );
    // Known, but only to later versions.
    let list = mistakes(r#"= "2014-11-06..""#, r#"= "2012-05-05""#);
    assert_eq!(
        list,
        [
            "lint/invalid-origin-path.md:10: `OriginPath` does not stand there in Origin in these versions"
        ]
    );
    complains(
        r#"select   = "Origin/OriginPath""#,
        "select   = 5",
        "10: `select` is a string or a list of strings",
    );
    complains(
        r#"select   = "Origin/OriginPath""#,
        r#"select   = "OriginPath""#,
        "10: `OriginPath` is no structure in these versions",
    );
}

#[test]
fn conditions() {
    complains(
        "{ filled = true }",
        "{ filed = true }",
        "11: unknown key `filed`; did you mean `filled`?",
    );
    complains(
        "{ filled = true }",
        "{ filled = 3 }",
        "11: `filled` is true",
    );
    complains(
        "{ filled = true }",
        "1.5",
        "11: a value is a string, a number, true or false",
    );
    complains(
        "{ filled = true }",
        "{ matches = '(' }",
        "11: not a regular expression: error: unclosed group",
    );
}

#[test]
fn tests_and_their_arguments() {
    complains(
        r#"pattern  = "/.*""#,
        "",
        "9: a check has one of range, length, characters, pattern, one-of, none-of, count, unique, requires, \
         forbids, exactly-one-of, at-most-one-of, refers-to, equals, across, native",
    );
    for (test, mistake) in [
        ("range = 5", "12: bounds are a table with `min` and `max`"),
        ("range = {}", "12: bounds have a `min` or a `max`"),
        ("range = { min = 3, max = 1 }", "12: `min` is above `max`"),
        (
            "range = { mn = 3, max = 5 }",
            "12: unknown key `mn`; did you mean `min`?",
        ),
        (
            "length = { min = 3, option = 'x' }",
            "12: `option` replaces `max`, which is missing",
        ),
        (
            "one-of = { table = 'path' }",
            "12: there is no rules/table/path.toml; did you mean `paths`?",
        ),
        (
            "unique = 3",
            "12: `unique` is true or a table with `key` and `ignore-case`",
        ),
        ("requires = 3", "12: conditions are a table or a list"),
        (
            "refers-to = 3",
            "12: `refers-to` is a string or a list of strings",
        ),
        ("native = 3", "12: `native` is a string"),
    ] {
        complains(r#"pattern  = "/.*""#, test, mistake);
    }
    for (test, mistake) in [
        ("across = 5", "12: `across` is a table with `max`"),
        ("across = {}", "12: `across` has a `max`"),
    ] {
        let file = "lint/invalid-origin-path.md";
        assert_eq!(
            mistakes(r#"pattern  = "/.*""#, test),
            [
                format!("{file}:{mistake}"),
                format!("{file}:14: the words of `across` cannot name other elements"),
            ]
        );
    }
    for test in [
        "one-of = { table = 'paths' }",
        "requires = ['Id', { DomainName = 'x' }]",
        "unique = { ignore-case = true }",
        "refers-to = 'Id'",
    ] {
        assert_eq!(mistakes(r#"pattern  = "/.*""#, test), [""; 0], "{test}");
    }
}

#[test]
fn what_no_element_can_be() {
    for (select, test, mistake) in [
        (
            "CustomOriginConfig/OriginProtocolPolicy",
            "equals = 'https'",
            "12: `OriginProtocolPolicy` is never `https` in these versions",
        ),
        (
            "CustomOriginConfig/HTTPPort",
            "one-of = [80, 'http']",
            "12: `HTTPPort` is a number, so it is never `http`",
        ),
        (
            "CustomOriginConfig",
            "length = { max = 3 }",
            "10: `the selection` holds elements, so it has no value to compare",
        ),
    ] {
        let rule = RULE
            .replace("Origin/OriginPath", select)
            .replace(r#"pattern  = "/.*""#, test)
            .replace("when     = { DomainName = { filled = true } }\n", "\n")
            .replace(" of {DomainName}", "");
        let list = compile(
            "invalid-origin-path",
            &[("lint/invalid-origin-path.md", &rule)],
        );
        let list = list.map(|_| ()).unwrap_err();
        assert_eq!(list, [format!("lint/invalid-origin-path.md:{mistake}")]);
    }
}

#[test]
fn words() {
    complains("{value}", "{count}", "14: `{count}` means nothing here");
    complains(
        "{value}",
        "{vlue}",
        "14: `{vlue}` means nothing here; did you mean `value`?",
    );
    complains(
        "of {DomainName}",
        "of {DomainNames}",
        "14: `DomainNames` does not stand there in Origin in these versions; did you mean `DomainName`?",
    );
}

#[test]
fn the_catalogue_and_the_rules_name_each_other() {
    complains(
        r#"["C001"]"#,
        r#"["C01"]"#,
        "8: `C01` is not in rules/constraints.toml; did you mean `C001`?",
    );
    let list = mistakes(r#"["C001"]"#, r#"["C001", "C002"]"#);
    assert_eq!(
        list,
        ["constraints.toml:12: the rule `invalid-origin-path` names C002, whose `rules` lack it"]
    );
    let list = compile("invalid-path", &[]).map(|_| ()).unwrap_err();
    assert!(
        list.contains(
            &"constraints.toml:2: C001 names the rule `invalid-origin-path`, which does not exist; did you mean \
              `invalid-path`?"
                .to_owned()
        ),
        "{list:?}"
    );
    complains(
        r#"["C001"]"#,
        r#"["C002"]"#,
        "4: a rule whose constraints are inferred is at most a warning",
    );
}
