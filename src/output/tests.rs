#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::{ColumnUnit, Format, Style, summary, write};
use crate::finding::{
    Acceptance, Acceptor, ApiError, Confidence, Edit, Finding, Fix, Level, Safety,
};
use crate::report::{Cause, Failure, FileReport, Report, Skipped};
use crate::rule::{REPOSITORY, RuleId};
use crate::source::{Source, Span};

const SHOP: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <CallerReference>shop-2024</CallerReference>
  <Comment>t0p secret</Comment>
  <Aliases>
    <Quantity>3</Quantity>
    <Items>
      <CNAME>shop.example.com</CNAME>
      <CNAME>www.example.com</CNAME>
    </Items>
  </Aliases>
</DistributionConfig>
"#;

/// The `n`th occurrence of a text.
fn nth(text: &str, needle: &str, n: usize) -> Span {
    let start = text.match_indices(needle).nth(n).unwrap().0;
    Span {
        start: start as u32,
        end: (start + needle.len()) as u32,
    }
}

fn at(text: &str, needle: &str) -> Span {
    nth(text, needle, 0)
}

/// A finding that does not depend on what the rule's file says.
fn finding(rule: &str, span: Span, message: &str) -> Finding {
    Finding::new(RuleId::find(rule).unwrap(), span, message)
        .confidence(Confidence::Verified)
        .level(Level::Error)
        .api(None)
}

fn answers(code: &'static str) -> Option<ApiError> {
    Some(ApiError { code, status: 400 })
}

fn document(name: &str, text: &str, findings: Vec<Finding>) -> FileReport {
    FileReport {
        name: name.into(),
        source: Some(Arc::new(Source::from_bytes(name, text.into()))),
        secrets: Vec::new(),
        parsed: true,
        findings,
        ..FileReport::default()
    }
}

fn report(documents: Vec<FileReport>) -> Report {
    Report {
        documents,
        ..Report::default()
    }
}

fn one(name: &str, text: &str, finding: Finding) -> Report {
    report(vec![document(name, text, vec![finding])])
}

fn printed(format: Format, report: &Report, style: impl std::borrow::Borrow<Style>) -> String {
    let mut out = Vec::new();
    write(format, report, style.borrow(), &mut out).unwrap();
    String::from_utf8(out).unwrap().replace('\x1b', "\\e")
}

/// Without the summary.
fn pretty(report: &Report) -> String {
    printed(
        Format::PRETTY,
        report,
        Style {
            quiet: true,
            ..Style::default()
        },
    )
}

fn concise(report: &Report) -> String {
    printed(Format::CONCISE, report, Style::default())
}

