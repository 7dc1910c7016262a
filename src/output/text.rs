//! What every output does to text from outside: nothing invisible, nothing secret, nothing that a
//! terminal or a CI runner would obey.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem};
use unicode_width::UnicodeWidthChar;

use crate::schema::SENSITIVE_NAMES;
use crate::source::Span;

/// Stands for a secret of any length.
pub(super) const MASK: &str = "********";

/// Parts what a CI runner would take for a command; has no width.
pub(super) const BREAK: char = '\u{200B}';

/// How GitHub and Azure begin a command anywhere in a line.
const COMMAND: &str = "##[";

/// How GitHub begins a command at the start of a line.
const LINE_COMMAND: &str = "::";

/// How a character is shown.
pub(super) enum Shown {
    /// As it is.
    Itself,
    /// As a picture of one column.
    Picture(char),
    /// As its number.
    Code,
}

/// Decides what may reach a terminal: neither what steers it, nor what reorders or hides text.
pub(super) fn shown(c: char) -> Shown {
    match c {
        ' '..='~' => Shown::Itself,
        '\0'..='\u{1F}' => char::from_u32(0x2400 + c as u32).map_or(Shown::Code, Shown::Picture),
        '\u{7F}' => Shown::Picture('␡'),
        '\u{80}'..='\u{9F}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' => {
            Shown::Code
        }
        '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}' => Shown::Code,
        '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' => Shown::Code,
        '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' => Shown::Code,
        '\u{E0000}'..='\u{E0FFF}' => Shown::Code,
        _ => Shown::Itself,
    }
}

/// Appends a character as it is shown.
pub(super) fn push(c: char, out: &mut String) {
    match shown(c) {
        Shown::Itself => out.push(c),
        Shown::Picture(picture) => out.push(picture),
        Shown::Code => out.push_str(&format!("\\u{{{:X}}}", c as u32)),
    }
}

/// Columns that a character takes as it is shown; a tab counts as one.
pub(super) fn columns(c: char) -> usize {
    match shown(c) {
        Shown::Itself => c.width().unwrap_or(0),
        Shown::Picture(_) => 1,
        Shown::Code => c.escape_unicode().len(),
    }
}

/// Columns of a text that can be shown as it is.
pub(super) fn width(text: &str) -> usize {
    match text.is_ascii() {
        true => text.len(),
        false => text.chars().map(|c| c.width().unwrap_or(0)).sum(),
    }
}

/// Whether the text begins with a command of a CI runner.
pub(super) fn is_command(text: &str) -> bool {
    text.starts_with(COMMAND)
}

/// Whether the text may be printed raw: all visible, no command inside.
pub(super) fn is_plain(text: &str) -> bool {
    (text.bytes().all(|b| matches!(b, b' '..=b'~'))
        || text.chars().all(|c| matches!(shown(c), Shown::Itself)))
        && (memchr(b'#', text.as_bytes()).is_none() || !text.contains(COMMAND))
}

/// Text for one line: everything visible, no command.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    if is_plain(text) && !starts_command(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        push(c, &mut out);
        if is_command(&text[at..]) {
            out.push(BREAK);
        }
    }
    Cow::Owned(defused(out))
}

/// Whether a line that begins with this text is a command; runners trim lines first.
fn starts_command(text: &str) -> bool {
    text.trim_start().starts_with(LINE_COMMAND)
}

fn defused(mut line: String) -> String {
    if starts_command(&line) {
        let at = line.len() - line.trim_start().len();
        line.insert(at + 1, BREAK);
    }
    line
}

/// Breaks visible text at spaces into lines of at most `width` columns, and where there is no
/// space, anywhere.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    if text.len() <= width {
        return vec![defused(text.to_owned())];
    }
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (taken, next) = split_line(rest, width.max(4));
        lines.push(defused(taken.to_owned()));
        rest = next;
    }
    lines
}

/// The longest first line that fits, and what comes after it.
fn split_line(text: &str, width: usize) -> (&str, &str) {
    let mut used = 0;
    let mut space = None;
    for (at, c) in text.char_indices() {
        if c == ' ' && at > 0 {
            space = Some(at);
        }
        used += c.width().unwrap_or(0);
        if used > width {
            let (line, rest) = text.split_at(space.unwrap_or(at));
            return (line.trim_end_matches(' '), rest.trim_start_matches(' '));
        }
    }
    (text, "")
}

