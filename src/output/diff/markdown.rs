//! For a comment on a pull request: one table. Nothing of a document can leave its cell or become a link, an image or a
//! mention.

use std::io::{self, Write};

use super::{answer, change_of, summary};
use crate::diff::{Diff, Entry};
use crate::finding::Finding;
use crate::output::Style;
use crate::output::escape::{markdown as plain, markdown_code as code};

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
