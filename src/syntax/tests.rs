//! The scan against `testdata/syntax`, and against the parser.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::chars::excerpt;
use super::scan::{Scan, scan};
use crate::finding::Finding;
use crate::limits::Limits;
use crate::rule::id::{
    FORBIDDEN_DOCTYPE, INVALID_CHARACTER, INVALID_ENCODING, LIMIT_EXCEEDED, MALFORMED_XML,
};
use crate::source::Source;

fn check(text: &str) -> Result<Scan, Box<Finding>> {
    let source = Source::from_bytes("test.xml", text.as_bytes().to_vec());
    scan(&source, &Limits::default())
}

fn message(text: &str) -> String {
    check(text).map_or_else(|finding| finding.message, |_| "well-formed".to_owned())
}

/// `line:col rule message`, then each further label, as the files `*.expected` have it.
fn describe(source: &Source, finding: &Finding) -> String {
    let place = |at: u32| {
        let position = source.position(at);
        format!("{}:{}", position.line, position.column)
    };
    let mut lines = vec![
        format!(
            "{} {} {}",
            place(finding.span.start),
            finding.rule.name(),
            finding.message
        ),
        format!(
            "  label: {} | {}",
            source.slice(finding.span),
            finding.label
        ),
    ];
    for label in &finding.labels {
        let text = excerpt(source.slice(label.span));
        let place = place(label.span.start);
        lines.push(format!("  {place} {text} | {}", label.message));
    }
    lines.extend(finding.notes.iter().map(|note| format!("  note: {note}")));
    lines.extend(finding.help.iter().map(|help| format!("  help: {help}")));
    lines.join("\n") + "\n"
}

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/syntax");
    let entries = fs::read_dir(folder).expect("the folder exists");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let is_xml = |path: &PathBuf| path.extension().is_some_and(|end| end == "xml");
    let mut documents: Vec<PathBuf> = paths.filter(is_xml).collect();
    documents.sort();
    documents
}