fn json(report: &Report) -> String {
    printed(Format::JSON, report, Style::default())
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn without_version(text: &str) -> String {
    text.replace(&format!("\"{VERSION}\""), "\"…\"")
        .replace(&format!("/v{VERSION}/"), "/v…/")
}

fn quantity() -> Finding {
    finding(
        "quantity-mismatch",
        at(SHOP, "3</Q").first(1),
        "Quantity says 3, but Items holds 2",
    )
    .label("says 3")
    .also(at(SHOP, "Items"), "2 CNAME elements")
    .help("write 2, or add the missing CNAME")
    .api(answers("InconsistentQuantities"))
    .at("/DistributionConfig/Aliases/Quantity")
}

impl Span {
    fn first(self, bytes: u32) -> Span {
        Span {
            end: self.start + bytes,
            ..self
        }
    }
}

/// A bit of everything, for all formats.
fn everything() -> Report {
    let mut fixed = quantity();
    fixed.fix = Some(Fix {
        title: "write 2".into(),
        safety: Safety::Unsafe,
        edits: vec![Edit {
            span: fixed.span,
            content: "2".into(),
        }],
    });
    let old = Arc::new(Source::from_bytes(
        "old/shop.xml",
        SHOP.replace("2024", "2023").into(),
    ));
    let changed = finding(
        "caller-reference-changed",
        at(SHOP, "shop-2024"),
        "CallerReference is shop-2024, but was shop-2023",
    )
    .label("new value")
    .also_in(old.clone(), at(old.text(), "shop-2023"), "old value")
    .note("CallerReference cannot be changed")
    .api(answers("IllegalUpdate"));
    let space = finding(
        "whitespace-in-value",
        at(SHOP, "www"),
        "CNAME begins with a blank",
    )
    .level(Level::Warning)
    .confidence(Confidence::Inferred)
    .api(answers("InvalidArgument"));
    let leftover = finding(
        "template-leftover",
        nth(SHOP, "shop", 1),
        "CNAME holds a placeholder",
    )
    .level(Level::Info);
    let mut suppressed = leftover.clone();
    suppressed.suppressed = true;
    let mut baselined = leftover.clone();
    baselined.baselined = true;
    let findings = vec![changed, fixed, leftover, suppressed, baselined, space];
    let mut shop = document("cdn/shop.xml", SHOP, findings);
    shop.secrets = vec![at(SHOP, "t0p secret")];
    let empty = document(
        "cdn/empty.xml",
        "",
        vec![finding(
            "empty-document",
            Span { start: 0, end: 0 },
            "the document is empty",
        )],
    );
    Report {
        documents: vec![empty, shop],
        skipped: vec![Skipped {
            name: "pom.xml".into(),
            cause: Cause::Foreign,
            reason: "no CloudFront document".into(),
        }],
        failures: vec![
            Failure {
                name: None,
                message: "out of luck".into(),
            },
            Failure {
                name: Some("gone.xml".into()),
                message: "no such file".into(),
            },
        ],
        ..Report::default()
    }
}

#[test]
fn formats_have_names() {
    for &format in Format::ALL {
        assert_eq!(Format::parse(format.name()), Some(format));
    }
    assert_eq!(Format::parse("xml"), None);
}

#[test]
fn example_of_the_design() {
    assert_snapshot!(pretty(&one("cdn/shop.xml", SHOP, quantity())));
}

#[test]
fn everything_pretty() {
    assert_snapshot!(printed(Format::PRETTY, &everything(), Style::default()));
}

#[test]
fn everything_concise() {
    assert_snapshot!(concise(&everything()));
}

#[test]
fn everything_json() {
    let text = json(&everything());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["version"], 1);
    assert_eq!(value["tool"]["version"], VERSION);
    assert_snapshot!(without_version(&text));
}

