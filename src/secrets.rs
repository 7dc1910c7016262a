//! Where values that must not be seen stand in text that has no tree: broken documents, comments, older documents.
//!
//! What cannot be made out is taken for secret.

use memchr::{memchr, memchr2, memmem};

use crate::finding::Finding;
use crate::rule::id::{INVALID_CHARACTER, MALFORMED_XML};
use crate::schema::{SENSITIVE_NAMES, is_sensitive_name};
use crate::source::{Source, Span};

/// Messages of syntax findings that quote nothing of the document, or a fixed word, in any of their parts.
const QUOTES_NOTHING: [&str; 17] = [
    "`<` in text must be written `&lt;`",
    "`<` stands twice in a row",
    "`<>` has no name",
    "a bare `&` must be written `&amp;`",
    "there is no `;` after `&amp`",
    "there is no `;` after `&lt`",
    "there is no `;` after `&gt`",
    "there is no `;` after `&quot`",
    "there is no `;` after `&apos`",
    "`&nbsp;` is not defined in XML",
    "`&copy;` is not defined in XML",
    "the prefix `xsi` is not declared",
    "`]]>` in text must be written `]]&gt;`",
    "the comment is never closed",
    "the CDATA section is never closed",
    "`--` is not allowed inside a comment",
    "a comment begins inside a comment",
];

/// A value, and the name of what holds it.
struct Secret {
    name: Span,
    value: Span,
}

/// Values of sensitive elements, found by name.
pub(crate) fn by_name(text: &str) -> Vec<Span> {
    all(text).into_iter().map(|secret| secret.value).collect()
}

/// Values of sensitive elements that are commented out: no tree has them.
pub(crate) fn in_comments(text: &str) -> Vec<Span> {
    let mut secrets = Vec::new();
    let mut at = 0;
    while let Some(start) = memmem::find(&text.as_bytes()[at..], b"<!--") {
        let start = at + start + 4;
        at = after(text.as_bytes(), start, b"-->");
        Finder::new(text, at).run(start, &mut secrets);
    }
    secrets.into_iter().map(|secret| secret.value).collect()
}

/// A finding about text that is no XML, without words from inside a secret.
pub(crate) fn hush(source: &Source, finding: Finding) -> Finding {
    if !may_quote(&finding) {
        return finding;
    }
    let text = source.text();
    let inside = |secret: &Secret, at: u32| {
        let to_the_end = secret.value.end as usize == text.len();
        secret.value.start <= at && (at < secret.value.end || to_the_end)
    };
    let touches = |secret: &Secret| {
        inside(secret, finding.span.start)
            || finding.labels.iter().any(|l| inside(secret, l.span.start))
    };
    match all(text).into_iter().find(touches) {
        Some(secret) => generic(&finding, source.slice(secret.name), secret.name),
        None => finding,
    }
}

/// Whether words of the document may be in the finding. It is no matter that a character is named which no value can
/// have.
fn may_quote(finding: &Finding) -> bool {
    let message = &finding.message[..];
    let names_character = message.starts_with("the character U+") && message.ends_with(" in XML");
    let fixed = QUOTES_NOTHING.contains(&message) || names_character;
    [MALFORMED_XML, INVALID_CHARACTER].contains(&finding.rule) && !fixed
}

/// The same place and rule, without what stands there.
fn generic(finding: &Finding, name: &str, place: Span) -> Finding {
    let name = crate::document::cut(name);
    Finding::new(
        finding.rule,
        finding.span,
        format!("not well-formed XML inside {name}, whose value is not shown"),
    )
    .label("the mistake is here")
    .also(place, "the value begins here")
    .help(format!(
        "write `&lt;` and `&amp;` for `<` and `&` in the value, and `</{name}>` where it ends"
    ))
}

fn all(text: &str) -> Vec<Secret> {
    let mut secrets = Vec::new();
    let start = before_markup(text, &mut secrets);
    Finder::new(text, text.len()).run(start, &mut secrets);
    secrets
}

/// Text before the first tag, or without any: JSON, YAML and the like. All that follows a sensitive name there is
/// taken for its value. Returns where markup begins.
fn before_markup(text: &str, secrets: &mut Vec<Secret>) -> usize {
    let bytes = text.as_bytes();
    let first = bytes.iter().find(|b| !b.is_ascii_whitespace());
    // In another language, `<` begins no tag. A name followed by a colon is YAML's.
    let end = match first {
        Some(b'{' | b'[') => bytes.len(),
        Some(b'<') | None => return 0,
        Some(_)
            if text
                .lines()
                .next()
                .is_some_and(|l| l.contains(':') || l.starts_with("---")) =>
        {
            bytes.len()
        }
        Some(_) => memchr(b'<', bytes).unwrap_or(bytes.len()),
    };
    let mut at = 0;
    while at < end {
        let length = bytes[at..end]
            .iter()
            .take_while(|b| is_name(**b) && **b != b':')
            .count();
        if length > 0 && is_sensitive_name(&text[at..at + length]) {
            secrets.push(Secret {
                name: span(at, at + length),
                value: span(at + length, end),
            });
            return end;
        }
        at += length.max(1);
    }
    // Nothing sensitive before it: what looks like XML after all is searched as XML.
    0
}

/// The search in one pass over a part of the text.
struct Finder<'a> {
    text: &'a str,
    /// The text up to where the search ends.
    bytes: &'a [u8],
    /// Names of which no end tag comes any more.
    exhausted: [bool; SENSITIVE_NAMES.len()],
}

