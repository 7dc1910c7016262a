//! The words for everything that makes a document no XML. Nothing here runs for a well-formed document.
//!
//! Each function stands at a place where the scan cannot go on, looks around for what was probably meant, and says so
//! without a parser's vocabulary.

mod markup;
mod nesting;
mod tag;

use super::chars::{self, BLANK, excerpt, is, shown};
use super::scan::{Error, Name, Scanner};
use crate::finding::Finding;
use crate::limits::Limits;
use crate::rule::id::{
    EMPTY_DOCUMENT, FORBIDDEN_DOCTYPE, INVALID_CHARACTER, INVALID_ENCODING, LIMIT_EXCEEDED,
    MALFORMED_XML,
};
use crate::source::{Source, Span};

/// The finding for a source whose bytes could not be read to their end.
pub(crate) fn undecodable(source: &Source) -> Option<Finding> {
    let error = source.decode_error()?;
    let finding = Finding::new(INVALID_ENCODING, error.span, &error.message);
    let finding = if error.span.start > 0 {
        finding.label("readable up to here")
    } else {
        finding
    };
    Some(finding.help(&error.help))
}

/// The finding for a file of `size` bytes that is larger than the limit; it need not be read for it.
pub(crate) fn too_large(size: u64, limits: &Limits) -> Finding {
    let message = format!(
        "the file has {size} bytes, more than the {} allowed",
        limits.max_size
    );
    Finding::new(LIMIT_EXCEEDED, Span::at(0), message).help("raise the limit with `--max-size`")
}

/// Refuses what is empty or written in another language altogether.
pub(super) fn check_beginning(text: &str) -> Result<(), Error> {
    let start = text.bytes().take_while(|&byte| is(byte, BLANK)).count();
    let rest = &text[start..];
    let first_line = Span::new(start as u32, (start + line(rest).len()) as u32);
    match rest.bytes().next() {
        None => Err(empty(text)),
        Some(b'{' | b'[') => Err(json(first_line)),
        Some(b'<') if is_html(rest) => Err(html(rest, first_line)),
        Some(b'<') => Ok(()),
        Some(_) if is_yaml(rest) => Err(malformed(first_line, "this looks like YAML, not XML")
            .label("not XML")
            .help("cloudfront-lint reads the XML that the CloudFront API takes")
            .into()),
        Some(_) => Ok(()),
    }
}

fn empty(text: &str) -> Error {
    let message = if text.is_empty() {
        "the document is empty"
    } else {
        "the document holds nothing but blanks"
    };
    Finding::new(EMPTY_DOCUMENT, Span::at(0), message)
        .help("write a root element such as `<DistributionConfig>`")
        .into()
}

fn json(first_line: Span) -> Error {
    malformed(first_line, "this is JSON, not XML")
        .label("JSON begins here")
        .help(
            "cloudfront-lint reads the XML that the CloudFront API takes; the AWS CLI's JSON is not read yet",
        )
        .into()
}

fn is_html(text: &str) -> bool {
    let has = |prefix: &str| starts_with_ignoring_case(text, prefix);
    has("<!doctype html") || has("<html>") || has("<html ")
}

fn html(text: &str, first_line: Span) -> Error {
    let rule = match text.as_bytes().get(1) {
        Some(b'!') => FORBIDDEN_DOCTYPE,
        _ => MALFORMED_XML,
    };
    Finding::new(rule, first_line, "this is a web page (HTML), not a CloudFront document")
        .label("HTML begins here")
        .help("if it was downloaded, look at it in a browser: it may be an error page in place of the document")
        .into()
}

/// True for a document marker or a first line such as `Resources:` or `Comment: text`.
fn is_yaml(text: &str) -> bool {
    let first = line(text);
    let key = first.split(':').next().unwrap_or_default();
    let after = &first[key.len()..];
    let is_key = !key.is_empty()
        && key.len() <= 64
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.\"'".contains(&byte));
    first.starts_with("%YAML")
        || first.trim_end() == "---"
        || (is_key && (after.trim_end() == ":" || after.starts_with(": ")))
}

/// The finding for a character that no XML document may hold.
pub(super) fn forbidden_character(text: &str, at: usize) -> Error {
    let c = text[at..].chars().next().unwrap_or_default();
    let span = Span::new(at as u32, (at + c.len_utf8()) as u32);
    let name = shown(c);
    let finding = Finding::new(
        INVALID_CHARACTER,
        span,
        format!("the character {name} is not allowed in XML"),
    )
    .label("this character");
    let finding = match c {
        '\0' => finding.note("NUL bytes are a sign of a damaged file or of UTF-16 read as UTF-8"),
        '\x1B' => finding.note("it begins a colour code: was the text copied from a terminal?"),
        _ => finding,
    };
    finding
        .help("remove it; writing it as a number (`&#…;`) is not allowed either")
        .into()
}