/// Every format shows the same report, findings in files that steer the run included.
#[test]
fn everything_for_programs() {
    let mut report = everything();
    report.steering = vec![document(
        "cloudfront-lint.toml",
        "preset = 1\n",
        vec![finding(
            "invalid-configuration-value",
            Span::new(9, 10),
            "preset is a number",
        )],
    )];
    let accepted = report.documents[1]
        .findings
        .iter_mut()
        .find(|f| f.suppressed);
    accepted.unwrap().accepted = Some(Acceptance {
        by: Acceptor::Comment,
        reason: Some("see [here](1)".into()),
    });
    let own = Format::ALL
        .iter()
        .filter(|format| ![Format::PRETTY, Format::CONCISE, Format::JSON].contains(format));
    for &format in own {
        let text = without_version(&printed(format, &report, Style::default()));
        // Pages are not what is looked at here.
        let text: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("\"markdown\": "))
            .map(|line| match line.split_once("\"text\": ") {
                Some((before, text)) if text.len() > 400 => format!("{before}\"text\": …\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        assert_snapshot!(format!("everything_{}", format.name()), text);
    }
}

#[test]
fn everything_in_color() {
    let style = Style {
        color: true,
        ..Style::default()
    };
    assert_snapshot!(
        "color_pretty",
        printed(Format::PRETTY, &everything(), &style)
    );
    assert_snapshot!(
        "color_concise",
        printed(Format::CONCISE, &everything(), &style)
    );
    assert_eq!(
        printed(Format::JSON, &everything(), &style),
        json(&everything())
    );
}

#[test]
fn color_changes_no_text() {
    let style = Style {
        color: true,
        ..Style::default()
    };
    for &format in Format::ALL {
        let mut text = printed(format, &everything(), &style);
        while let Some(start) = text.find("\\e[") {
            let end = start + text[start..].find('m').unwrap();
            text.replace_range(start..=end, "");
        }
        assert_eq!(text, printed(format, &everything(), Style::default()));
    }
}

#[test]
fn statistics() {
    let mut all = everything();
    let more = all.documents[1].findings[1].clone();
    all.documents[1].findings.push(more);
    let style = Style {
        statistics: true,
        ..Style::default()
    };
    assert_snapshot!("statistics_pretty", printed(Format::PRETTY, &all, &style));
    assert_snapshot!("statistics_concise", printed(Format::CONCISE, &all, &style));
    let value: serde_json::Value =
        serde_json::from_str(&printed(Format::JSON, &all, &style)).unwrap();
    assert_snapshot!("statistics_json", value["statistics"]);
    let nothing = report(vec![document("a.xml", SHOP, vec![])]);
    assert_eq!(
        printed(Format::PRETTY, &nothing, &style),
        "1 document checked: no findings\n"
    );
}

#[test]
fn empty_report() {
    let empty = Report::default();
    assert_eq!(concise(&empty), "");
    assert_eq!(
        printed(Format::PRETTY, &empty, Style::default()),
        "no documents checked\n"
    );
    assert_eq!(pretty(&empty), "");
    assert_snapshot!(without_version(&json(&empty)));
}

#[test]
fn summaries() {
    let clean = |n| {
        (0..n)
            .map(|_| document("a.xml", SHOP, vec![]))
            .collect::<Vec<_>>()
    };
    let mut run = report(clean(1));
    assert_eq!(summary(&run), "1 document checked: no findings");
    run.documents[0].findings.push(quantity());
    assert_eq!(summary(&run), "1 document checked: 1 error");
    run.documents.extend(clean(3));
    run.documents[0]
        .findings
        .extend([quantity(), quantity(), quantity().level(Level::Warning)]);
    run.skipped = everything().skipped;
    run.skipped.extend(everything().skipped);
    assert_eq!(
        summary(&run),
        "4 documents checked, 2 files without CloudFront XML skipped: 3 errors, 1 warning"
    );
    assert_eq!(
        summary(&everything()),
        "2 documents checked, 1 file without CloudFront XML skipped, 1 input could not be read: \
         3 errors, 1 warning, 1 info (1 suppressed, 1 baselined)\n\
         1 can be fixed with --fix --unsafe-fixes"
    );
    let failed = Report {
        failures: everything().failures.split_off(1),
        ..Report::default()
    };
    assert_eq!(
        summary(&failed),
        "no documents checked, 1 input could not be read"
    );
}

#[test]
fn hidden_findings_are_in_json_only() {
    let mut finding = quantity();
    finding.suppressed = true;
    let run = one("a.xml", SHOP, finding);
    assert_eq!(concise(&run), "");
    assert_eq!(pretty(&run), "");
    assert!(json(&run).contains("\"suppressed\": true"));
    assert_eq!(
        summary(&run),
        "1 document checked: no findings (1 suppressed)"
    );
}

#[test]
fn far_labels_have_boxes_of_their_own() {
    let text = format!("<A>\n  <B/>\n{}  <C/>\n</A>\n", "  <x/>\n".repeat(900));
    let found = finding("unknown-element", at(&text, "C"), "C repeats B")
        .label("again here")
        .also(at(&text, "B"), "first here")
        .help("remove one");
    assert_snapshot!(pretty(&one("far.xml", &text, found)));
}

#[test]
fn near_labels_share_a_box() {
    let text = "<A>\n\n\n<B/>\n<x/>\n<x/>\n<C/>\n\n</A>";
    let found = finding("unknown-element", at(text, "C"), "C repeats B")
        .label("again here")
        .also(at(text, "B"), "first here");
    assert_snapshot!(pretty(&one("near.xml", text, found)));
}

#[test]
fn two_labels_on_a_line_of_70_kb() {
    let text = format!(
        "<A>{}<B/>{}<C/>{}</A>",
        "<x/>".repeat(2_000),
        "<x/>".repeat(15_000),
        "<y/>".repeat(500)
    );
    let found = finding("unknown-element", at(&text, "C"), "C repeats B")
        .label("again here")
        .also(at(&text, "B"), "first here");
    let run = one("line.xml", &text, found);
    assert_snapshot!(pretty(&run));
    assert_eq!(
        concise(&run),
        "line.xml:1:68009: error: C repeats B [unknown-element]\n"
    );
}

#[test]
fn one_line_of_1_mb() {
    let text = format!(
        "<A>{}<Brötchen wo='hier'/>{}</A>",
        "<x>…</x>".repeat(50_000),
        "<y/>".repeat(130_000)
    );
    let found = finding(
        "unknown-element",
        at(&text, "Brötchen"),
        "element Brötchen is not allowed here",
    )
    .label("not allowed")
    .also(at(&text, "hier"), "because of this");
    assert_snapshot!(pretty(&one("line.xml", &text, found)));
}

#[test]
fn a_label_wider_than_the_terminal() {
    let text = format!("<A><B>{}</B></A>", "0123456789".repeat(30));
    let found = finding(
        "unknown-element",
        at(&text, &"0123456789".repeat(30)),
        "too long",
    )
    .label("300 characters");
    let mut end = found.clone();
    end.span = Span {
        start: text.len() as u32,
        end: text.len() as u32,
    };
    end.label = "the end".into();
    assert_snapshot!(pretty(&report(vec![document(
        "wide.xml",
        &text,
        vec![found, end]
    )])));
}

#[test]
fn tabs_and_crlf() {
    let text = "<A>\r\n\t<B\tc='1'>\tx</B>\r\n\t\t<C/>\r\n</A>\r\n";
    let found = finding("unknown-element", at(text, "c='1'"), "no attributes")
        .label("attribute")
        .also(at(text, "\tx"), "tab")
        .also(at(text, "C"), "after two tabs");
    assert_snapshot!(pretty(&one("tabs.xml", text, found)));
}

#[test]
fn wide_and_combining_characters() {
    let text = "<A>\n  <日本語 e\u{301}='🎉'/>ab<C/>\n</A>\n";
    let found = finding("unknown-element", at(text, "C"), "after wide characters")
        .label("here")
        .also(at(text, "日本語"), "wide")
        .also(at(text, "e\u{301}"), "combining")
        .also(at(text, "🎉"), "emoji");
    let run = one("wide.xml", text, found);
    assert_snapshot!(pretty(&run));
    assert!(concise(&run).starts_with("wide.xml:2:19: "));
}

#[test]
fn hostile_text_is_made_visible() {
    let text = "<A>\n  <\u{1b}[31mB\u{202E}evil\u{7}\u{9b}\u{200b}/>\ra##[error]z\u{feff}<C/>\n::error::x\n</A>";
    let found = finding(
        "unknown-element",
        at(text, "C"),
        "element \u{1b}[31mB\u{202E} is not\n::error::allowed ##[error]here",
    )
    .label("\u{1b}[0m##[x]")
    .also(at(text, "evil"), "::error::label")
    .help("::error::help")
    .note(format!("{} ::error::note", "x".repeat(70)));
    let run = one("::error::\u{1b}[2J\nevil##[x].xml", text, found);
    let pretty = pretty(&run);
    assert_snapshot!("hostile_pretty", pretty.replace('\u{200b}', "<ZWSP>"));
    assert_snapshot!(
        "hostile_concise",
        concise(&run).replace('\u{200b}', "<ZWSP>")
    );
    let json = json(&run);
    for text in [&pretty, &concise(&run), &json] {
        assert!(!text.contains(['\u{1b}', '\u{202E}', '\u{9b}', '\u{7}', '\r']));
        assert!(!text.contains("##["));
        assert!(!text.lines().any(|line| line.trim().starts_with("::")));
    }
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        value["findings"][0]["message"],
        run.documents[0].findings[0].message
    );
    assert_eq!(value["findings"][0]["file"], *run.documents[0].name);
}

const HEADERS: &str = "<Items>
  <!-- <HeaderValue>commented s3cret</HeaderValue> -->
  <HeaderValue>s3cret</HeaderValue><HeaderName>X-Key</HeaderName>
  <HeaderValue><![CDATA[s3cret < more s3cret]]></HeaderValue>
</Items>
";

#[test]
fn secrets_are_masked() {
    let on_value = finding(
        "whitespace-in-value",
        nth(HEADERS, "s3cret", 1),
        "value begins with a blank",
    )
    .label("this value")
    .also(at(HEADERS, "HeaderName"), "of this header");
    let in_context = finding("whitespace-in-value", at(HEADERS, "Items"), "context").label("here");
    let mut checked = document("headers.xml", HEADERS, vec![in_context, on_value]);
    checked.secrets = vec![
        nth(HEADERS, "s3cret", 1),
        at(HEADERS, "<![CDATA[s3cret < more s3cret]]>"),
    ];
    let run = report(vec![checked]);
    assert_snapshot!(pretty(&run));
    for &format in Format::ALL {
        assert!(!printed(format, &run, Style::default()).contains("s3cret"));
    }
}

#[test]
fn secrets_are_masked_in_another_file() {
    let old = Arc::new(Source::from_bytes("old.xml", HEADERS.into()));
    let found = finding("caller-reference-changed", at(SHOP, "shop-2024"), "changed")
        .also_in(old.clone(), nth(HEADERS, "HeaderValue", 4), "second")
        .also_in(old.clone(), at(HEADERS, "X-Key"), "name");
    let text = pretty(&one("new.xml", SHOP, found));
    assert!(!text.contains("s3cret"));
    assert_snapshot!(text);
}

#[test]
fn secrets_are_masked_without_a_tree() {
    let text = "<A>
  <HeaderValue>s3cret & <s3cret</HeaderValue><HeaderValue/><x>shown</x>
  <c:Comment lang='en'>s3cret
s3cret <!-- > --> s3cret</c:Comment>
  <HeaderValue s3cret</HeaderValue>
  <HeaderValues>shown</HeaderValues><HeaderValue>s3cret";
    let end = Span {
        start: text.len() as u32,
        end: text.len() as u32,
    };
    let findings = vec![
        finding("malformed-xml", at(text, "& "), "bare &").label("here"),
        finding("malformed-xml", at(text, "<!--"), "in a secret"),
        finding("malformed-xml", end, "the document ends inside HeaderValue").label("never closed"),
    ];
    let mut checked = document("broken.xml", text, findings);
    checked.parsed = false;
    let text = pretty(&report(vec![checked]));
    assert!(!text.contains("s3cret"));
    assert_snapshot!(text);
}

#[test]
fn end_of_file() {
    let text = "<A>\n  <B>";
    let end = Span {
        start: text.len() as u32,
        end: text.len() as u32,
    };
    let unclosed = finding("malformed-xml", end, "the document ends inside B")
        .label("ends here")
        .also(at(text, "B"), "never closed");
    let newline = "<A>\n";
    let after = Span { start: 4, end: 4 };
    let far = Span { start: 90, end: 99 };
    assert_snapshot!(pretty(&report(vec![
        document("no-newline.xml", text, vec![unclosed]),
        document(
            "newline.xml",
            newline,
            vec![
                finding("malformed-xml", after, "ends early").label("here"),
                finding("malformed-xml", far, "a span past the end").label("clamped"),
            ]
        ),
    ])));
}

#[test]
fn another_file_has_a_box_of_its_own() {
    let run = everything();
    let changed = run.documents[1].findings[0].clone();
    assert_snapshot!(pretty(&one("new/shop.xml", SHOP, changed)));
}

#[test]
fn widths() {
    let long = "the value of OriginKeepaliveTimeout is longer than the service accepts, which is \
                why it refuses the whole document with an answer that names no element at all";
    let found = quantity().note(long).help(long);
    let mut found = found.label(long);
    found.message = long.into();
    let run = one("cdn/shop.xml", SHOP, found);
    for width in [80, 120] {
        let style = Style {
            width,
            quiet: true,
            ..Style::default()
        };
        let text = printed(Format::PRETTY, &run, &style);
        assert!(text.lines().all(|line| line.chars().count() <= width));
        assert_snapshot!(format!("width_{width}"), text);
    }
}

#[test]
fn any_width_can_be_drawn() {
    for width in [0, 1, 39, 70_000, usize::MAX] {
        let style = Style {
            width,
            ..Style::default()
        };
        assert!(printed(Format::PRETTY, &everything(), &style).contains("╭─[cdn/shop.xml:6:15]"));
    }
}

#[test]
fn rules_are_links_where_the_terminal_has_them() {
    let run = one("shop.xml", SHOP, quantity());
    let page = format!("{REPOSITORY}/blob/v{VERSION}/rules/lint/quantity-mismatch.md");
    let link = format!("[\x1b]8;;{page}\x1b\\quantity-mismatch\x1b]8;;\x1b\\]");
    // Escapes are shown as `\e`.
    let link = link.replace('\x1b', "\\e");
    for format in [Format::PRETTY, Format::CONCISE] {
        for color in [true, false] {
            let print = |links| {
                let style = Style {
                    color,
                    links,
                    ..Style::default()
                };
                printed(format, &run, style)
            };
            let text = print(true);
            assert!(text.contains(&link), "{text:?}");
            // Nothing else moves.
            let plain = text.replace(&link, "[quantity-mismatch]");
            assert_eq!(plain, print(false));
        }
    }
}

#[test]
fn columns_of_concise_output_count_what_is_asked_for() {
    let text = "\t<!-- \u{e9} 日 🎉 e\u{301} --><A/>\n";
    let run = one(
        "a.xml",
        text,
        finding("unknown-element", at(text, "A/"), "A"),
    );
    for (column_unit, column) in [
        (ColumnUnit::Characters, 20),
        (ColumnUnit::Bytes, 27),
        (ColumnUnit::Utf16, 21),
    ] {
        let style = Style {
            column_unit,
            ..Style::default()
        };
        let printed = printed(Format::CONCISE, &run, style);
        assert!(
            printed.starts_with(&format!("a.xml:1:{column}: ")),
            "{printed}"
        );
    }
}

#[test]
fn overlapping_labels() {
    let text = "<A>\n  <Outer><Inner/></Outer>\n</A>\n";
    let nested = finding(
        "unknown-element",
        at(text, "<Outer><Inner/></Outer>"),
        "nested",
    )
    .label("outer")
    .also(at(text, "Inner"), "inner");
    let same = finding("unknown-element", at(text, "Inner"), "same place")
        .label("one")
        .also(at(text, "Inner"), "two");
    let start = finding("unknown-element", at(text, "Outer"), "same start")
        .label("short")
        .also(at(text, "Outer><Inner"), "long")
        .also(at(text, "Outer").first(0), "empty");
    assert_snapshot!(pretty(&report(vec![document(
        "overlap.xml",
        text,
        vec![nested, same, start]
    )])));
}

#[test]
fn spans_of_several_lines_show_the_first() {
    let found = finding(
        "unknown-element",
        at(SHOP, "<Items>\n      <CNAME>"),
        "two lines",
    )
    .label("from here");
    assert_snapshot!(pretty(&one("shop.xml", SHOP, found)));
}

#[test]
fn many_labels_are_counted() {
    let text = "<A/>\n".repeat(30);
    let mut found = finding("unknown-element", nth(&text, "A", 12), "A repeats").label("here");
    for n in 0..12 {
        found = found.also(nth(&text, "A", n), "before");
    }
    assert_snapshot!(pretty(&one("many.xml", &text, found)));
}

#[test]
fn without_text_there_is_still_a_place() {
    let mut checked = document("gone.xml", "", vec![quantity()]);
    checked.source = None;
    let run = report(vec![checked]);
    assert_snapshot!(pretty(&run));
    assert!(concise(&run).starts_with("gone.xml:1:1: error: "));
}

#[test]
fn errors_of_the_writer_are_reported() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for &format in Format::ALL {
        let error = write(format, &everything(), &Style::default(), &mut Full).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    }
}