/// Each `<name>.xml` gives what `<name>.expected` says; `ok-<name>.xml` gives nothing. To accept new output after
/// reading it: `BLESS=1 cargo test`.
#[test]
fn documents_give_what_is_expected() {
    let mut wrong = Vec::new();
    for path in documents() {
        let name = path.display().to_string();
        let bytes = fs::read(&path).expect("the document can be read");
        let source = Source::from_bytes(&*name, bytes);
        let result = scan(&source, &Limits::default());
        if path
            .file_stem()
            .is_some_and(|stem| stem.to_string_lossy().starts_with("ok-"))
        {
            if let Err(finding) = result {
                wrong.push(format!("{name}\n{}", describe(&source, &finding)));
            }
            assert!(roxmltree::Document::parse(source.text()).is_ok(), "{name}");
            continue;
        }
        let found = match result {
            Ok(_) => "well-formed\n".to_owned(),
            Err(finding) => describe(&source, &finding),
        };
        let expected = path.with_extension("expected");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &found).expect("the expectation can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != found {
            wrong.push(format!("{name}\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The words of mistakes that need no document of their own.
#[test]
fn small_mistakes_have_their_own_words() {
    for (text, expected) in [
        ("", "the document is empty"),
        (" \n\t", "the document holds nothing but blanks"),
        ("<a", "the document ends inside the tag `<a`"),
        ("<a/", "the document ends inside the tag `<a`"),
        ("<a b", "the document ends inside the tag `<a`"),
        ("<a b=", "the document ends inside the tag `<a`"),
        ("<a b='c", "the document ends inside the value of `b`"),
        ("<a><", "the document ends with a lone `<`"),
        ("<a></", "the document ends inside an end tag"),
        ("<a></a", "the document ends inside the end tag `</a`"),
        ("<a><!", "the document ends inside a tag"),
        ("<a><?", "the document ends inside a tag"),
        ("<a><?b", "the document ends inside `<?b`"),
        ("<a><?b ", "`<?b` is never closed"),
        ("<a><!--", "the comment is never closed"),
        ("<a><![CDATA[", "the CDATA section is never closed"),
        ("<a>", "`<a>` is never closed"),
        ("<a><b>", "the document ends inside `<b>`"),
        ("<a><<b/></a>", "`<` stands twice in a row"),
        ("<a>1 < 2</a>", "`<` in text must be written `&lt;`"),
        ("<a>1 <2</a>", "`<` in text must be written `&lt;`"),
        (
            "<a><https://example.com/></a>",
            "`<` in text must be written `&lt;`",
        ),
        ("<a>< b></b></a>", "there is a blank between `<` and `b`"),
        ("<a>< /a>", "there is a blank between `<` and `/a`"),
        ("<a><//a>", "`/` stands twice in a row"),
        (
            "<a b='1'c='2'/>",
            "there is no blank before the attribute `c`",
        ),
        (
            "<a b='1''/>",
            "there is a quote too many after the value of `b`",
        ),
        ("<a 'b'/>", "there is a value without an attribute name"),
        ("<a ='b'/>", "`=` has no attribute name before it"),
        ("<a b='1', c='2'/>", "unexpected `,` in the tag `<a>`"),
        ("<a b/c='2'/>", "the attribute `b` has no value"),
        ("<a / b='2'/>", "stray `/` in the tag `<a>`"),
        ("<a$/>", "`$` cannot be part of a name"),
        ("<a b$='1'/>", "`$` cannot be part of a name"),
        (
            "<a 1='1'/>",
            "the name of an attribute cannot begin with `1`",
        ),
        (
            "<a b:c:d='1'/>",
            "the colons in the name `b:c:d` are misplaced",
        ),
        ("<a:b:c/>", "the colons in the name `a:b:c` are misplaced"),
        ("<:a/>", "the colons in the name `:a` are misplaced"),
        ("<a:/>", "the colons in the name `a:` are misplaced"),
        ("<a b:c='1'/>", "the prefix `b` is not declared"),
        ("<b:a/>", "the prefix `b` is not declared"),
        (
            "<a><c xmlns:b='x'/><b:d/></a>",
            "the prefix `b` is not declared",
        ),
        ("<xmlns:a/>", "`xmlns` cannot be the prefix of an element"),
        (
            "<a xmlns:b=''/>",
            "the prefix `b` is declared without a namespace",
        ),
        (
            "<a xmlns:xml='x'/>",
            "this declares a reserved prefix or namespace",
        ),
        ("<a>&amp</a>", "there is no `;` after `&amp`"),
        ("<a>&AMP;</a>", "`&AMP;` is not defined in XML"),
        ("<a>&#38</a>", "there is no `;` after `&#38`"),
        ("<a>&#;</a>", "`&#` is not followed by a number and `;`"),
        ("<a>&#xZZ;</a>", "`&#` is not followed by a number and `;`"),
        ("<a>&#x110000;</a>", "`&#x110000;` is no character"),
        (
            "<a>&#99999999999999;</a>",
            "`&#99999999999999;` is no character",
        ),
        ("<a>&#xD800;</a>", "`&#xD800;` is no character"),
        (
            "<a>&#0;</a>",
            "`&#0;` is the character U+0000 (NUL), which is not allowed in XML",
        ),
        ("<a b='&'/>", "a bare `&` must be written `&amp;`"),
        (
            "<a><!- b --></a>",
            "a comment begins with `<!--`, not `<!-`",
        ),
        ("<a><!– b –></a>", "a comment begins with `<!--`, not `<!–`"),
        (
            "<a><!b></a>",
            "`<!` begins neither a comment nor a CDATA section",
        ),
        ("<a><![cdata[b]]></a>", "`CDATA` must be in capital letters"),
        ("<a><![b]></a>", "`<![` begins no CDATA section"),
        (
            "<a><!ENTITY b 'c'></a>",
            "an entity or element declaration is not allowed",
        ),
        (
            "<a><!-- b --!></a>",
            "a comment ends with `-->`, not `--!>`",
        ),
        ("<a><? b?></a>", "`<?` is not followed by a name"),
        ("<a><?b+?></a>", "a blank must follow `<?b`"),
        (
            "<a><?b:c?></a>",
            "the name `b:c` after `<?` cannot have a colon",
        ),
        (
            "<?XML version='1.0'?><a/>",
            "`<?XML` must be written `<?xml`",
        ),
        ("<?xml?><a/>", "the XML declaration has no version"),
        (
            "<?xml version='1.0'><a/>",
            "the XML declaration does not end with `?>`",
        ),
        (
            "<?xml version='1.0'",
            "the XML declaration does not end with `?>`",
        ),
        (
            "<?xml version=1.0?><a/>",
            "the value of `version` in the XML declaration is not in quotes",
        ),
        (
            "<?xml version='1.0?><a/>",
            "the value of `version` in the XML declaration has no closing quote",
        ),
        (
            "<?xml version?><a/>",
            "`version` has no value in the XML declaration",
        ),
        (
            "<?xml encoding='UTF-8' version='1.0'?><a/>",
            "`version` must come before `encoding`",
        ),
        (
            "<?xml version='1.0' version='1.0'?><a/>",
            "`version` is given twice in the XML declaration",
        ),
        (
            "<?xml version='1.0'encoding='UTF-8'?><a/>",
            "there is no blank before `encoding`",
        ),
        (
            "<?xml version='1.0' charset='UTF-8'?><a/>",
            "`charset` does not belong in the XML declaration",
        ),
        (
            "<?xml version='1.0' standalone='maybe'?><a/>",
            "`standalone` cannot be `maybe`",
        ),
        (
            "<?xml version='1.0', encoding='UTF-8'?><a/>",
            "unexpected `,` in the XML declaration",
        ),
        ("<!-- a -->", "there is no root element"),
        ("</a>", "`</a>` has no start tag"),
        ("<a/></a>", "`</a>` has no start tag"),
        ("<a/>b", "there is text after the root element"),
        ("b<a/>", "there is text before the root element"),
        ("ï»¿<a/>", "there is a second byte order mark"),
        ("just text", "this is not XML: there is no element in it"),
        ("---\na: b", "this looks like YAML, not XML"),
        (
            "<Origin><Items><Origin></Items></Origin>",
            "`<Origin>` is never closed",
        ),
        (
            "<Origins><Items><Origin></Origins></Items></Origins>",
            "`<Origin>` is closed by `</Origins>`",
        ),
        (
            "<a><Origins></origins></a>",
            "`<Origins>` is closed by `</origins>`",
        ),
        (
            "<a b='1'></a b='1'>",
            "the end tag `</a>` holds more than a name",
        ),
        ("<a></a/>", "the end tag `</a>` has a second `/`"),
    ] {
        assert_eq!(message(text), expected, "{text}");
    }
}

#[test]
fn notes_what_later_stages_need() {
    let text = "<?xml version='1.0' encoding='UTF-8'?><!-- a --><b c='' xmlns='d'><!----><?e?></b>";
    let source = Source::from_bytes("x", text.into());
    let scan = scan(&source, &Limits::default()).expect("well-formed");
    let comments: Vec<&str> = scan
        .comments
        .iter()
        .map(|&span| source.slice(span))
        .collect();
    assert_eq!(comments, ["<!-- a -->", "<!---->"]);
    assert_eq!(
        scan.declared_encoding.map(|span| source.slice(span)),
        Some("UTF-8")
    );
    assert_eq!(source.slice(scan.root), "b");
    let counts = (scan.elements, scan.attributes, scan.namespaces, scan.nodes);
    assert_eq!(counts, (1, 2, 1, 4));
}

#[test]
fn limits_name_their_flag() {
    let limits = Limits {
        max_size: 200,
        max_depth: 3,
        max_attributes: 2,
        max_namespaces: 2,
        max_nodes: 5,
    };
    for (text, allowed, flag) in [
        ("<a><a><a/></a></a>", true, ""),
        ("<a><a><a><b/></a></a></a>", false, "--max-depth"),
        ("<a b='' c=''/>", true, ""),
        ("<a b='' c='' d=''/>", false, "--max-attributes"),
        ("<a xmlns='b'><c xmlns='b'/></a>", true, ""),
        (
            "<a xmlns='b'><c xmlns='b'/><c xmlns='b'/></a>",
            false,
            "--max-namespaces",
        ),
        ("<a><!----><?b?><![CDATA[]]><b/></a>", true, ""),
        (
            "<a><!----><?b?><![CDATA[]]><b/><b/></a>",
            false,
            "--max-nodes",
        ),
        (&format!("<a>{}</a>", "b".repeat(200)), false, "--max-size"),
    ] {
        let source = Source::from_bytes("x", text.into());
        match scan(&source, &limits) {
            Ok(_) => assert!(allowed, "{text}"),
            Err(finding) => {
                assert!(!allowed, "{text}: {}", finding.message);
                assert_eq!(finding.rule, LIMIT_EXCEEDED);
                assert!(finding.help.unwrap_or_default().contains(flag), "{text}");
            }
        }
    }
}

/// Reasons why the scan refuses what the parser accepts.
fn parser_is_lenient(finding: &Finding) -> bool {
    let reasons = [
        // Refused on purpose, or not looked at by the parser.
        "web page",
        "XML declaration",
        "XML version",
        "`<?",
        "must come before",
        "`standalone`",
        "has no value in the XML",
        "there is no blank before `",
        // The parser takes `<:a>` for `<a>` and knows no colon in the name of an instruction.
        "colons in the name",
        "cannot have a colon",
        // It checks neither void nor repeated declarations of the default namespace.
        "declared without a namespace",
        "reserved prefix or namespace",
        "the attribute `xmlns` is given twice",
    ];
    let rules = [FORBIDDEN_DOCTYPE, INVALID_ENCODING, LIMIT_EXCEEDED];
    rules.contains(&finding.rule)
        // Surrogates and numbers beyond U+10FFFF become U+FFFD there.
        || (finding.rule == INVALID_CHARACTER && finding.message.contains("is no character"))
        || (finding.rule == MALFORMED_XML && reasons.iter().any(|reason| finding.message.contains(reason)))
}

/// The errors of the parser that the scan leaves to it.
fn scan_is_lenient(error: &roxmltree::Error) -> bool {
    // Two prefixes of one namespace, `p:xmlns` (which it takes for `xmlns`), and reserved namespaces written with
    // references.
    matches!(
        error,
        roxmltree::Error::DuplicatedAttribute(..)
            | roxmltree::Error::UnexpectedXmlUri(_)
            | roxmltree::Error::UnexpectedXmlnsUri(_)
    )
}

fn compare(text: &str) {
    short_way_agrees(text);
    let source = Source::from_bytes("x", text.as_bytes().to_vec());
    let parsed = roxmltree::Document::parse(source.text());
    match (scan(&source, &Limits::default()), parsed) {
        (Ok(scan), Ok(document)) => {
            let elements = document.descendants().filter(|node| node.is_element());
            assert_eq!(scan.elements, elements.count(), "{text:?}");
            let comments = document.descendants().filter(|node| node.is_comment());
            let comments: Vec<_> = comments.map(|node| node.range()).collect();
            let found: Vec<_> = scan
                .comments
                .iter()
                .map(|span| span.start as usize..span.end as usize)
                .collect();
            assert_eq!(found, comments, "{text:?}");
        }
        (Ok(_), Err(error)) => {
            assert!(scan_is_lenient(&error), "the parser says {error}: {text:?}")
        }
        (Err(finding), Ok(_)) => {
            // It takes `p:xmlns` for `xmlns`, whatever `p` is.
            let lenient = parser_is_lenient(&finding) || text.contains(":xmlns");
            assert!(lenient, "the scan says {}: {text:?}", finding.message);
        }
        (Err(_), Err(_)) => {}
    }
}

/// The short way reads nothing that the scan would refuse, and reads it alike.
fn short_way_agrees(text: &str) {
    let source = Source::from_bytes("x", text.as_bytes().to_vec());
    let limits = Limits {
        max_depth: 5,
        max_nodes: 40,
        ..Limits::default()
    };
    if let Some(document) = super::parse_plain(&source, &limits) {
        let scanned = scan(&source, &limits);
        let refused = scanned.as_ref().err().map(|finding| &finding.message);
        assert_eq!(refused, None, "{text:?}");
        assert_eq!(
            scanned.map(|scan| scan.elements).ok(),
            Some(document.nodes.len()),
            "{text:?}"
        );
    }
}

#[test]
fn plain_documents_go_the_short_way() {
    let plain = "<?xml version=\"1.0\"?>\n<A xmlns=\"http://cloudfront.amazonaws.com/doc/x/\"><B>x &amp; y</B><C/></A>";
    let source = Source::from_bytes("x", plain.into());
    assert!(super::parse_plain(&source, &Limits::default()).is_some());
    for odd in [
        "<!-- c -->",
        "<![CDATA[c]]>",
        "<?c?>",
        "&#65;",
        "<D e=\"f\"/>",
        "a=b",
    ] {
        let text = plain.replace("<C/>", odd);
        let source = Source::from_bytes("x", text.into_bytes());
        assert!(
            super::parse_plain(&source, &Limits::default()).is_none(),
            "{odd}"
        );
        assert!(super::parse(&source, &Limits::default()).is_ok(), "{odd}");
    }
}

const VALID: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- site -->\n<c:DistributionConfig \
    xmlns:c=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\" a='1'>\n  <c:Comment>a &amp; b&#x20;é</c:Comment>\n  \
    <c:Aliases><c:Quantity>1</c:Quantity><c:Items><c:CNAME>www.example.com</c:CNAME></c:Items></c:Aliases>\n  \
    <?note x?><c:Logging/><![CDATA[ <x> ]]>\n  <Origin xmlns=\"x\" c:b=\"&lt;\"></Origin>\n</c:DistributionConfig>\n";

/// A change to a document.
#[derive(Clone, Debug)]
enum Edit {
    Delete(prop::sample::Index, usize),
    Insert(prop::sample::Index, String),
    Copy(prop::sample::Index, prop::sample::Index, usize),
    Cut(prop::sample::Index),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let at = any::<prop::sample::Index>;
    let piece = prop_oneof![
        "[<>/!?:='\"& ;\\[\\]#\\-\n\ta1é“]{1,3}",
        prop::sample::select(vec![
            "<a>",
            "</a>",
            "<a/>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<?xml ",
            "?>",
            "&#x110000;",
            "&#0;",
            "&#13;",
            "\0",
            "\u{FFFE}",
            "\u{2028}",
            " xmlns='x'",
            " xmlns:c=''",
            " xmlns:b='y'",
            " b:a='1'",
            "</c:Items>",
            "</c:Comment>",
            "<!DOCTYPE a>",
            " xml:lang='en'",
            " xmlns:xml='http://www.w3.org/XML/1998/namespace'",
            "\u{FEFF}",
            "\r\n",
            "&foo;",
            "<-- ",
            "--",
            "<",
            ">",
        ])
        .prop_map(str::to_owned),
    ];
    let edit = prop_oneof![
        3 => (at(), 1..6usize).prop_map(|(at, length)| Edit::Delete(at, length)),
        5 => (at(), piece).prop_map(|(at, text)| Edit::Insert(at, text)),
        2 => (at(), at(), 1..30usize).prop_map(|(from, to, length)| Edit::Copy(from, to, length)),
        1 => at().prop_map(Edit::Cut),
    ];
    prop::collection::vec(edit, 0..5)
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for edit in edits {
        let length = chars.len();
        let place = |at: &prop::sample::Index| at.index(length + 1);
        match edit {
            Edit::Delete(at, count) => {
                let at = place(at);
                chars.drain(at..(at + count).min(length));
            }
            Edit::Insert(at, text) => {
                let at = place(at);
                chars.splice(at..at, text.chars());
            }
            Edit::Copy(from, to, count) => {
                let (from, to) = (place(from), place(to));
                let copy = chars[from..(from + count).min(length)].to_vec();
                chars.splice(to..to, copy);
            }
            Edit::Cut(at) => chars.truncate(place(at)),
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #[test]
    fn agrees_with_the_parser_on_edited_documents(edits in edits()) {
        compare(&apply(VALID, &edits));
    }

    #[test]
    fn agrees_with_the_parser_on_short_texts(text in "(<a|<b|</a|</b|<a:b|>|/>|/|<!--|--|-->|<\\?a|<\\?xml |\\?>|<!\\[CDATA\\[|\\]\\]>|&|&amp;|&#x9;|;| |\n|=|'|\"| a='b'| xmlns:a='x'|:|é|1|\\.|<){0,12}") {
        compare(&text);
        compare(&format!("<a>{text}</a>"));
    }

    #[test]
    fn any_bytes_are_scanned(bytes in prop::collection::vec(any::<u8>(), 0..100), before in 0..4usize) {
        let before: &[u8] = [b"".as_slice(), b"\xFF\xFE", b"<\0", b"<a>"][before];
        let source = Source::from_bytes("x", [before, &bytes].concat());
        if let Err(finding) = scan(&source, &Limits::default()) {
            describe(&source, &finding);
        }
    }
}
