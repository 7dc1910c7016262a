//! What continuous deployment makes: the copy of every valid distribution, and its promotion.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use cloudfront_lint::compare::compare;
use cloudfront_lint::{
    Document, Element, Level, Made, Operation, Role, Settings, Source, Span, Verdict, check,
    dry_run_copy, promoted, read, staging_of,
};

const NAMESPACE: &str = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

/// The valid distributions of the version that has copies, and their texts.
fn distributions() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/valid");
    let mut found: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .filter(|(_, text)| text.contains("<DistributionConfig xmlns") && text.contains(NAMESPACE))
        .collect();
    found.sort();
    assert!(found.len() > 30, "only {}", found.len());
    found
}

fn source(text: &str) -> Source {
    Source::from_bytes("primary.xml", text.as_bytes().to_vec())
}

fn request(enabled: &str) -> Source {
    let text = format!(
        "<CopyDistributionRequest xmlns=\"{NAMESPACE}\">\
         <CallerReference>the copy &amp; more</CallerReference>{enabled}</CopyDistributionRequest>"
    );
    Source::from_bytes("request.xml", text.into_bytes())
}

fn settings() -> Settings {
    Settings::default()
}

fn copied(primary: &Source, request: &Source) -> Made {
    let primary = read(primary, &settings()).unwrap();
    let request = read(request, &settings()).unwrap();
    staging_of(&primary, &request).unwrap()
}

/// The text of the copy.
fn copy_of(text: &str) -> String {
    let made = copied(&source(text), &request(""));
    made.source().text().to_owned()
}

fn config<'d>(document: &'d Document<'d>) -> Element<'d> {
    document.root()
}

fn value<'d>(document: &'d Document<'d>, name: &str) -> &'d str {
    config(document)
        .child(name)
        .map_or("", |e| e.value().trim())
}

/// The members of the distribution in which two documents differ.
fn differing(old: &Document<'_>, new: &Document<'_>) -> BTreeSet<String> {
    let comparison = compare(old, new).unwrap();
    let member = |path: String| path.split('/').nth(2).unwrap().to_owned();
    comparison
        .changes
        .iter()
        .map(|c| member(c.path()))
        .collect()
}

fn errors(source: &Source) -> BTreeSet<&'static str> {
    let settings = Settings {
        operation: Some(Operation::Update),
        ..settings()
    };
    let findings = check(source, None, &settings).findings;
    let errors = findings.iter().filter(|f| f.level == Level::Error);
    errors.map(|f| f.rule.name()).collect()
}

#[test]
fn a_copy_differs_in_what_copies_change_alone() {
    for (name, text) in distributions() {
        let primary = source(&text);
        let made = copied(&primary, &request(""));
        let (old, new) = (
            read(&primary, &settings()),
            read(made.source(), &settings()),
        );
        let (old, new) = (old.unwrap(), new.unwrap());
        let mut expected = BTreeSet::from(["CallerReference".to_owned()]);
        let aliases = config(&old).child("Aliases");
        for (member, differs) in [
            ("Staging", value(&old, "Staging") != "true"),
            ("Enabled", value(&old, "Enabled") != "true"),
            (
                "Aliases",
                aliases.is_some_and(|a| a.items().next().is_some()),
            ),
            (
                "ContinuousDeploymentPolicyId",
                !value(&old, "ContinuousDeploymentPolicyId").is_empty(),
            ),
        ] {
            expected.extend(differs.then(|| member.to_owned()));
        }
        assert_eq!(differing(&old, &new), expected, "{name}");
        assert_eq!(value(&new, "CallerReference"), "the copy & more");
        assert_eq!(value(&new, "Staging"), "true", "{name}");
        assert_eq!(value(&new, "Enabled"), "true", "{name}");
        assert_eq!(value(&new, "ContinuousDeploymentPolicyId"), "", "{name}");
    }
}

#[test]
fn a_copy_that_is_accepted_has_no_new_error() {
    let mut accepted = 0;
    for (name, text) in distributions() {
        let primary = Arc::new(source(&text));
        let rehearsal = dry_run_copy(&primary, &request(""), &settings()).unwrap();
        let made = rehearsal.made.unwrap();
        if rehearsal.response.verdict() == Verdict::Refused {
            continue;
        }
        accepted += 1;
        let new: Vec<_> = errors(made.source()).into_iter().collect();
        let old = errors(&primary);
        assert!(
            new.iter().all(|rule| old.contains(rule)),
            "{name}: {new:?}, not {old:?}"
        );
    }
    assert!(accepted > 30, "only {accepted}");
}

