//! For a comment on a pull request: one table. Nothing of a document can leave its cell or become a link, an image or a
//! mention.

use std::io::{self, Write};

use super::{answer, change_of, summary};
use crate::diff::{Diff, Entry};
use crate::finding::Finding;
use crate::output::{Style, text};

pub(super) fn write(diff: &Diff, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if !style.quiet {
        let (old, new) = (diff.old.source.name(), diff.new.source.name());
        writeln!(out, "**{} → {}**: {}", code(old), code(new), summary(diff))?;
    }
    if !diff.entries.is_empty() {
        writeln!(
            out,
            "\n| | element | value | what it does |\n|---|---|---|---|"
        )?;
        for entry in &diff.entries {
            let (element, change) = (code(&entry.element), code(&change_of(entry)));
            let action = entry.action.name();
            writeln!(
                out,
                "| {action} | {element} | {change} | {} |",
                effect(entry, diff)
            )?;
        }
    }
    if !diff.findings.is_empty() {
        writeln!(out, "\nThe update as a whole:\n")?;
        for finding in &diff.findings {
            writeln!(out, "- {}", words(finding))?;
        }
    }
    Ok(())
}

fn effect(entry: &Entry, diff: &Diff) -> String {
    let together = entry.together_with.and_then(|n| diff.entries.get(n));
    let together = together.map(|first| format!("together with {}", code(&first.element)));
    let findings = entry.findings.iter().map(words);
    let all: Vec<String> = findings.chain(together).collect();
    all.join("<br><br>")
}

/// A finding in one line of the source, but several of the page.
fn words(finding: &Finding) -> String {
    let (level, rule) = (finding.level, finding.rule.name());
    let mut parts = vec![format!("**{level}** `{rule}`: {}", plain(&finding.message))];
    parts.extend(finding.notes.iter().map(|note| plain(note)));
    parts.extend(answer(finding).map(|answer| plain(&answer)));
    parts.extend(finding.help.iter().map(|help| plain(help)));
    parts.join("<br>")
}

/// Text of ours that may quote the document. Nobody is notified of it, even outside of code.
fn plain(words: &str) -> String {
    escaped(words).replace("&#64;", &format!("&#64;{}", text::BREAK))
}

/// Text of the document, exactly. An HTML element, since a bar ends a cell even between backticks.
fn code(words: &str) -> String {
    match words.is_empty() {
        true => String::new(),
        false => format!("<code>{}</code>", escaped(words)),
    }
}

/// On one line, with each character that could be markup as a number: so no parser of any flavour sees a mark there,
/// neither of a table nor of an address.
fn escaped(words: &str) -> String {
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
        let shown = code(hostile);
        let inside = shown
            .trim_start_matches("<code>")
            .trim_end_matches("</code>");
        for c in ['|', '\n', '`', '<', '>', '@', '[', '(', '\\'] {
            assert!(!inside.contains(c), "{c:?} in {inside}");
        }
        assert!(!inside.contains("http:"), "{inside}");
        assert!(!code("www.example.com").contains("www."));
    }
}