impl<'a> Finder<'a> {
    fn new(text: &'a str, end: usize) -> Finder<'a> {
        Finder {
            text,
            bytes: &text.as_bytes()[..end],
            exhausted: [false; SENSITIVE_NAMES.len()],
        }
    }

    fn run(&mut self, start: usize, secrets: &mut Vec<Secret>) {
        let mut at = start;
        while let Some(open) = memchr(b'<', &self.bytes[at..]) {
            let tag = at + open + 1;
            let name_end = tag + self.name_length(tag);
            at = name_end;
            let local = self.local(tag, name_end);
            let found = match is_sensitive_name(&self.text[local.clone()]) {
                true => value_start(self.bytes, name_end)
                    .map(|value| (local.clone(), value, self.value_end(value, local))),
                false => self.attribute(name_end),
            };
            let Some((name, value, end)) = found else {
                continue;
            };
            at = end;
            if end > value {
                secrets.push(Secret {
                    name: span(name.start, name.end),
                    value: span(value, end),
                });
            }
        }
    }

    fn name_length(&self, at: usize) -> usize {
        self.bytes[at..].iter().take_while(|b| is_name(**b)).count()
    }

    /// The part of a name after its prefix.
    fn local(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let colon = memchr::memrchr(b':', &self.bytes[start..end]);
        colon.map_or(start, |colon| start + colon + 1)..end
    }

    /// An attribute with a sensitive name in the tag, and where what may be its value ends.
    fn attribute(&self, from: usize) -> Option<(std::ops::Range<usize>, usize, usize)> {
        let end = next(self.bytes, from);
        let mut at = from;
        while let Some(equals) = memchr(b'=', &self.bytes[at..end]) {
            let equals = at + equals;
            let name_end = at + self.bytes[at..equals].trim_ascii_end().len();
            let back = self.bytes[at..name_end].iter().rev();
            let name = name_end - back.take_while(|b| is_name(**b)).count();
            let local = self.local(name, name_end);
            if is_sensitive_name(&self.text[local.clone()]) {
                return Some((local, equals + 1, self.attribute_end(equals + 1)));
            }
            at = equals + 1;
        }
        None
    }

    /// The next tag after the closing quote, if there are quotes: a quote too many ends nothing.
    fn attribute_end(&self, from: usize) -> usize {
        let blanks = self.bytes[from..].len() - self.bytes[from..].trim_ascii_start().len();
        let at = from + blanks;
        match self.bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => memchr(*quote, &self.bytes[at + 1..])
                .map_or(self.bytes.len(), |n| next(self.bytes, at + 1 + n)),
            _ => next(self.bytes, at),
        }
    }

    /// Where the value ends: at the end tag of the same name. Without any, at an end tag that may be a slip of it, or
    /// never.
    fn value_end(&mut self, start: usize, name: std::ops::Range<usize>) -> usize {
        let known = SENSITIVE_NAMES
            .binary_search(&&self.text[name.clone()])
            .ok();
        if !known.is_some_and(|known| self.exhausted[known]) {
            match self.end_tag(start, |found| found == &self.text[name.clone()]) {
                Ok(end) => return end,
                // One came, but belongs to an element inside.
                Err(true) => return self.bytes.len(),
                Err(false) => {}
            }
        }
        let Some(known) = known else {
            return self.bytes.len();
        };
        self.exhausted[known] = true;
        self.end_tag(start, is_sensitive_name)
            .unwrap_or(self.bytes.len())
    }

    /// The end tag that closes what begins at `start`; if there is none, whether any came.
    fn end_tag(&self, start: usize, is_it: impl Fn(&str) -> bool) -> Result<usize, bool> {
        let (mut at, mut depth, mut any) = (start, 1_usize, false);
        while let Some(n) = memchr(b'<', &self.bytes[at..]) {
            let tag = at + n;
            let rest = &self.bytes[tag..];
            if rest.starts_with(b"<![CDATA[") {
                at = after(self.bytes, tag, b"]]>");
                continue;
            }
            if rest.starts_with(b"<!--") {
                at = after(self.bytes, tag, b"-->");
                continue;
            }
            let is_end = rest.starts_with(b"</");
            let name = tag + 1 + usize::from(is_end);
            at = name + self.name_length(name);
            if !is_it(&self.text[self.local(name, at)]) {
                continue;
            }
            any |= is_end;
            match is_end {
                true => depth -= 1,
                false => depth += usize::from(value_start(self.bytes, at).is_some()),
            }
            if depth == 0 {
                return Ok(tag);
            }
        }
        Err(any)
    }
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b':' | b'_' | b'-' | b'.') || b >= 0x80
}

/// Where the value starts: after the tag, or after the name if the tag is broken or holds more than the name.
fn value_start(bytes: &[u8], name_end: usize) -> Option<usize> {
    match memchr2(b'<', b'>', &bytes[name_end..]) {
        Some(n) if bytes[name_end + n] == b'<' => Some(name_end),
        Some(n) => match bytes[name_end..name_end + n].trim_ascii() {
            b"" => Some(name_end + n + 1),
            b"/" => None,
            _ => Some(name_end),
        },
        None => Some(name_end),
    }
}

/// The next `<`, or the end.
fn next(bytes: &[u8], from: usize) -> usize {
    memchr(b'<', &bytes[from..]).map_or(bytes.len(), |n| from + n)
}

/// The end of the next `needle`, or of everything.
fn after(bytes: &[u8], from: usize, needle: &[u8]) -> usize {
    memmem::find(&bytes[from..], needle).map_or(bytes.len(), |n| from + n + needle.len())
}
