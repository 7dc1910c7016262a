//! The examples on the pages of the rules run as tests, and the rule book's table is up to date.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use cloudfront_lint::schema::ApiVersion;
use cloudfront_lint::smallest::Fragment;
use cloudfront_lint::{
    Beside, Config, Finding, Fix, Fixes, Level, Older, Operation, Primary, RULES, Rule, Safety,
    Settings, Source, Span, check, check_beside, check_fleet, fix, read,
};
use support::page::{Block, Example, Reading, configurations, examples};
use support::{CLOSE, OPEN, shown, unmark};

#[test]
fn every_example_gives_what_its_page_says() {
    let mut failures = Vec::new();
    for rule in &RULES {
        for (section, fails) in [("Fails", true), ("Passes", false)] {
            match examples(rule, section) {
                Ok(examples) => {
                    failures.extend(examples.iter().filter_map(|e| run(rule, e, fails).err()));
                }
                Err(failure) => failures.push(failure),
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of the examples in rules/lint give something else:\n\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// Checks one example; the error is what to print.
fn run(rule: &Rule, example: &Example, fails: bool) -> Result<(), String> {
    let wrong = |what: String| format!("{}: {what}\n", example.place);
    let mut reading = Reading::of(&example.block.info).map_err(wrong)?;
    if example.against.is_some() {
        reading.operation = Some(Operation::Update);
    }
    let marked = reading.document(&example.block.text).map_err(wrong)?;
    let (text, mark) = unmark(&marked).map_err(wrong)?;
    if fails != mark.is_some() {
        return Err(wrong(match fails {
            true => format!("mark what the finding should point at with {OPEN} and {CLOSE}"),
            false => "a document that passes has no marks".to_owned(),
        }));
    }
    let source = Source::from_bytes("example.xml", text.clone().into_bytes());
    let findings = findings(example, &reading, &text).map_err(wrong)?;
    let expected = expected(rule, &reading, mark);
    if agree(&findings, &expected) {
        return match &example.fixed {
            Some(block) => fixes(rule, example, &reading, (&text, &findings), block),
            None => Ok(()),
        };
    }
    let mut message = format!("{}:\n  expected", example.place);
    if expected.is_empty() {
        message.push_str(" no finding");
    }
    for (name, span) in &expected {
        let _ = write!(message, " {name}");
        if let Some(span) = span {
            let at = source.position(span.start);
            let _ = write!(
                message,
                " at {}:{} {:?}",
                at.line,
                at.column,
                source.slice(*span)
            );
        }
    }
    message.push_str("\n  but got");
    if findings.is_empty() {
        message.push_str(" nothing");
    }
    for finding in &findings {
        let _ = write!(message, "\n    {}", shown(&source, finding));
    }
    message.push_str("\n  in the document\n");
    for line in text.lines() {
        let _ = writeln!(message, "    {line}");
    }
    Err(message)
}

/// What is found in an example, or in what its fix makes of it.
fn findings(example: &Example, reading: &Reading, text: &str) -> Result<Vec<Finding>, String> {
    let source = Source::from_bytes("example.xml", text.as_bytes().to_vec());
    let settings = Settings {
        operation: reading.operation,
        options: reading.options.clone(),
        require_reason: reading.require_reason,
        ..Settings::default()
    };
    let mut findings = match &example.against {
        None if !example.others.is_empty() => with_others(text, example, reading, &settings)?,
        None => match &example.primary {
            None => check(&source, None, &settings).findings,
            Some(block) => {
                let text = reading.document(&block.text)?;
                let first = Arc::new(Source::from_bytes("primary.xml", text.into_bytes()));
                let primary = Primary {
                    source: Arc::clone(&first),
                    document: &read(&first, &settings).unwrap(),
                };
                let beside = Beside {
                    primary: Some(&primary),
                    ..Beside::default()
                };
                check_beside(&source, &beside, &settings).findings
            }
        },
        Some(block) => {
            let older = reading.document(&block.text)?;
            let older = Arc::new(Source::from_bytes("older.xml", older.into_bytes()));
            let document = read(&older, &settings)
                .map_err(|f| format!("the older document cannot be read: {}", f.message))?;
            let older = Older {
                source: Arc::clone(&older),
                document: &document,
            };
            check(&source, Some(&older), &settings).findings
        }
    };
    // What a comment accepts is there, but nobody hears of it.
    findings.retain(|finding| !finding.suppressed);
    Ok(findings)
}

/// Puts in the fixes of the page's own rule: the text must be that of the block, without that finding and without an
/// error that was not there.
fn fixes(
    rule: &Rule,
    example: &Example,
    reading: &Reading,
    (text, before): (&str, &[Finding]),
    block: &Block,
) -> Result<(), String> {
    let place = format!("{}, its fixed block", example.place);
    let wrong = |what: String| format!("{place}: {what}\n");
    // What stands around the fragment stays as it is.
    let (fragment, _) = unmark(&example.block.text).map_err(wrong)?;
    let wanted = text.replacen(fragment.trim_end(), block.text.trim_end(), 1);
    let own = before.iter().filter(|f| f.rule.name() == rule.name);
    let own: Vec<&Fix> = own.filter_map(|finding| finding.fix.as_ref()).collect();
    if own.is_empty() {
        return Err(wrong("the finding has no fix".to_owned()));
    }
    let fixed = fix::apply(text, &own);
    if fixed != wanted {
        return Err(wrong(format!(
            "expected\n{wanted}\n  but the fix makes\n{fixed}"
        )));
    }
    let after = findings(example, reading, &fixed).map_err(wrong)?;
    let source = Source::from_bytes("example.xml", fixed.into_bytes());
    let errors = |findings: &[Finding], name: &str| {
        let of_rule = |f: &&Finding| f.level == Level::Error && f.rule.name() == name;
        findings.iter().filter(of_rule).count()
    };
    let is_repaired = |f: &Finding| f.rule.name() == rule.name && f.fix.is_some();
    for finding in &after {
        let name = finding.rule.name();
        let is_same =
            |f: &&Finding| is_repaired(f) && f.rule == finding.rule && f.message == finding.message;
        let is_left = before
            .iter()
            .filter(is_same)
            .any(|f| f.element == finding.element);
        if is_left || errors(&after, name) > errors(before, name) {
            let shown = shown(&source, finding);
            return Err(wrong(format!("after the fix there is\n    {shown}")));
        }
    }
    Ok(())
}

/// Each finding of an example, those of other rules, too, is gone when its fix alone was put in. How the
/// lines end makes no difference.
#[test]
fn every_fix_repairs_its_finding() {
    let mut failures = String::new();
    let mut count = 0;
    for rule in &RULES {
        for example in examples(rule, "Fails").unwrap() {
            let mut reading = Reading::of(&example.block.info).unwrap();
            if example.against.is_some() {
                reading.operation = Some(Operation::Update);
            }
            let marked = reading.document(&example.block.text).unwrap();
            let (text, _) = unmark(&marked).unwrap();
            let before = findings(&example, &reading, &text).unwrap();
            for finding in before.iter().filter(|finding| finding.fix.is_some()) {
                count += 1;
                if let Err(why) = repairs(&example, &reading, (&text, &before), finding) {
                    let _ = writeln!(failures, "{}: {}: {why}", example.place, finding.message);
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count > 200, "only {count} fixes");
}

fn repairs(
    example: &Example,
    reading: &Reading,
    (text, before): (&str, &[Finding]),
    finding: &Finding,
) -> Result<(), String> {
    let fixed = |text: &str, finding: &Finding| {
        fix::apply(text, &finding.fix.iter().collect::<Vec<&Fix>>())
    };
    let new = fixed(text, finding);
    if new == text {
        return Err("the fix changes nothing".to_owned());
    }
    let after = findings(example, reading, &new)?;
    let same = |f: &&Finding| {
        (f.rule, &f.message, &f.element) == (finding.rule, &finding.message, &finding.element)
    };
    let count = |findings: &[Finding]| findings.iter().filter(same).count();
    if count(&after) >= count(before) {
        return Err(format!("it is still there in\n{new}"));
    }
    // Windows writes the same document with other line ends.
    let windows = text.replace('\n', "\r\n");
    let there = findings(example, reading, &windows)?;
    let there = there.iter().find(same).ok_or("it hangs on the line ends")?;
    let there = fixed(&windows, there);
    match there == new.replace('\n', "\r\n") {
        true => Ok(()),
        false => Err(format!("with other line ends the fix makes\n{there}")),
    }
}

#[test]
fn rules_say_truly_whether_they_fix() {
    let mut lies = Vec::new();
    for rule in &RULES {
        let examples = examples(rule, "Fails").unwrap();
        if examples.is_empty() {
            // What stands in configurations and baselines is fixed in tests/cli/.
            continue;
        }
        let mut safe = [false; 2];
        for example in &examples {
            let mut reading = Reading::of(&example.block.info).unwrap();
            if example.against.is_some() {
                reading.operation = Some(Operation::Update);
            }
            let marked = reading.document(&example.block.text).unwrap();
            let (text, _) = unmark(&marked).unwrap();
            let found = findings(example, &reading, &text).unwrap();
            let own = found.iter().filter(|f| f.rule.name() == rule.name);
            for fix in own.filter_map(|finding| finding.fix.as_ref()) {
                safe[usize::from(fix.safety == Safety::Safe)] = true;
            }
        }
        let made = match safe {
            [false, false] => None,
            [false, true] => Some(Fixes::Safe),
            [true, false] => Some(Fixes::Unsafe),
            [true, true] => Some(Fixes::Sometimes),
        };
        let name = |fixes: Option<Fixes>| fixes.map_or("none", Fixes::name);
        if made != rule.fixes {
            let (made, said) = (name(made), name(rule.fixes));
            lies.push(format!(
                "{}: its page says {said}, its examples {made}",
                rule.name
            ));
        }
        let is_shown = examples.iter().any(|example| example.fixed.is_some());
        if made.is_some() && !is_shown {
            lies.push(format!("{}: no example shows what its fix does", rule.name));
        }
    }
    assert!(lies.is_empty(), "{}", lies.join("\n"));
}

/// Checks a document together with the others of the example, which come first; their own findings are not looked at.
fn with_others(
    text: &str,
    example: &Example,
    reading: &Reading,
    settings: &Settings,
) -> Result<Vec<Finding>, String> {
    let mut sources = Vec::new();
    for (number, other) in example.others.iter().enumerate() {
        let text = reading.clone().with(&other.info)?.document(&other.text)?;
        let name = format!("other{number}.xml");
        sources.push(Arc::new(Source::from_bytes(name, text.into_bytes())));
    }
    let own = Source::from_bytes("example.xml", text.as_bytes().to_vec());
    sources.push(Arc::new(own));
    let mut checked = check_fleet(&sources, settings);
    Ok(checked.pop().unwrap().findings)
}

/// The rules that speak, the page's own with the place.
fn expected<'r>(
    rule: &'r Rule,
    reading: &'r Reading,
    mark: Option<Span>,
) -> Vec<(&'r str, Option<Span>)> {
    let own = mark.map(|span| (rule.name, Some(span)));
    let also = reading.also.iter().map(|name| (name.as_str(), None));
    own.into_iter().chain(also).collect()
}

fn agree(findings: &[Finding], expected: &[(&str, Option<Span>)]) -> bool {
    findings.len() == expected.len()
        && expected.iter().all(|(name, span)| {
            let mut of_rule = findings.iter().filter(|f| f.rule.name() == *name);
            let wanted = expected.iter().filter(|(other, _)| other == name).count();
            of_rule.clone().count() == wanted
                && span.is_none_or(|span| of_rule.any(|f| f.span == span))
        })
}

#[test]
fn every_configuration_gives_what_its_page_says() {
    let mut count = 0;
    for rule in &RULES {
        for (section, fails) in [("Fails", true), ("Passes", false)] {
            for block in configurations(rule, section) {
                let place = format!(
                    "rules/lint/{}.md, line {} of the page",
                    rule.name, block.line
                );
                let (text, mark) = unmark(&block.text).unwrap();
                assert_eq!(mark.is_some(), fails, "{place}");
                let source = Arc::new(Source::from_bytes("cloudfront-lint.toml", text.into()));
                let found = Config::read(Arc::clone(&source), "/")
                    .err()
                    .unwrap_or_default();
                let found: Vec<_> = found.iter().map(|f| (f.rule.name(), f.span)).collect();
                let wanted: Vec<_> = mark.map(|span| (rule.name, span)).into_iter().collect();
                assert_eq!(found, wanted, "{place}");
                count += 1;
            }
        }
    }
    assert!(count > 0, "no page has a configuration");
}

#[test]
fn fragments_become_whole_documents() {
    let latest = ApiVersion::LATEST.date();
    for (fragment, root, version) in [
        ("<Enabled>true</Enabled>", "DistributionConfig", latest),
        (
            "<Enabled>true</Enabled>\n<Comment/>",
            "DistributionConfig",
            latest,
        ),
        (
            "<CNAME>a.example.com</CNAME><CNAME>b.example.com</CNAME>",
            "DistributionConfig",
            latest,
        ),
        (
            "<Items><Path>/a</Path><Path>/b</Path></Items>",
            "InvalidationBatch",
            latest,
        ),
        (
            "<Quantity>1</Quantity><Items><Path>/a</Path></Items>",
            "InvalidationBatch",
            latest,
        ),
        ("<StatusCode>502</StatusCode>", "DistributionConfig", latest),
        (
            "<OriginGroupMember><OriginId>example</OriginId></OriginGroupMember>",
            "DistributionConfig",
            latest,
        ),
        (
            "<S3OriginConfig><OriginAccessIdentity/></S3OriginConfig>",
            "DistributionConfig",
            latest,
        ),
        (
            "<CNAME>a.example.com</CNAME>",
            "DistributionConfig",
            "2010-11-01",
        ),
        (
            "<AwsAccountNumber>111122223333</AwsAccountNumber>",
            "StreamingDistributionConfig",
            "2010-11-01",
        ),
        (
            "<!-- none --><Path>/a</Path>",
            "InvalidationBatch",
            "2010-11-01",
        ),
    ] {
        let version = ApiVersion::parse(version).unwrap();
        let text = Fragment::read(fragment)
            .unwrap()
            .complete(root, version, false)
            .unwrap();
        assert!(text.contains(fragment), "{fragment} in\n{text}");
        let source = Source::from_bytes(fragment, text.clone().into_bytes());
        let mut findings = check(&source, None, &Settings::default()).findings;
        // A document that is obsolete as a whole is so however little it holds.
        findings.retain(|f| f.rule.name() != "obsolete-streaming-distribution");
        let list: Vec<String> = findings.iter().map(|f| shown(&source, f)).collect();
        assert!(
            list.is_empty(),
            "{fragment}:\n{}\nin\n{text}",
            list.join("\n")
        );
    }
    let nowhere = Fragment::read("<Path>/a</Path>").unwrap();
    assert!(nowhere.complete("Tags", ApiVersion::LATEST, false).is_err());
    assert!(Fragment::read("<Path>").is_err());
}

const TABLE_BEGINS: &str = "<!-- rules:begin -->\n";
const TABLE_ENDS: &str = "<!-- rules:end -->";

#[test]
fn the_table_of_the_rules_is_up_to_date() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules/README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text
        .split_once(TABLE_BEGINS)
        .expect("rules/README.md has a place for the table");
    let (_, after) = rest
        .split_once(TABLE_ENDS)
        .expect("the table in rules/README.md has an end");
    let wanted = format!("{before}{TABLE_BEGINS}{}{TABLE_ENDS}{after}", table());
    if wanted == text {
        return;
    }
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        fs::write(&path, wanted).unwrap();
        return;
    }
    panic!(
        "the table in rules/README.md differs from rules/lint; write it again with\n\n    \
         UPDATE_GENERATED=1 cargo test --test pages\n"
    );
}

/// One row for each rule, with its page.
fn table() -> String {
    let mut table =
        "| rule | group | level | API error | fix | summary |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for rule in &RULES {
        let _ = writeln!(
            table,
            "| [{name}](lint/{name}.md) | {} | {} | {} | {} | {} |",
            rule.group,
            rule.level,
            rule.error
                .map(|e| format!("`{}`", e.code))
                .unwrap_or_default(),
            rule.fixes.map(Fixes::name).unwrap_or_default(),
            rule.summary.replace('|', "\\|"),
            name = rule.name,
        );
    }
    table
}