#[test]
fn output_is_in_order_on_any_number_of_threads() {
    let text = "<A/>\n".repeat(20_000);
    let findings: Vec<Finding> = (0..20_000)
        .map(|n| {
            finding(
                "unknown-element",
                Span {
                    start: n * 5 + 1,
                    end: n * 5 + 2,
                },
                "A",
            )
        })
        .collect();
    let run = report(vec![document("a.xml", &text, findings)]);
    let text = pretty(&run);
    let lines: Vec<u32> = text
        .lines()
        .filter_map(|line| line.split_once("a.xml:")?.1.split(':').next()?.parse().ok())
        .collect();
    assert_eq!(lines, (1..=20_000).collect::<Vec<_>>());
}

#[test]
fn overlapping_secrets_are_masked() {
    let text = "<HeaderValue><![CDATA[s3cret<!-- <Comment>s3cret</Comment> -->s3cret]]></HeaderValue>\n<A/>";
    let mut checked = document(
        "a.xml",
        text,
        vec![finding("unknown-element", at(text, "A"), "A")],
    );
    checked.secrets = vec![at(text, &text[13..text.len() - 19])];
    assert!(text[13..text.len() - 19].ends_with("]]>"));
    let text = pretty(&report(vec![checked]));
    assert!(
        text.contains("<HeaderValue>********</HeaderValue>") && !text.contains("s3cret"),
        "{text}"
    );
}

