//! Pieces of HTTP: paths of URLs.

/// The first character that must be percent-encoded in a URL, with its place: control characters, blanks, all beyond
/// ASCII, the characters that RFC 1738 calls unsafe and every browser sends encoded, and a `%` that encodes nothing.
///
/// Brackets pass: RFC 3986 forbids them in paths, but servers and browsers do not mind.
pub(crate) fn not_url(text: &str) -> Option<(usize, char)> {
    let encodes = |at: usize| {
        let digits = text.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    text.char_indices().find(|&(at, c)| match c {
        '%' => !encodes(at),
        '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => true,
        c => !c.is_ascii_graphic(),
    })
}

/// A path with all encoded that [`not_url`] tells, and the characters of `more`.
pub(crate) fn percent_encoded(text: &str, more: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (one, behind) = rest.split_at(c.len_utf8());
        match more.contains(c) || matches!(not_url(rest), Some((0, _))) {
            true => encoded.extend(one.bytes().map(|byte| format!("%{byte:02X}"))),
            false => encoded.push(c),
        }
        rest = behind;
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths() {
        for text in [
            "/",
            "/errors/404.html",
            "/a%20b/~c;d=1,2",
            "/%C3%A4?x=[1]&y#z",
        ] {
            assert_eq!(not_url(text), None, "{text}");
        }
        for (text, wrong) in [
            ("/a b", (2, ' ')),
            ("/ä", (1, 'ä')),
            ("/a\tb", (2, '\t')),
            ("/a\u{7f}", (2, '\u{7f}')),
            ("/{id}", (1, '{')),
            ("/a|b", (2, '|')),
            ("/100%", (4, '%')),
            ("/%2", (1, '%')),
            ("/%2g", (1, '%')),
            ("/%ä", (1, '%')),
            ("/%20%", (4, '%')),
        ] {
            assert_eq!(not_url(text), Some(wrong), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_a_path(text in ".{0,20}|[%0-9a-f/]{0,12}") {
            let encoded = percent_encoded(&text, "[]~#");
            prop_assert_eq!(not_url(&encoded), None);
            prop_assert!(!encoded.contains(['[', ']', '~', '#']));
            prop_assert_eq!(percent_encoded(&encoded, "[]~#"), encoded.clone());
        }

        #[test]
        fn places_are_those_of_the_character(text in ".{0,20}|[%0-9a-f/]{0,12}") {
            if let Some((at, c)) = not_url(&text) {
                prop_assert!(text[at..].starts_with(c));
                prop_assert!(not_url(&text[..at]).is_none());
            }
        }
    }
}
