//! Pieces of HTTP: names of headers and cookies, paths of URLs.

/// Whether the text is a token (RFC 9110, section 5.6.2), as the names of headers are.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && not_token(text).is_none()
}

/// The first character that no token has, with its place. The empty text has none and is no token either.
pub(crate) fn not_token(text: &str) -> Option<(usize, char)> {
    text.char_indices()
        .find(|(_, c)| !c.is_ascii_alphanumeric() && !"!#$%&'*+-.^_`|~".contains(*c))
}

/// Whether the text begins with a slash and holds nothing that a URL cannot have. A query string may follow the path.
pub(crate) fn is_url_path(text: &str) -> bool {
    text.starts_with('/') && not_url(text).is_none()
}

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens() {
        for text in ["Host", "x-forwarded-for", "!#$%&'*+-.^_`|~09azAZ"] {
            assert!(is_token(text), "{text}");
        }
        for (text, wrong) in [
            ("X-Key:", Some((5, ':'))),
            ("a b", Some((1, ' '))),
            ("naïve", Some((2, 'ï'))),
            ("a(b)", Some((1, '('))),
            ("", None),
        ] {
            assert_eq!(not_token(text), wrong, "{text}");
            assert!(!is_token(text), "{text}");
        }
    }

    #[test]
    fn paths() {
        for text in [
            "/",
            "/errors/404.html",
            "/a%20b/~c;d=1,2",
            "/%C3%A4?x=[1]&y#z",
        ] {
            assert!(is_url_path(text), "{text}");
        }
        assert!(!is_url_path("errors/404.html") && !is_url_path(""));
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
        fn places_are_those_of_the_character(text in ".{0,20}|[%0-9a-f/]{0,12}") {
            for (at, c) in not_url(&text).into_iter().chain(not_token(&text)) {
                prop_assert!(text[at..].starts_with(c));
            }
            if let Some((at, _)) = not_url(&text) {
                prop_assert!(not_url(&text[..at]).is_none());
            }
        }
    }
}
