//! Files made to hurt: each run ends by itself, with a finding that says what is wrong.

use crate::documents::DISTRIBUTION;
use crate::support::{Run, Sandbox, formats};

const END: &str = "</DistributionConfig>";

/// What is slow in a program that is not optimised is smaller there.
const fn scaled(count: usize) -> usize {
    if cfg!(debug_assertions) {
        count / 20
    } else {
        count
    }
}

/// Checks the document in every format; each names the rule.
#[track_caller]
fn refused(document: impl AsRef<[u8]>, rule: &str) -> Vec<(&'static str, Run)> {
    let sandbox = Sandbox::new();
    sandbox.file("a.xml", document);
    let runs: Vec<_> = formats()
        .map(|format| (format, sandbox.check(&["a.xml", "-o", format])))
        .collect();
    for (format, run) in &runs {
        assert_eq!(run.status, 1, "{format} {:.2000}", run.stderr);
        assert!(run.stdout.contains(rule), "{format} {:.2000}", run.stdout);
        assert!(!run.stdout.contains("internal-error"), "{format}");
    }
    runs
}

/// A few findings about a large document are a short text; SARIF has the pages of their rules.
#[track_caller]
fn refused_briefly(document: impl AsRef<[u8]>, rule: &str) {
    for (format, run) in refused(document, rule) {
        assert!(
            run.stdout.len() < if format == "sarif" { 60_000 } else { 20_000 },
            "{format}: {} bytes",
            run.stdout.len()
        );
    }
}

fn inside(content: &str) -> String {
    format!("{DISTRIBUTION}{content}{END}")
}

#[test]
fn deep_nesting() {
    const DEPTH: usize = 100_000;
    let nested = "<a>".repeat(DEPTH) + &"</a>".repeat(DEPTH);
    refused_briefly(inside(&nested), "limit-exceeded");
    refused_briefly("<a>".repeat(DEPTH), "limit-exceeded");
}

#[test]
fn many_attributes() {
    let attributes: String = (0..50_000).map(|n| format!(" a{n}=\"x\"")).collect();
    refused_briefly(
        format!("<DistributionConfig{attributes}/>"),
        "limit-exceeded",
    );
}

#[test]
fn many_namespaces() {
    const COUNT: usize = 5_000;
    let nested: String = (0..COUNT)
        .map(|n| format!("<a xmlns:n{n}=\"u{n}\">"))
        .collect();
    refused_briefly(inside(&(nested + &"</a>".repeat(COUNT))), "limit-exceeded");
    let siblings = "<x:a xmlns:x=\"u\"/>".repeat(COUNT);
    refused_briefly(inside(&siblings), "limit-exceeded");
}

#[test]
fn billion_laughs() {
    let mut dtd = "<!DOCTYPE l [<!ENTITY a0 \"ha\">".to_owned();
    for n in 1..10 {
        dtd += &format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10));
    }
    let document = format!("{dtd}]>{}", inside("<Comment>&a9;</Comment>"));
    refused_briefly(document, "forbidden-doctype");
}

#[test]
fn nul_bytes() {
    refused_briefly(
        inside(&format!("<Comment>{}</Comment>", "\0".repeat(1000))),
        "invalid-character",
    );
    refused_briefly("\0".repeat(100_000), "invalid-character");
}

#[test]
fn endless_lines() {
    let long = "x".repeat(scaled(1_000_000));
    refused_briefly(
        inside(&format!("<Comment>{long}</Comment><Enabled>ja</Enabled>")),
        "invalid-boolean",
    );
    refused_briefly(
        inside(&format!("<Enabled>{long}</Enabled>")),
        "invalid-boolean",
    );
    refused_briefly(inside(&format!("<{long}>1</{long}>")), "unknown-element");
    refused_briefly(inside(&format!("<{long}>1</{long}x>")), "malformed-xml");
    refused_briefly(
        inside(&format!("<Comment a=\"{long}{long}\"/>")),
        "unexpected-attribute",
    );
    refused_briefly(
        inside(&format!("<Comment {long}=\"\"/>")),
        "unexpected-attribute",
    );
    refused_briefly(
        format!("<DistributionConfig xmlns=\"{long}\"/>"),
        "namespace",
    );
    refused_briefly(format!("<{long}/>"), "unknown-root");
    let wide = "語".repeat(scaled(300_000));
    refused_briefly(
        inside(&format!(
            "<Comment>{wide}</Comment><Enabled>{wide}</Enabled>"
        )),
        "invalid-boolean",
    );
}

#[test]
fn twenty_megabytes_of_brackets() {
    let brackets = "<".repeat(scaled(20_000_000));
    refused_briefly(&brackets, "malformed-xml");
    refused_briefly(format!("{DISTRIBUTION}{brackets}"), "malformed-xml");
}

#[test]
fn many_small_parts() {
    let pieces = [
        "<!--a-->",
        "<?a b?>",
        "<![CDATA[a]]>",
        "&#x41;",
        "&amp;",
        "<!-- ",
        "]]>",
        "<!",
        "</a>",
        "<a",
    ];
    for piece in pieces {
        refused(
            inside(&format!("<Enabled>{}</Enabled>", piece.repeat(20_000))),
            "a.xml",
        );
    }
}

/// Many findings: all are reported, in every format, whatever the lines are like; but GitHub takes so many in SARIF.
#[test]
fn many_findings() {
    const COUNT: usize = scaled(100_000);
    let of = |run: &Run, format: &str| match format {
        "json" => run.json()["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["rule"] == "unknown-element")
            .count(),
        "sarif" => run
            .stdout
            .matches("\"ruleId\": \"unknown-element\"")
            .count(),
        "github" => run.stdout.matches(",title=unknown-element::").count(),
        "gitlab" => run
            .stdout
            .matches("\"check_name\": \"unknown-element\"")
            .count(),
        "junit" => run
            .stdout
            .matches("<testcase name=\"unknown-element at ")
            .count(),
        "checkstyle" => run
            .stdout
            .matches("source=\"cloudfront-lint.unknown-element\"")
            .count(),
        "rdjson" => run.stdout.matches("\"value\": \"unknown-element\"").count(),
        "markdown" => run.stdout.matches("<code>unknown-element</code> |").count(),
        _ => run.stdout.matches("[unknown-element]").count(),
    };
    for end in ["\n", ""] {
        let elements: String = (0..COUNT).map(|n| format!("<Enabeld{n}/>{end}")).collect();
        for (format, run) in refused(inside(&elements), "unknown-element") {
            let most = if format == "sarif" { 24_000 } else { COUNT };
            let found = of(&run, format);
            assert!(
                (COUNT.min(most)..=COUNT).contains(&found),
                "{format}: {found}"
            );
        }
    }
}