/// All but a few lines stay as they are; what was not put in new leads back to the very text.
#[test]
fn each_part_leads_back_to_its_file() {
    for (name, text) in distributions() {
        let primary = source(&text);
        let sent = request("");
        let made = copied(&primary, &sent);
        let document = read(made.source(), &settings()).unwrap();
        let mut new = Vec::new();
        for element in document.elements().filter(|e| !e.value().is_empty()) {
            let span = element.value_span();
            let (role, origin) = made.origin(span).unwrap();
            let file = if role == Role::Primary {
                &primary
            } else {
                &sent
            };
            if file.slice(origin) != made.source().slice(span) {
                new.push(element.name().to_owned());
            }
            let is_reference = element.path() == "/DistributionConfig/CallerReference";
            assert_eq!(
                role == Role::Request,
                is_reference,
                "{name}: {}",
                element.path()
            );
        }
        new.retain(|name| !["Staging", "Enabled", "Quantity"].contains(&&name[..]));
        assert!(new.is_empty(), "{name}: {new:?}");
        // In an empty place, too, and behind the end.
        let end = made.source().text().len() as u32;
        assert!(made.origin(Span::at(end)).is_some());
    }
}

/// Changes how a text is written, in the primary document or in the copy: it comes to the same.
fn written_otherwise(change: impl Fn(&str) -> String) {
    for (name, text) in distributions() {
        assert_eq!(copy_of(&change(&text)), change(&copy_of(&text)), "{name}");
    }
}

#[test]
fn line_ends_stay() {
    written_otherwise(|text| text.replace('\n', "\r\n"));
}

#[test]
fn one_line_stays_one_line() {
    written_otherwise(|text| text.lines().map(str::trim).collect());
}

#[test]
fn tabs_stay() {
    written_otherwise(|text| text.replace("  ", "\t"));
}

#[test]
fn prefixes_stay() {
    written_otherwise(|text| {
        let text = text.replace("</", "<\u{1}").replace("<!", "<\u{2}");
        let text = text.replace("<?", "<\u{3}").replace('<', "<cf:");
        let text = text
            .replace("<cf:\u{1}", "</cf:")
            .replace("<cf:\u{2}", "<!");
        text.replace("<cf:\u{3}", "<?")
            .replace("xmlns=", "xmlns:cf=")
    });
}

