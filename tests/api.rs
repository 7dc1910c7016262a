//! The library as a caller sees it: reading a document, finding one's way in it, and where things stand.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use cloudfront_lint::schema::{ApiVersion, Location, Root, RootClass, Shape};
use cloudfront_lint::{
    Checked, Document, Element, Encoding, Group, Level, Limits, Older, RULES, RuleId, Settings,
    Source, Span, check, read,
};

const DISTRIBUTION: &str = r#"<?xml version="1.0"?>
<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <CallerReference>shop-2024-03-01</CallerReference>
  <Aliases>
    <Quantity>2</Quantity>
    <Items><CNAME>www.example.com</CNAME><CNAME>shop.example.com</CNAME></Items>
  </Aliases>
  <Origins>
    <Quantity>2</Quantity>
    <Items>
      <Origin>
        <Id>site</Id>
        <DomainName>origin.example.com</DomainName>
        <CustomHeaders>
          <Quantity>1</Quantity>
          <Items>
            <OriginCustomHeader>
              <HeaderName>X-Key</HeaderName>
              <HeaderValue>opensesame</HeaderValue>
            </OriginCustomHeader>
          </Items>
        </CustomHeaders>
        <CustomOriginConfig>
          <HTTPPort>80</HTTPPort>
          <HTTPSPort>443</HTTPSPort>
          <OriginProtocolPolicy>https-only</OriginProtocolPolicy>
        </CustomOriginConfig>
      </Origin>
      <Origin>
        <Id>api</Id>
        <DomainName>api.example.com</DomainName>
        <CustomOriginConfig>
          <HTTPPort>80</HTTPPort>
          <HTTPSPort>443</HTTPSPort>
          <OriginProtocolPolicy>https-only</OriginProtocolPolicy>
        </CustomOriginConfig>
      </Origin>
    </Items>
  </Origins>
  <DefaultCacheBehavior>
    <TargetOriginId>site</TargetOriginId>
    <ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy>
    <CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>
  </DefaultCacheBehavior>
  <CacheBehaviors>
    <Quantity>1</Quantity>
    <Items>
      <CacheBehavior>
        <PathPattern>/api/*</PathPattern>
        <TargetOriginId>api</TargetOriginId>
        <ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy>
        <CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>
      </CacheBehavior>
    </Items>
  </CacheBehaviors>
  <Comment>Tea &amp; cake</Comment>
  <Enabled>true</Enabled>
  <ViewerCertificate>
    <ACMCertificateArn>arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012</ACMCertificateArn>
    <SSLSupportMethod>sni-only</SSLSupportMethod>
    <MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion>
  </ViewerCertificate>
</DistributionConfig>
"#;

fn source(text: &str) -> Source {
    Source::from_bytes("document.xml", text.as_bytes().to_vec())
}

fn document(source: &Source) -> Document<'_> {
    read(source, &Settings::default()).expect("the document can be read")
}

fn checked(text: &str) -> Checked {
    check(&source(text), None, &Settings::default())
}

/// The names of the rules that speak.
fn rules(checked: &Checked) -> Vec<&'static str> {
    checked.findings.iter().map(|f| f.rule.name()).collect()
}

/// An invalidation with these paths in its Items.
fn batch(items: &str, quantity: usize) -> String {
    format!(
        "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths>\
         <Quantity>{quantity}</Quantity><Items>{items}</Items></Paths>\
         <CallerReference>one</CallerReference></InvalidationBatch>"
    )
}

/// The first element of that name in document order.
fn first<'d>(document: &'d Document<'_>, name: &str) -> Element<'d> {
    document
        .elements()
        .find(|e| e.name() == name)
        .expect("the document has such an element")
}

#[test]
fn reads_a_document() {
    let source = source(DISTRIBUTION);
    let document = document(&source);
    let recognised = document.recognised().unwrap();
    assert_eq!(recognised.root.name, "DistributionConfig");
    assert_eq!(recognised.root.class, RootClass::Config);
    assert_eq!(document.version(), ApiVersion::LATEST);
    assert_eq!(document.root().name(), "DistributionConfig");
    assert_eq!(document.root().shape().unwrap().name, "DistributionConfig");
    assert_eq!(document.payload().path(), "/DistributionConfig");
    assert!(!document.is_response());
    assert_eq!(document.source().name(), "document.xml");
}

#[test]
fn goes_from_element_to_element() {
    let source = source(DISTRIBUTION);
    let document = document(&source);
    let root = document.root();
    let names: Vec<&str> = root.children().map(Element::name).collect();
    assert_eq!(names[..3], ["CallerReference", "Aliases", "Origins"]);
    let aliases = root.child("Aliases").unwrap();
    let values: Vec<&str> = aliases.items().map(Element::value).collect();
    assert_eq!(values, ["www.example.com", "shop.example.com"]);
    assert_eq!(aliases.parent().unwrap().name(), "DistributionConfig");
    assert!(root.parent().is_none());
    assert!(root.child("Logging").is_none());
    assert!(aliases.has_children());
    assert_eq!(aliases.value(), "");
    // A list that is not there has no items.
    let behavior = root.child("DefaultCacheBehavior").unwrap();
    assert_eq!(behavior.items().count(), 0);
    let count = document.elements().filter(|e| e.name() == "Origin").count();
    assert_eq!(count, 2);
}

#[test]
fn paths_name_items_by_what_identifies_them() {
    let source = source(DISTRIBUTION);
    let document = document(&source);
    let path = |value: &str| {
        document
            .elements()
            .find(|e| e.value() == value)
            .unwrap()
            .path()
    };
    assert_eq!(
        path("shop.example.com"),
        "/DistributionConfig/Aliases/Items/CNAME[2]"
    );
    assert_eq!(
        path("api.example.com"),
        "/DistributionConfig/Origins/Items/Origin[Id=api]/DomainName"
    );
    assert_eq!(
        path("opensesame"),
        "/DistributionConfig/Origins/Items/Origin[Id=site]/CustomHeaders/Items/\
         OriginCustomHeader[HeaderName=X-Key]/HeaderValue"
    );
    let api = first(&document, "Origins").items().nth(1).unwrap();
    assert_eq!(api.identity(), Some(("Id", "api")));
    assert_eq!(first(&document, "CNAME").identity(), None);
}

#[test]
fn paths_fall_back_to_positions() {
    // Empty, or with a line break that would tear the path apart.
    for id in ["", "a\nb"] {
        let text = DISTRIBUTION.replace("<Id>api</Id>", &format!("<Id>{id}</Id>"));
        let source = source(&text);
        let document = document(&source);
        let api = first(&document, "Origins").items().nth(1).unwrap();
        assert_eq!(api.path(), "/DistributionConfig/Origins/Items/Origin[2]");
    }
}

#[test]
fn the_api_names_places_in_its_own_way() {
    let source = source(DISTRIBUTION);
    let document = document(&source);
    let api = first(&document, "Origins").items().nth(1).unwrap();
    assert_eq!(
        api.child("DomainName").unwrap().api_path(),
        "distributionConfig.origins.items.2.member.domainName"
    );
    assert_eq!(document.root().api_path(), "distributionConfig");
}

#[test]
fn spans_are_the_text_they_stand_for() {
    let source = source(DISTRIBUTION);
    let document = document(&source);
    let comment = first(&document, "Comment");
    assert_eq!(
        source.slice(comment.span()),
        "<Comment>Tea &amp; cake</Comment>"
    );
    assert_eq!(source.slice(comment.name_span()), "Comment");
    assert_eq!(source.slice(comment.value_span()), "Tea &amp; cake");
    assert_eq!(comment.value(), "Tea & cake");
    assert_eq!(comment.subject_span(), comment.value_span());
    let empty = DISTRIBUTION.replace("Tea &amp; cake", "");
    let source = self::source(&empty);
    let document = self::document(&source);
    let comment = first(&document, "Comment");
    assert!(comment.value_span().is_empty());
    assert_eq!(comment.subject_span(), comment.name_span());
}

#[test]
fn secrets_are_not_shown() {
    let source = source(DISTRIBUTION);
    let document = document(&source);
    let secret = first(&document, "HeaderValue");
    assert!(secret.is_sensitive());
    assert!(!secret.shown_value().contains("opensesame"));
    assert_eq!(first(&document, "HeaderName").shown_value(), "\"X-Key\"");
    // A finding somewhere: without one there is nothing to show.
    let text = DISTRIBUTION.replace("<Enabled>true</Enabled>", "<Enabled>perhaps</Enabled>");
    let source = self::source(&text);
    let checked = check(&source, None, &Settings::default());
    let hidden: Vec<&str> = checked.secrets.iter().map(|s| source.slice(*s)).collect();
    assert!(hidden.contains(&"opensesame"), "{hidden:?}");
}

#[test]
fn a_response_is_read_for_the_configuration_in_it() {
    let config = DISTRIBUTION
        .strip_prefix("<?xml version=\"1.0\"?>\n")
        .unwrap();
    let config = config.replace("<Enabled>true</Enabled>", "<Enabled>perhaps</Enabled>");
    let text = format!(
        "<Distribution xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Id>E1A2B3EXAMPLE99</Id>\
         <LastModifiedTime>yesterday</LastModifiedTime>{config}</Distribution>"
    );
    let source = source(&text);
    let document = document(&source);
    assert!(document.is_response());
    assert_eq!(
        document.recognised().unwrap().root.class,
        RootClass::Wrapper
    );
    assert_eq!(
        document.payload().path(),
        "/Distribution/DistributionConfig"
    );
    assert_eq!(
        first(&document, "Enabled").api_path(),
        "distributionConfig.enabled"
    );
    // What cannot be sent anyway is not the sender's business.
    let checked = check(&source, None, &Settings::default());
    assert_eq!(rules(&checked), ["response-document", "invalid-boolean"]);
    assert_eq!(
        checked.findings[1].element,
        "/Distribution/DistributionConfig/Enabled"
    );
}

#[test]
fn an_unknown_wrapper_is_read_for_the_request_in_it() {
    let text = format!("<input>{}</input>", batch("<Path>/*</Path>", 2));
    let source = source(&text);
    let document = document(&source);
    assert_eq!(document.payload().path(), "/input/InvalidationBatch");
    let checked = check(&source, None, &Settings::default());
    assert_eq!(rules(&checked), ["unknown-root", "quantity-mismatch"]);
    assert_eq!(
        checked.findings[1].element,
        "/input/InvalidationBatch/Paths/Quantity"
    );
}

#[test]
fn a_document_that_is_not_cloudfronts_is_recognised_as_none() {
    let source = source("<project><name>shop</name></project>");
    let document = document(&source);
    assert!(document.recognised().is_none());
    assert!(document.root().shape().is_none());
    assert_eq!(first(&document, "name").path(), "/project/name");
}

#[test]
fn names_may_have_a_prefix() {
    let text = batch("<Path>/a</Path><Path>/b</Path>", 3)
        .replace("</", "</cf:")
        .replace("xmlns=", "xmlns:cf=");
    let text: String = text
        .split_inclusive('<')
        .map(|part| part.replace('<', "<cf:"))
        .collect::<String>()
        .replace("<cf:/cf:", "</cf:");
    let source = source(&text);
    let document = document(&source);
    assert_eq!(document.root().name(), "InvalidationBatch");
    assert_eq!(document.version(), ApiVersion::LATEST);
    let path = first(&document, "Paths").items().nth(1).unwrap();
    assert_eq!(path.path(), "/InvalidationBatch/Paths/Items/Path[2]");
    assert_eq!(source.slice(path.name_span()), "Path");
    assert_eq!(source.slice(path.span()), "<cf:Path>/b</cf:Path>");
    let checked = check(&source, None, &Settings::default());
    assert_eq!(rules(&checked), ["quantity-mismatch"]);
}

#[test]
fn a_prefix_does_not_reach_elements_without_it() {
    let text = batch("<Path>/a</Path>", 1)
        .replace(
            "<InvalidationBatch xmlns=",
            "<cf:InvalidationBatch xmlns:cf=",
        )
        .replace("</InvalidationBatch>", "</cf:InvalidationBatch>");
    let checked = checked(&text);
    // Said once, not for every element.
    assert_eq!(rules(&checked), ["foreign-namespace"]);
    assert_eq!(checked.findings[0].element, "/InvalidationBatch/Paths");
}

#[test]
fn foreign_elements_are_passed_over() {
    let note = "<n:Path xmlns:n=\"http://example.com/notes\" n:by=\"web\"><n:Quantity>9</n:Quantity>text</n:Path>";
    let text = batch(&format!("<Path>/a</Path>{note}<Path>/b</Path>"), 2);
    let checked = checked(&text);
    assert_eq!(rules(&checked), ["foreign-namespace"]);
    let source = source(&text);
    let document = document(&source);
    let last = document.elements().find(|e| e.value() == "/b").unwrap();
    assert_eq!(last.path(), "/InvalidationBatch/Paths/Items/Path[2]");
    let foreign = document
        .elements()
        .find(|e| e.namespace() == "http://example.com/notes")
        .unwrap();
    assert!(foreign.shape().is_none());
}

#[test]
fn comments_and_sections_are_part_of_no_value() {
    let source_of = |value: &str| source(&batch(&format!("<Path>{value}</Path>"), 1));
    for (written, read) in [
        ("/a<!-- old: /c -->/b", "/a/b"),
        ("<!-- first -->/a/b", "/a/b"),
        ("/a/b<!-- last -->", "/a/b"),
        ("<![CDATA[/a/b]]>", "/a/b"),
        ("/a<![CDATA[?x=1&y=<2>]]>/b", "/a?x=1&y=<2>/b"),
        ("/a<?editor fold?>/b", "/a/b"),
        ("/a&#x2f;b&lt;", "/a/b<"),
        ("<!-- one --><!-- two -->", ""),
    ] {
        let source = source_of(written);
        let document = document(&source);
        let path = first(&document, "Path");
        assert_eq!(path.value(), read, "{written}");
        assert!(!path.has_children(), "{written}");
        // The span holds all pieces of the value.
        let span = source.slice(path.value_span());
        assert!(written.contains(span), "{written}: {span}");
        let expected: &[&str] = if read.is_empty() {
            &["empty-required-value"]
        } else if read.contains('<') {
            // Read right, but no path.
            &["invalid-invalidation-path"]
        } else {
            &[]
        };
        assert_eq!(
            rules(&check(&source, None, &Settings::default())),
            expected,
            "{written}"
        );
    }
}

#[test]
fn comments_between_elements_are_no_text() {
    for items in [
        "<!-- a --><Path>/a</Path>",
        "\n<!-- a -->\n<!-- b -->\n<Path>/a</Path>\n<!-- c -->\n",
        "<?a?> <Path>/a</Path> <?b?>",
        "<![CDATA[ ]]><Path>/a</Path>",
    ] {
        assert_eq!(rules(&checked(&batch(items, 1))), [""; 0], "{items}");
    }
    // Text beside a comment is marked by itself.
    for items in [
        "lost<!-- a --><Path>/a</Path>",
        "<!-- a -->lost<Path>/a</Path>",
        "<Path>/a</Path><!-- a -->lost",
    ] {
        let text = batch(items, 1);
        let checked = checked(&text);
        assert_eq!(rules(&checked), ["unexpected-text"], "{items}");
        let span = checked.findings[0].span;
        assert_eq!(
            &text[span.start as usize..span.end as usize],
            "lost",
            "{items}"
        );
    }
}

#[test]
fn places_in_utf_16_are_those_of_the_file() {
    let text = batch("<Path>/语😀</Path><Path>/b</Path>", 2).replace("<Path>/b", "\n<Path> /b");
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let source = Source::from_bytes("wide.xml", bytes.clone());
    assert_eq!(source.encoding(), Encoding::Utf16Le);
    assert_eq!(source.text(), text);
    let checked = check(&source, None, &Settings::default());
    assert_eq!(
        rules(&checked),
        ["invalid-invalidation-path", "whitespace-in-value"]
    );
    let finding = &checked.findings[1];
    assert_eq!(source.slice(finding.span), " /b");
    let place = source.position(finding.span.start);
    assert_eq!((place.line, place.column), (2, 7));
    let (start, end) = (
        place.offset as usize,
        source.position(finding.span.end).offset as usize,
    );
    let units: Vec<u16> = bytes[start..end]
        .chunks(2)
        .map(|b| u16::from_le_bytes([b[0], b[1]]))
        .collect();
    assert_eq!(String::from_utf16(&units).unwrap(), " /b");
    // Columns count characters; editors count the code units.
    let smile = source.text().find('😀').unwrap() as u32;
    let after = smile + '😀'.len_utf8() as u32;
    assert_eq!(
        source.position(after).column - source.position(smile).column,
        1
    );
    assert_eq!(source.utf16_column(after) - source.utf16_column(smile), 2);
}

#[test]
fn a_byte_order_mark_moves_places_in_the_file_only() {
    let text = batch("<Path>/a</Path>", 2);
    let plain = source(&text);
    let marked = Source::from_bytes("marked.xml", format!("\u{FEFF}{text}").into_bytes());
    let find = |source: &Source| {
        check(source, None, &Settings::default())
            .findings
            .remove(0)
            .span
    };
    assert_eq!(find(&plain), find(&marked));
    let start = find(&plain).start;
    assert_eq!(
        marked.position(start).offset,
        plain.position(start).offset + 3
    );
    assert_eq!(marked.position(start).column, plain.position(start).column);
}

#[test]
fn what_cannot_be_read_is_one_finding() {
    for (text, rule) in [
        ("", "empty-document"),
        (" \n", "empty-document"),
        ("<a><b></a>", "malformed-xml"),
        ("<!DOCTYPE a><a/>", "forbidden-doctype"),
        ("<a>\u{1}</a>", "invalid-character"),
    ] {
        let checked = checked(text);
        assert!(!checked.parsed, "{text:?}");
        assert_eq!(rules(&checked), [rule], "{text:?}");
        let finding = &checked.findings[0];
        assert_eq!(finding.level, Level::Error, "{text:?}");
        assert!(finding.rule.meta().mandatory, "{text:?}");
        let source = source(text);
        let error = read(&source, &Settings::default()).unwrap_err();
        assert_eq!(error.rule, finding.rule, "{text:?}");
    }
}

#[test]
fn limits_are_settings() {
    let text = batch("<Path>/a</Path>", 1);
    let settings = Settings {
        limits: Limits {
            max_depth: 3,
            ..Limits::default()
        },
        ..Settings::default()
    };
    let checked = check(&source(&text), None, &settings);
    assert_eq!(rules(&checked), ["limit-exceeded"]);
    assert!(!checked.parsed);
}

#[test]
fn the_api_version_can_be_given() {
    let text = DISTRIBUTION.replace("2020-05-31", "2016-11-25");
    // A cache policy instead of what 2016 required.
    assert!(rules(&checked(&text)).contains(&"missing-required-element"));
    let given = Settings {
        api_version: Some(ApiVersion::LATEST),
        ..Settings::default()
    };
    let source = source(&text);
    let findings = check(&source, None, &given).findings;
    assert!(
        findings
            .iter()
            .all(|f| f.rule.meta().group != Group::Schema)
    );
    let document = read(&source, &given).unwrap();
    assert_eq!(document.version(), ApiVersion::LATEST);
}

#[test]
fn the_older_document_is_compared() {
    let old = Arc::new(source(
        &DISTRIBUTION.replace("shop-2024-03-01", "shop-2023-01-01"),
    ));
    let older = Older {
        source: Arc::clone(&old),
        document: &document(&old),
    };
    let checked = check(&source(DISTRIBUTION), Some(&older), &Settings::default());
    let changed = checked
        .findings
        .iter()
        .find(|f| f.rule.name() == "caller-reference-changed")
        .unwrap();
    let there = &changed.labels[0];
    let place = there.source.as_ref().unwrap();
    assert_eq!(place.slice(there.span), "shop-2023-01-01");
}

#[test]
fn findings_stand_in_the_order_of_the_text() {
    let text =
        batch("<Path> /a</Path><Entry>/b </Entry>", 3).replace("<Paths>", "<Paths mood=\"good\">");
    let checked = checked(&text);
    assert_eq!(
        rules(&checked),
        [
            "unexpected-attribute",
            "quantity-mismatch",
            "whitespace-in-value",
            "wrong-item-element",
            "whitespace-in-value"
        ]
    );
    let starts: Vec<Span> = checked.findings.iter().map(|f| f.span).collect();
    assert!(starts.is_sorted(), "{starts:?}");
}

#[test]
fn rules_and_schema_are_found_by_name() {
    for rule in &RULES {
        assert_eq!(RuleId::find(rule.name).unwrap().name(), rule.name);
    }
    assert!(RuleId::find("no-such-rule").is_none());
    let root = Root::find("CreateFunctionRequest").unwrap();
    let shape: &Shape = root.shape.shape();
    assert_eq!(
        shape.member("FunctionCode").unwrap().location,
        Location::Body
    );
    let request = Root::find("UpdateFunctionRequest").unwrap().shape.shape();
    assert!(matches!(
        request.member("IfMatch").unwrap().location,
        Location::Header("If-Match")
    ));
    assert!(matches!(
        request.member("Name").unwrap().location,
        Location::Uri(_)
    ));
}

#[test]
fn repeated_unknown_siblings_are_counted() {
    let text = batch("<Path>/a</Path>", 1).replace(
        "<CallerReference>",
        "<Note>a</Note><Note>b</Note><Note>c</Note><Other/><Note>d</Note><CallerReference>",
    );
    let checked = checked(&text);
    assert_eq!(rules(&checked), ["unknown-element"; 3]);
    let counts = |f: &cloudfront_lint::Finding| {
        f.notes
            .iter()
            .any(|note| note.starts_with("3 elements of this name"))
    };
    let counted: Vec<bool> = checked.findings.iter().map(counts).collect();
    assert_eq!(counted, [true, false, false]);
}