#[test]
fn a_finding_that_cannot_be_drawn_is_still_printed() {
    let text = "<A>\u{fc}</A>";
    let mut checked = document(
        "a.xml",
        text,
        vec![finding("unknown-element", at(text, "A"), "A")],
    );
    // Ends inside a character, which nobody may do.
    checked.secrets = vec![Span { start: 3, end: 4 }];
    let run = report(vec![checked]);
    assert_eq!(pretty(&run), concise(&run));
}

proptest! {
    #[test]
    fn any_text_can_be_drawn(
        text in "([<>/a \n\r\tB#\\[:]|</|<Comment>|</Comment>|s3cret|<!--|-->|\u{e9}|e\u{301}|日|🎉|\u{1b}|\u{202e}|[a-z]{90}){0,40}",
        spans in prop::collection::vec((0u32..600, 0u32..90), 1..6),
        width in 0usize..130,
        parsed: bool,
        color: bool,
    ) {
        let span = |(start, len): (u32, u32)| Span { start, end: start + len };
        let mut found = finding("malformed-xml", span(spans[0]), "message").label("label");
        for other in &spans[1..] {
            found = found.also(span(*other), "another label");
        }
        let mut checked = document("a.xml", &text, vec![found]);
        checked.parsed = parsed;
        let style = Style { width, color, quiet: true, ..Style::default() };
        let mut out = Vec::new();
        write(Format::PRETTY, &report(vec![checked]), &style, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        prop_assert!(out.contains("─[") && !out.contains(['\r', '\t', '\u{202e}']), "{out}");
        prop_assert!(color || !out.contains('\x1b'), "raw escape");
        prop_assert!(!out.contains("##["));
        // Whatever follows an open Comment on this short text is its value.
        let after_comment = out.lines().any(|l| l.contains("<Comment>s3cret"));
        prop_assert!(parsed || !after_comment, "{out}");
    }
}