/// The nearest character boundary at or before an offset.
pub(super) fn floor(text: &str, offset: u32) -> u32 {
    let mut at = (offset as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at as u32
}

/// Values of sensitive elements, found by name: for text without a tree.
pub(super) fn secrets_by_name(text: &str) -> Vec<Span> {
    let mut secrets = Vec::new();
    find_secrets(text, 0, text.len(), &mut secrets);
    secrets
}

/// Values of sensitive elements that are commented out: no tree has them.
pub(super) fn secrets_in_comments(text: &str) -> Vec<Span> {
    let mut secrets = Vec::new();
    let mut at = 0;
    while let Some(start) = memmem::find(&text.as_bytes()[at..], b"<!--") {
        let start = at + start + 4;
        at = after(text.as_bytes(), start, b"-->");
        find_secrets(text, start, at, &mut secrets);
    }
    secrets
}

/// Whether spans are sorted and apart, so that they can be searched.
pub(super) fn are_apart(spans: &[Span]) -> bool {
    spans.windows(2).all(|two| two[0].end <= two[1].start)
}

/// Sorts spans and joins those that overlap.
pub(super) fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let overlap = next.start < last.end;
        if overlap {
            last.end = last.end.max(next.end);
        }
        overlap
    });
    spans
}

/// One pass; what it cannot make out it takes for secret.
fn find_secrets(text: &str, start: usize, end: usize, secrets: &mut Vec<Span>) {
    let bytes = &text.as_bytes()[..end];
    let mut at = start;
    while let Some(open) = memchr(b'<', &bytes[at..]) {
        let name = at + open + 1;
        at = name;
        let name_end = name + bytes[name..].iter().take_while(|b| is_name(**b)).count();
        let local = bytes[name..name_end]
            .rsplit(|b| *b == b':')
            .next()
            .unwrap_or_default();
        if !SENSITIVE_NAMES
            .iter()
            .any(|known| known.as_bytes() == local)
        {
            continue;
        }
        let Some(value) = value_start(bytes, name_end) else {
            continue;
        };
        at = value_end(bytes, value);
        if at > value {
            secrets.push(Span {
                start: value as u32,
                end: at as u32,
            });
        }
    }
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b':' | b'_' | b'-' | b'.') || b >= 0x80
}

/// Where the value starts: after the tag, or after the name if the tag is broken.
fn value_start(bytes: &[u8], name_end: usize) -> Option<usize> {
    match memchr2(b'<', b'>', &bytes[name_end..]) {
        Some(n) if bytes[name_end + n] == b'<' => Some(name_end),
        Some(n) if n > 0 && bytes[name_end + n - 1] == b'/' => None,
        Some(n) => Some(name_end + n + 1),
        None => Some(name_end),
    }
}

/// Where the value ends: at an end tag, or at what looks like an element of CloudFront's. A lone
/// `<` may belong to a secret that nobody escaped.
fn value_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(n) = memchr(b'<', &bytes[at..]) {
        at += n;
        let rest = &bytes[at..];
        at = if rest.starts_with(b"<![CDATA[") {
            after(bytes, at, b"]]>")
        } else if rest.starts_with(b"<!--") {
            after(bytes, at, b"-->")
        } else if rest.starts_with(b"</") || is_start_tag(rest) {
            return at;
        } else {
            at + 1
        };
    }
    bytes.len()
}

/// Whether this is a whole start tag with a name as CloudFront writes them.
fn is_start_tag(bytes: &[u8]) -> bool {
    let closed = || memchr2(b'<', b'>', &bytes[1..]).is_some_and(|n| bytes[1 + n] == b'>');
    bytes.get(1).is_some_and(u8::is_ascii_uppercase) && closed()
}

/// The end of the next `needle`, or of everything.
fn after(bytes: &[u8], from: usize, needle: &[u8]) -> usize {
    memmem::find(&bytes[from..], needle).map_or(bytes.len(), |n| from + n + needle.len())
}
