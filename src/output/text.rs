//! What every output does to text from outside: nothing invisible, nothing secret, nothing that a
//! terminal or a CI runner would obey.

use std::borrow::Cow;

use memchr::memchr;
use unicode_width::UnicodeWidthChar;

use crate::document::is_invisible;
use crate::source::Span;

/// Stands for a secret of any length.
pub(super) const MASK: &str = "********";

/// Parts what a CI runner would take for a command; has no width.
pub(super) const BREAK: char = '\u{200B}';

/// How GitHub and Azure begin a command anywhere in a line.
const COMMANDS: [&str; 2] = ["##[", "##vso["];

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
        c if is_invisible(c) => Shown::Code,
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
    COMMANDS.iter().any(|command| text.starts_with(command))
}

/// Whether the text may be printed raw: all visible, no command inside.
pub(super) fn is_plain(text: &str) -> bool {
    (text.bytes().all(|b| matches!(b, b' '..=b'~'))
        || text.chars().all(|c| matches!(shown(c), Shown::Itself)))
        && (memchr(b'#', text.as_bytes()).is_none()
            || !COMMANDS.iter().any(|command| text.contains(command)))
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

/// Breaks visible text at spaces into lines of `width` columns. What has no space in it stays whole, so that it can be
/// copied, and may be longer.
pub(super) fn fill(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split(' ') {
        let more = width(word);
        match lines.last_mut() {
            Some(line) if used + 1 + more <= columns => {
                line.push(' ');
                line.push_str(word);
                used += 1 + more;
            }
            _ => {
                lines.push(word.to_owned());
                used = more;
            }
        }
    }
    lines.into_iter().map(defused).collect()
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
