//! The value of an element that the schema calls sensitive is in no output, however it is written.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use cloudfront_lint::output::{self, AnswerFormat, Format, Style};
use cloudfront_lint::{
    Answered, Answers, Checked, FileReport, Older, Operation, Report, Settings, Source, check,
    dry_run, read,
};

const SECRET: &str = "S3CR3T";

/// What each format prints about a document.
fn printed(text: &str) -> Vec<String> {
    let source = Source::from_bytes("a.xml", text.into());
    let checked = check(&source, None, &Settings::default());
    let mut outputs = answered(&source);
    outputs.splice(0..0, print(source, checked));
    outputs
}

/// What each format of a dry run prints about it.
fn answered(source: &Source) -> Vec<String> {
    let Ok(response) = dry_run(Operation::Create, source, None, &Settings::default()) else {
        return Vec::new();
    };
    let answers = Answers {
        answers: vec![Answered {
            name: "a.xml".into(),
            response,
        }],
        failures: Vec::new(),
    };
    let formats = [AnswerFormat::Pretty, AnswerFormat::Xml, AnswerFormat::Json];
    let print = |format: AnswerFormat| {
        let mut out = Vec::new();
        output::write_answers(format, &answers, &Style::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    formats.map(print).to_vec()
}

fn print(source: Source, checked: Checked) -> Vec<String> {
    let mut file = FileReport::default();
    file.name = "a.xml".into();
    file.source = Some(Arc::new(source));
    file.secrets = checked.secrets;
    file.parsed = checked.parsed;
    file.findings = checked.findings;
    let mut report = Report::default();
    report.documents.push(file);
    let print = |format: &Format| {
        let mut out = Vec::new();
        let style = Style {
            width: 300,
            ..Style::default()
        };
        output::write(*format, &report, &style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    Format::ALL.iter().map(print).collect()
}

/// The document has findings, and none of them shows the secret.
#[track_caller]
fn hides(text: &str) -> Vec<String> {
    let outputs = printed(text);
    for output in &outputs {
        assert!(!output.to_uppercase().contains(SECRET), "{text}\n{output}");
    }
    assert!(outputs[0].contains('['), "no finding in {text}");
    outputs
}

fn distribution(content: &str) -> String {
    format!(
        "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">{content}</DistributionConfig>"
    )
}

/// A distribution with an origin that sends one header.
fn header(content: &str) -> String {
    distribution(&format!(
        "<Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>a.example</DomainName><CustomHeaders>\
         <Quantity>1</Quantity><Items>{content}</Items></CustomHeaders></Origin></Items></Origins>"
    ))
}

fn value(content: &str) -> String {
    header(&format!(
        "<OriginCustomHeader><HeaderName>X</HeaderName>{content}</OriginCustomHeader>"
    ))
}

fn function(content: &str) -> String {
    format!(
        "<CreateFunctionRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Name>f</Name>{content}\
         </CreateFunctionRequest>"
    )
}

#[test]
fn elements_in_a_value() {
    for content in [
        "<HeaderValue>S3CR3T<b/></HeaderValue>",
        "<HeaderValue><b/>S3CR3T</HeaderValue>",
        "<HeaderValue><b>S3CR3T</b></HeaderValue>",
        "<HeaderValue><b><c>S3CR3T</c></b></HeaderValue>",
        "<HeaderValue><S3CR3T/></HeaderValue>",
        "<HeaderValue><a><S3CR3T/></a></HeaderValue>",
        "<HeaderValue><a b='S3CR3T'/></HeaderValue>",
        "<HeaderValue><a xmlns='S3CR3T'/></HeaderValue>",
        "<HeaderValue>\n a\n <b/>\n S3CR3T<!-- S3CR3T --><?x S3CR3T?><![CDATA[</HeaderValue>S3CR3T]]></HeaderValue>",
        "<HeaderValue><HeaderValue/>S3CR3T</HeaderValue>",
        "<HeaderValue a='>'><b/>S3CR3T</HeaderValue>",
    ] {
        let outputs = hides(&value(content));
        assert!(outputs[0].contains("HeaderValue"), "{}", outputs[0]);
    }
    let outputs = hides(&value("<HeaderValue><S3CR3T/></HeaderValue>"));
    assert!(
        outputs[1].contains("HeaderValue holds a value, no elements"),
        "{}",
        outputs[1]
    );
    hides(&distribution("<Comment>S3CR3T<b/></Comment>"));
    hides(&function(
        "<FunctionCode>return '<h1>hi</h1>' + 'S3CR3T';</FunctionCode>",
    ));
    hides(
        "<TestFunctionRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
         <EventObject>S3CR3T<b/></EventObject></TestFunctionRequest>",
    );
}

#[test]
fn malformed_values() {
    for content in [
        "<HeaderValue>a</b>S3CR3T</HeaderValue>",
        "<HeaderValue>a<b>c</b>S3CR3T & </HeaderValue>",
        "<HeaderValue>S3CR3T & <Upper>S3CR3T</Upper></HeaderValue>",
        "<HeaderValue>&S3CR3T;</HeaderValue>",
        "<HeaderValue>&#S3CR3T;</HeaderValue>",
        "<HeaderValue><S3CR3T></HeaderValue>",
        "<HeaderValue><S3CR3T",
        "<HeaderValue><?S3CR3T",
        "<HeaderValue><?S3CR3T?></HeaderValue>&",
        "<HeaderValue v=S3CR3T>",
        "<HeaderValue v='S3CR3T' v='S3CR3T'>a</HeaderValue>",
        "<HeaderValue S3CR3T>a</HeaderValue>",
        "<HeaderValue>a<S3CR3T:b/></HeaderValue>",
        "<HeaderValue></S3CR3T></HeaderValue>",
        "<HeaderValue>a<HeaderValue>b</HeaderValue>S3CR3T & </HeaderValue>",
        "<HeaderValue><![CDATA[</HeaderValue>S3CR3T]]> & </HeaderValue>",
        "<x:HeaderValue><b>a</b>S3CR3T & </x:HeaderValue>",
        "<header_value>&S3CR3T;</header_value>",
        "<HeaderVaule><b>a</b>S3CR3T & </HeaderVaule>",
        "<HeaderValue><b>a</b>S3CR3T & </headerValue>",
    ] {
        hides(&value(content));
    }
    hides(&function(
        "<FunctionCode>return '<b>x</b>' && S3CR3T;</FunctionCode>",
    ));
    for attributes in [
        "HeaderValue=S3CR3T",
        "HeaderValue = 'a>S3CR3T' b",
        "a='>' HeaderValue='S3CR3T' b",
    ] {
        hides(&header(&format!("<OriginCustomHeader {attributes}/>")));
    }
}

/// Where elements overlap, nothing tells where the value ends; its names are in no message.
#[test]
fn overlapping_elements() {
    let outputs = printed(&value("<HeaderValue><S3CR3T></HeaderValue></S3CR3T>"));
    assert!(!outputs[1].contains(SECRET), "{}", outputs[1]);
}

#[test]
fn what_can_be_said_is_said() {
    let outputs = hides(&value("<HeaderValue>S3CR3T & more</HeaderValue>"));
    assert!(outputs[0].contains("a bare `&` must be written `&amp;`"));
    let outputs = hides(&value("<HeaderValue>&S3CR3T;</HeaderValue>"));
    let said = "error: not well-formed XML inside HeaderValue, whose value is not shown";
    assert!(outputs[0].contains(&said[7..]), "{}", outputs[0]);
    let outputs = hides(&value("<HeaderValue>S3CR3T \u{1b} S3CR3T</HeaderValue>"));
    assert!(outputs[0].contains("the character U+001B (escape)"));
    let outputs = hides(&value("<HeaderValue>S3CR3T &nbsp; S3CR3T</HeaderValue>"));
    assert!(outputs[0].contains("`&nbsp;` is not defined"));
    let outputs = hides(&value("<HeaderValue>S3CR3T < S3CR3T</HeaderValue>"));
    assert!(outputs[0].contains("`<` in text must be written"));
    // Other elements are shown as they are.
    let outputs = printed(&value("<HeaderValue>a</HeaderValue><b>&shown;</b>"));
    assert!(
        outputs[1].contains("`&shown;` is not defined"),
        "{}",
        outputs[1]
    );
}

#[test]
fn names_written_otherwise() {
    for name in [
        "headerValue",
        "header_value",
        "HeaderVaule",
        "Header-Value",
        "HEADERVALUE",
        "HeaderValues",
    ] {
        hides(&value(&format!("<{name}>S3CR3T</{name}>")));
        hides(&value(&format!("<{name}><b>S3CR3T</b></{name}>")));
        hides(&value(&format!("<!-- <{name}>S3CR3T</{name}> --><b/>")));
    }
    hides(&function("<functionCode>S3CR3T</functionCode>"));
    hides(&format!(
        "<Unknown>{}</Unknown>",
        "<header_value>S3CR3T</header_value>"
    ));
    // A name of its own is no slip.
    let outputs = printed("<Unknown><HeaderName>shown</HeaderName></Unknown>");
    assert!(outputs[0].contains("shown"), "{}", outputs[0]);
}

#[test]
fn values_in_attributes_and_astray() {
    hides(&header(
        "<OriginCustomHeader HeaderName=\"a\" HeaderValue=\"S3CR3T\"/>",
    ));
    hides(&value("<HeaderValue value='S3CR3T'/>"));
    hides(&header("<OriginCustomHeader>S3CR3T</OriginCustomHeader>"));
    hides(&header(
        "<OriginCustomHeader><HeaderName>X</HeaderName>S3CR3T</OriginCustomHeader>",
    ));
    hides(&header(
        "<OriginCustomHeader>S3CR3T<HeaderName>X</HeaderName></OriginCustomHeader>",
    ));
    hides(&header("S3CR3T"));
    hides(&function("S3CR3T"));
    hides(
        "<CreateFunctionRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">S3CR3T</CreateFunctionRequest>",
    );
}

#[test]
fn other_languages() {
    hides("{\"HeaderValue\":\"S3CR3T\"}");
    hides("{\"a\": 1,\n \"headerValue\":\n \"<S3CR3T\"}");
    hides("[{\"HeaderName\": \"a\", \"HeaderValue\": \"S3CR3T\"}]");
    hides("Comment: S3CR3T\n");
    hides("HeaderName: a\nHeaderValue: |\n  <b>\n  S3CR3T\n");
    hides("Comment = S3CR3T");
}

#[test]
fn the_older_document_too() {
    let text = |reference: &str, secret: &str| {
        distribution(&format!(
            "<CallerReference>{reference}</CallerReference><Comment><b>a</b>{secret}</Comment>"
        ))
    };
    let old = Arc::new(Source::from_bytes("old.xml", text("a", SECRET).into()));
    let settings = Settings::default();
    let document = read(&old, &settings).unwrap();
    let older = Older {
        source: Arc::clone(&old),
        document: &document,
    };
    let source = Source::from_bytes("a.xml", text("b", "").into());
    let checked = check(&source, Some(&older), &settings);
    for output in print(source, checked) {
        assert!(!output.contains(SECRET), "{output}");
    }
}

#[test]
fn identities_forge_no_path() {
    for (id, shown) in [
        ("plain/*", "Origin[Id=plain/*]"),
        ("a]/Origin[Id=b", "Origin[1]"),
        ("a\u{202e}b", "Origin[1]"),
        ("a\u{a0}b", "Origin[1]"),
    ] {
        let text = distribution(&format!(
            "<Origins><Quantity>1</Quantity><Items><Origin><Id>{id}</Id><Wrong/></Origin></Items></Origins>"
        ));
        let source = Source::from_bytes("a.xml", text.into());
        let checked = check(&source, None, &Settings::default());
        let path = format!("/DistributionConfig/Origins/Items/{shown}/Wrong");
        assert!(checked.findings.iter().any(|f| f.element == path), "{path}");
    }
}

#[test]
fn invisible_characters_are_quoted_visibly() {
    let text = distribution("<Enabled>tr\u{a0}u\u{200b}e\u{202e}</Enabled>");
    let source = Source::from_bytes("a.xml", text.into());
    let checked = check(&source, None, &Settings::default());
    let message = "Enabled is \"tr\\u{a0}u\\u{200b}e\\u{202e}\", which is not a boolean";
    assert!(checked.findings.iter().any(|f| f.message == message));
}

#[test]
fn many_names_take_no_time() {
    let unknown: String = (0..100_000)
        .map(|n| format!("<HeaderV{n}>a</HeaderV{n}>"))
        .collect();
    let open: String = (0..100_000)
        .map(|n| format!("<HeaderValu{}>", n % 10))
        .collect();
    let start = std::time::Instant::now();
    let settings = Settings::default();
    for text in [
        distribution(&unknown),
        distribution(&format!("{unknown}&")),
        "<Comment>".repeat(100_000),
        "<Comment></comment>".repeat(100_000),
        format!("<a>{open}"),
    ] {
        check(&Source::from_bytes("a.xml", text.into()), None, &settings);
    }
    // Without optimisation; anything quadratic takes minutes.
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

/// Fixes change what stands around a secret, and never write it.
#[test]
fn fixes() {
    for (text, title) in [
        (
            value("<HeaderValue> S3CR3T\n</HeaderValue>"),
            "delete the line breaks around the value",
        ),
        (
            value("<Headervalue>S3CR3T</Headervalue>"),
            "rename it to HeaderValue",
        ),
        (
            value("<HeaderValue>S3CR3T</HeaderValue><HeaderValue>S3CR3T</HeaderValue>"),
            "delete the repeated HeaderValue",
        ),
        (
            format!(
                "<Wrapper>{}</Wrapper>",
                value("<HeaderValue>S3CR3T</HeaderValue>")
            ),
            "keep only DistributionConfig",
        ),
        (
            format!(
                "<Wrapper>\n  {}\n</Wrapper>",
                value("\n<HeaderValue>\n  S3CR3T\n  S3CR3T</HeaderValue>\n  ")
            ),
            "keep only DistributionConfig",
        ),
    ] {
        let outputs = hides(&text);
        assert!(
            outputs.iter().any(|output| output.contains(title)),
            "{title}: {}",
            outputs[2]
        );
    }
}
