//! A lenient look at the first start tag, to tell a CloudFront document from other XML even if it is malformed.

use crate::source::Span;

/// The first start tag of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sniff<'a> {
    /// The prefix of its name; empty without one.
    pub(crate) prefix: &'a str,
    /// Its name without the prefix.
    pub(crate) local: &'a str,
    /// The namespace that the tag itself declares for its prefix, as it is written.
    pub(crate) namespace: Option<&'a str>,
    /// The name with its prefix.
    pub(crate) name: Span,
}

/// How much of a text is looked at.
const WINDOW: usize = 64 * 1024;

/// Finds the first start tag, whatever stands before and after it.
pub(crate) fn sniff(text: &str) -> Option<Sniff<'_>> {
    let mut end = text.len().min(WINDOW);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let window = &text[..end];
    let mut pos = 0;
    let mut given_up = [false; 3];
    loop {
        pos += window[pos..].find('<')?;
        let rest = &window[pos..];
        let length = name_length(&rest[1..]);
        if length > 0 {
            return Some(read(window, pos + 1, length));
        }
        pos += skip(rest, &mut given_up);
    }
}

/// Length of what begins with this `<` and is no start tag; 1 if its end cannot be found. An end that was not found
/// once is not looked for again, lest the search be quadratic.
fn skip(rest: &str, given_up: &mut [bool; 3]) -> usize {
    let past = |end: &str| rest.find(end).map(|at| at + end.len());
    let (kind, search): (usize, &dyn Fn() -> Option<usize>) =
        if rest.starts_with("<!--") || rest.starts_with("<--") {
            (0, &|| past("-->"))
        } else if rest.starts_with("<?") {
            (1, &|| past("?>"))
        } else if rest.starts_with("<!") {
            (2, &|| past_doctype(rest))
        } else {
            return 1;
        };
    if given_up[kind] {
        return 1;
    }
    let found = search();
    given_up[kind] = found.is_none();
    found.unwrap_or(1)
}

/// The `>` that is within no quotes and no brackets.
fn past_doctype(rest: &str) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0usize;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => depth += 1,
            (None, b']') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn name_length(text: &str) -> usize {
    let first = text.chars().next();
    if !first.is_some_and(|c| c.is_alphabetic() || c == '_') {
        return 0;
    }
    text.find(|c: char| c.is_whitespace() || "<>/=\"'".contains(c))
        .unwrap_or(text.len())
}

fn read(window: &str, start: usize, length: usize) -> Sniff<'_> {
    let name = &window[start..start + length];
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    Sniff {
        prefix,
        local,
        namespace: namespace(&window[start + length..], prefix),
        name: Span::new(start as u32, (start + length) as u32),
    }
}

/// The value of `xmlns` or `xmlns:prefix` in the rest of the tag.
fn namespace<'a>(mut rest: &'a str, prefix: &str) -> Option<&'a str> {
    loop {
        rest = rest.trim_start();
        if rest.is_empty() || rest.starts_with(['<', '>']) {
            return None;
        }
        let end = rest.find(|c: char| c.is_whitespace() || "<>=\"'“”".contains(c));
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        let after = after.trim_start();
        let Some(after) = after.strip_prefix('=') else {
            // Not an attribute: go on after it, or after the character that ended it.
            let step = rest.chars().next().map_or(0, char::len_utf8);
            rest = &rest[name.len().max(step)..];
            continue;
        };
        let (value, after) = value(after.trim_start());
        if name
            .strip_prefix("xmlns")
            .is_some_and(|end| end.strip_prefix(':').unwrap_or(end) == prefix)
        {
            return Some(value);
        }
        rest = after;
    }
}

/// A value in quotes, in typographic quotes or in none, and what follows it.
fn value(text: &str) -> (&str, &str) {
    let open = text.chars().next();
    let close = match open {
        Some(quote @ ('"' | '\'')) => quote,
        Some('“' | '”' | '„') => '”',
        _ => {
            let end = text.find(|c: char| c.is_whitespace() || "<>".contains(c));
            return text.split_at(end.unwrap_or(text.len()));
        }
    };
    let inner = &text[open.map_or(0, char::len_utf8)..];
    let end = inner.find([close, '<']).unwrap_or(inner.len());
    let (value, after) = inner.split_at(end);
    (value, after.strip_prefix(close).unwrap_or(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(text: &str) -> Option<(&str, &str, Option<&str>)> {
        sniff(text).map(|sniff| (sniff.prefix, sniff.local, sniff.namespace))
    }

    #[test]
    fn finds_the_root_behind_everything_else() {
        for before in [
            "",
            "\n\n  ",
            "<?xml version='1.0'?>\n<!-- <Other xmlns='x'> -->",
            "<!DOCTYPE a [ <!ENTITY b '<c>'> ]>",
            "<-- <Other> -->",
            "<!-- never closed ",
            "text < 5 <> <1a> ",
        ] {
            let text = format!("{before}<DistributionConfig a='>' xmlns=\"urn:x\">");
            assert_eq!(
                seen(&text),
                Some(("", "DistributionConfig", Some("urn:x"))),
                "{before}"
            );
        }
    }

    #[test]
    fn resolves_its_own_prefix_only() {
        assert_eq!(
            seen("<p:A xmlns='x' xmlns:p = 'y'/>"),
            Some(("p", "A", Some("y")))
        );
        assert_eq!(seen("<A xmlns:p='y'/>"), Some(("", "A", None)));
        assert_eq!(seen("<A><B xmlns='x'/></A>"), Some(("", "A", None)));
    }

    #[test]
    fn overlooks_mistakes_in_the_tag() {
        assert_eq!(seen("<A xmlns=“urn:x”>"), Some(("", "A", Some("urn:x"))));
        assert_eq!(seen("<A xmlns=urn:x>"), Some(("", "A", Some("urn:x"))));
        assert_eq!(seen("<A b xmlns='urn:x'"), Some(("", "A", Some("urn:x"))));
        assert_eq!(seen("<A"), Some(("", "A", None)));
        assert_eq!(seen("{}"), None);
    }

    #[test]
    fn does_not_look_far() {
        let far = format!("<!--{}--><A/>", "é".repeat(WINDOW));
        assert_eq!(seen(&far), None);
    }

    proptest! {
        #[test]
        fn never_panics(text in "[<>/!?:=a\"'“” \\[\\]é-]{0,40}") {
            sniff(&text);
        }
    }
}