impl Scanner<'_> {
    // Limits.

    pub(super) fn too_deep(&self, name: Span) -> Error {
        let most = self.limits.max_depth;
        let message = format!("elements are nested more than {most} deep");
        exceeded(tag_span(name), message, "--max-depth")
    }

    pub(super) fn too_many_nodes(&self, span: Span) -> Error {
        let most = self.limits.max_nodes;
        let message = format!("the document has more than {most} elements and comments");
        exceeded(span, message, "--max-nodes")
    }

    pub(super) fn too_many_attributes(&self, name: Name) -> Error {
        let most = self.limits.max_attributes;
        let message = format!("an element has more than {most} attributes");
        exceeded(name.span(), message, "--max-attributes")
    }

    pub(super) fn too_many_namespaces(&self, name: Name) -> Error {
        let most = self.limits.max_namespaces;
        let message = format!("the document has more than {most} namespace declarations");
        exceeded(name.span(), message, "--max-namespaces")
    }

    // Places and words.

    /// The text of a span, fit for a message.
    fn shown(&self, span: Span) -> String {
        excerpt(self.slice(span))
    }

    /// The character at the current place.
    fn here(&self, c: char) -> Span {
        Span::new(self.pos as u32, (self.pos + c.len_utf8()) as u32)
    }

    /// The last character that is no blank, which is where people see the document end.
    fn end(&self) -> Span {
        let text = self.text.trim_end_matches(is_blank);
        let last = text.chars().next_back().map_or(0, char::len_utf8);
        Span::new((text.len() - last) as u32, text.len() as u32)
    }

    /// `</name>`, as far as it stands together.
    fn end_tag_span(&self, name: Name) -> Span {
        let close = u32::from(self.byte(name.end as usize) == b'>');
        Span::new(name.start - 2, name.end + close)
    }
}

fn malformed(span: Span, message: impl Into<String>) -> Finding {
    Finding::new(MALFORMED_XML, span, message)
}

/// The document ends within something that begins at `span`.
fn cut_off(span: Span, end: Span, message: impl Into<String>) -> Error {
    let finding = malformed(span, message).label("begins here");
    let finding = if end.end > span.end {
        finding.also(end, "the document ends here")
    } else {
        finding
    };
    finding
        .help("the file seems to be cut off: fetch it again, or complete it")
        .into()
}

fn doctype(span: Span, what: &str) -> Error {
    Finding::new(FORBIDDEN_DOCTYPE, span, format!("{what} is not allowed"))
        .label("nothing from here on was read")
        .note(
            "an entity could pull in other files or grow without bound, and no AWS tool sends one: cloudfront-lint \
             reads neither",
        )
        .help("remove it, and write the text of an entity in its place")
        .into()
}

fn exceeded(span: Span, message: String, flag: &str) -> Error {
    Finding::new(LIMIT_EXCEEDED, span, message)
        .label("the first beyond the limit")
        .help(format!(
            "if the document is meant to be so, raise the limit with `{flag}`"
        ))
        .into()
}

/// `<name` for a name in a start tag.
fn tag_span(name: Span) -> Span {
    Span::new(name.start - 1, name.end)
}

/// The first line, without blanks at its end.
fn line(text: &str) -> &str {
    let line = text.split('\n').next().unwrap_or_default();
    line.trim_end_matches(is_blank)
}

fn is_blank(c: char) -> bool {
    c.is_ascii() && is(c as u8, chars::BLANK)
}

fn is_typographic(c: char) -> bool {
    matches!(
        c,
        '“' | '”'
            | '„'
            | '‟'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '«'
            | '»'
            | '″'
            | '′'
            | '`'
            | '´'
    )
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// True if one name was probably meant as the other.
fn similar(one: &str, other: &str) -> bool {
    // The distance is quadratic, and no name that anybody mistypes is longer.
    const LONGEST: usize = 64;
    let longest = one.len().max(other.len());
    let local = |name: &str| name.rsplit(':').next().map(str::to_owned);
    one.eq_ignore_ascii_case(other)
        || local(one) == local(other)
        || (longest <= LONGEST && strsim::osa_distance(one, other) <= longest.div_ceil(3).min(3))
}
