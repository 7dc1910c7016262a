//! The body of an answer.

use super::Refusal;
use crate::document::is_invisible;
use crate::schema::ApiVersion;

/// Stands where the service writes the number of the request, which nobody else can know.
const REQUEST_ID: &str = "00000000-0000-0000-0000-000000000000";

/// How the runners of GitHub and Azure begin a command anywhere in a line.
const COMMANDS: [&str; 2] = ["##[", "##vso["];

/// An `ErrorResponse` in the form in which the service writes it.
pub(super) fn error_response(version: ApiVersion, refusal: &Refusal) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<ErrorResponse xmlns=\"{}\"><Error><Type>Sender</Type><Code>{}</Code>\
         <Message>{}</Message></Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>",
        version.namespace(),
        refusal.code,
        escaped(&refusal.message),
    )
}

/// Text as it may stand in an element. What steers a terminal or a CI runner is written as a number, and what XML cannot
/// hold at all as U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '#' if COMMANDS.iter().any(|c| text[at..].starts_with(c)) => out.push_str("&#x23;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' => out.push('\u{FFFD}'),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c if is_invisible(c) => out.push_str(&format!("&#x{:X};", c as u32)),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn text_comes_back_from_the_parser() {
        for text in [
            "a < b && c > d ]]>",
            "##[error] ##vso[task.complete]",
            "\u{202E}x\t\n",
            "'\"",
            "ü\u{1F600}",
        ] {
            let xml = format!("<m>{}</m>", escaped(text));
            let tree = roxmltree::Document::parse(&xml).unwrap();
            assert_eq!(tree.root_element().text().unwrap_or_default(), text);
            assert!(!xml.contains('\u{202E}'));
            assert!(!xml.contains("##[") && !xml.contains("##vso["));
        }
        assert_eq!(escaped("\u{1}\u{FFFF}"), "\u{FFFD}\u{FFFD}");
    }
}