#[test]
fn encodings_stay() {
    for (name, text) in distributions() {
        let text = text
            .replace(" encoding=\"UTF-8\"", "")
            .replace("<Comment>", "<Comment>é😀");
        let copy = copy_of(&text);
        let utf16 = |text: &str| -> Vec<u8> {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        };
        let mark = |text: &str| [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for encode in [&utf16 as &dyn Fn(&str) -> Vec<u8>, &mark] {
            let primary = Source::from_bytes("primary.xml", encode(&text));
            let made = copied(&primary, &request(""));
            assert_eq!(made.bytes(), encode(&copy), "{name}");
            let role = made.origin(Span::new(0, 5)).unwrap();
            assert_eq!(role, (Role::Primary, Span::new(0, 5)));
        }
    }
}

/// An answer of the API with the configuration.
fn answer(text: &str) -> String {
    let (head, config) = text.split_at(text.find("<DistributionConfig").unwrap());
    let config = config.replace(&format!(" xmlns=\"{NAMESPACE}\""), "");
    let lines = config.trim_end().lines().map(|line| format!("  {line}\n"));
    let config: String = lines.collect();
    format!(
        "{head}<Distribution xmlns=\"{NAMESPACE}\">\n  <Id>E1A2B3EXAMPLE99</Id>\n{config}</Distribution>\n"
    )
}

#[test]
fn the_configuration_in_an_answer_is_copied_alone() {
    for (name, text) in distributions()
        .iter()
        .filter(|(_, text)| text.lines().count() > 5)
    {
        // Blank lines and comments of several lines are indented otherwise.
        let plain = !text.contains("\n\n") && !text.contains("<!--");
        if plain && text.starts_with("<?xml") {
            assert_eq!(copy_of(&answer(text)), copy_of(text), "{name}");
        }
    }
}

#[test]
fn a_copy_that_is_promoted_is_the_primary_distribution() {
    for (name, text) in distributions() {
        let primary = source(&text);
        let old = read(&primary, &settings()).unwrap();
        let enabled = format!("<Enabled>{}</Enabled>", value(&old, "Enabled"));
        let copy = copied(&primary, &request(&enabled));
        for staging in [
            copy.source().text().to_owned(),
            answer(copy.source().text()),
        ] {
            let staging = source(&staging);
            let staging = read(&staging, &settings()).unwrap();
            let made = promoted(&old, &staging).unwrap();
            let new = read(made.source(), &settings()).unwrap();
            assert_eq!(
                differing(&old, &new),
                BTreeSet::new(),
                "{name}: {}",
                made.source().text()
            );
        }
    }
}

fn small(members: &str) -> String {
    format!("<DistributionConfig xmlns=\"{NAMESPACE}\">{members}</DistributionConfig>")
}

#[test]
fn elements_come_where_the_schema_has_them() {
    let text = small("\n\t<!-- ours -->\n\t<Enabled/> <!-- on -->\n\t<Comment>c</Comment>\n");
    let expected = small(
        "\n\t<!-- ours -->\n\t<CallerReference>the copy &amp; more</CallerReference>\n\
         \t<Enabled>true</Enabled> <!-- on -->\n\t<Staging>true</Staging>\n\t<Comment>c</Comment>\n",
    );
    assert_eq!(copy_of(&text), expected);
    let text = small("<Staging>false</Staging>");
    let expected = "<CallerReference>the copy &amp; more</CallerReference><Enabled>true</Enabled><Staging>true</Staging>";
    assert_eq!(copy_of(&text), small(expected));
    // The last one goes, and another comes in its place.
    let text = small(
        "\n  <Enabled>true</Enabled>\n  <ContinuousDeploymentPolicyId>p</ContinuousDeploymentPolicyId>\n",
    );
    assert!(copy_of(&text).ends_with(
        "\n  <Enabled>true</Enabled>\n  <Staging>true</Staging>\n</DistributionConfig>"
    ));
}

#[test]
fn aliases_are_written_as_the_document_around_them() {
    let primary = source(&small(
        "\r\n<Aliases>\r\n <Quantity>1</Quantity>\r\n <Items>\r\n  <CNAME>a.example.com</CNAME>\r\n </Items>\r\n</Aliases>\r\n",
    ));
    let text = format!(
        "<cf:DistributionConfig xmlns:cf=\"{NAMESPACE}\">\n    <cf:Staging>true</cf:Staging>\n    \
         <cf:Aliases/>\n</cf:DistributionConfig>"
    );
    let staging = Source::from_bytes("staging.xml", text.into_bytes());
    let (old, new) = (
        read(&primary, &settings()).unwrap(),
        read(&staging, &settings()).unwrap(),
    );
    let made = promoted(&old, &new).unwrap();
    let expected = format!(
        "<cf:DistributionConfig xmlns:cf=\"{NAMESPACE}\">\n    <cf:Aliases>\n     \
         <cf:Quantity>1</cf:Quantity>\n     <cf:Items>\n      <cf:CNAME>a.example.com</cf:CNAME>\n     \
         </cf:Items>\n    </cf:Aliases>\n</cf:DistributionConfig>"
    );
    assert_eq!(made.source().text(), expected);
    let at = expected.find("a.example.com").unwrap() as u32;
    let (role, span) = made.origin(Span::new(at, at + 13)).unwrap();
    assert_eq!(
        (role, primary.slice(span)),
        (Role::Primary, "a.example.com")
    );
}

#[test]
fn what_cannot_be_made_says_why() {
    let made = |primary: &str, request: &str| {
        let (primary, request) = (source(primary), source(request));
        let primary = read(&primary, &settings()).unwrap();
        let request = read(&request, &settings()).unwrap();
        staging_of(&primary, &request)
            .map(drop)
            .unwrap_err()
            .to_string()
    };
    let copy = format!(
        "<CopyDistributionRequest xmlns=\"{NAMESPACE}\"><CallerReference>a</CallerReference></CopyDistributionRequest>"
    );
    assert_eq!(
        made(&small(""), &small("")),
        "the request has no CallerReference"
    );
    assert_eq!(
        made(&copy, &copy),
        "the primary distribution is no configuration of a distribution"
    );
    let old = small("").replace("2020-05-31", "2018-06-18");
    assert_eq!(
        made(&old, &copy),
        "the primary distribution is written for API version 2018-06-18, which has no staging distributions: \
         get it with 2020-05-31"
    );
}
