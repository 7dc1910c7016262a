//! Text from outside inside of markup: it stays text, whatever it holds.

use super::text;

/// A text in XML, as content or as the value of an attribute, on one line.
pub(super) fn xml(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 16);
    for c in text::line(words).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // No character of XML 1.0.
            '\u{FFFE}' | '\u{FFFF}' => out.push_str(&format!("\\u{{{:X}}}", c as u32)),
            _ => out.push(c),
        }
    }
    out
}

/// Words of ours in Markdown, which may quote a document. What code hosts make of `@name` and `#1` they do after Markdown,
/// where an escape is undone: so nobody is notified of it, and no issue is told.
pub(super) fn markdown(words: &str) -> String {
    let mut out = markdown_escaped(words);
    for mark in ["&#64;", "&#35;"] {
        out = out.replace(mark, &format!("{mark}{}", text::BREAK));
    }
    out
}

/// Text of a document in Markdown, exactly. An HTML element, since a bar ends a cell even between backticks.
pub(super) fn markdown_code(words: &str) -> String {
    match words.is_empty() {
        true => String::new(),
        false => format!("<code>{}</code>", markdown_escaped(words)),
    }
}

/// On one line, with each character that could be markup as a number: so no parser of any flavour sees a mark there,
/// neither of a table nor of an address.
fn markdown_escaped(words: &str) -> String {
    const MARKUP: &str = "&<>@\\`*_{}[]()#!|~$:\"";
    let mut out = String::with_capacity(words.len() + 16);
    for c in text::line(words).chars() {
        match MARKUP.contains(c) {
            true => out.push_str(&format!("&#{};", c as u32)),
            false => out.push(c),
        }
    }
    out.replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_cell() {
        let hostile = "a|b\n`c` <img src=x> @everyone [x](http://example.com) \\| </code>";
        let shown = markdown_code(hostile);
        let inside = shown
            .trim_start_matches("<code>")
            .trim_end_matches("</code>");
        for c in ['|', '\n', '`', '<', '>', '@', '[', '(', '\\'] {
            assert!(!inside.contains(c), "{c:?} in {inside}");
        }
        assert!(!inside.contains("http:"), "{inside}");
        assert!(!markdown_code("www.example.com").contains("www."));
    }

    #[test]
    fn every_text_is_one_of_xml() {
        let every: String = ('\0'..=char::MAX).collect();
        let document = format!("<a b=\"{0}\">{0}</a>", xml(&every));
        let parsed = roxmltree::Document::parse(&document).map_err(|error| error.to_string());
        let value = parsed.map(|xml| xml.root_element().attribute("b").map(str::to_owned));
        let value = value.ok().flatten().unwrap_or_default();
        assert!(
            value.contains("<=>") && value.contains("␊"),
            "{}",
            value.len()
        );
        assert!(!value.contains(['\u{FFFE}', '\u{1B}', '\n', '\u{202E}']));
    }
}
