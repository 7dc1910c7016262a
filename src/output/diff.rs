//! The differences of two documents as text: one file per format.

mod json;
mod markdown;
mod pretty;

use std::fmt;
use std::io;

use super::{Style, answered as answer};
use crate::compare::Action;
use crate::diff::{Content, Diff, Entry, Value};
use crate::document::cut;

/// So many values inside an element are shown; the rest is counted.
const SHOWN_LEAVES: usize = 6;

/// A form in which differences can be printed.
#[derive(Clone, Copy)]
pub(crate) struct DiffFormat {
    name: &'static str,
    write: fn(&Diff, &Style, &mut dyn io::Write) -> io::Result<()>,
}

impl DiffFormat {
    /// All formats, in the order in which they are listed.
    pub(crate) const ALL: &'static [DiffFormat] = &[
        DiffFormat {
            name: "pretty",
            write: pretty::write,
        },
        DiffFormat {
            name: "markdown",
            write: markdown::write,
        },
        DiffFormat {
            name: "json",
            write: json::write,
        },
    ];

    /// The name used on the command line.
    pub(crate) fn name(self) -> &'static str {
        self.name
    }

    /// The format of that name.
    pub(crate) fn parse(name: &str) -> Option<DiffFormat> {
        let mut all = DiffFormat::ALL.iter().copied();
        all.find(|format| format.name == name)
    }
}

impl fmt::Debug for DiffFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Prints differences.
pub(crate) fn write(
    format: DiffFormat,
    diff: &Diff,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    (format.write)(diff, style, &mut out)?;
    io::Write::flush(&mut out)
}

/// All in one line: `4 differences: 1 added, 2 removed, 1 changed`.
fn summary(diff: &Diff) -> String {
    if diff.entries.is_empty() {
        return "the two mean the same".to_owned();
    }
    let counts = Action::ALL.map(|action| (diff.count(action), action.name(), action.name()));
    let number = super::count(diff.entries.len(), "difference", "differences");
    format!("{number}: {}", super::list(counts))
}

/// What an element holds, in words: its text, or the values inside it.
fn words(content: &Content) -> String {
    match &content.value {
        Value::Elements(leaves) => {
            let shown = leaves.iter().take(SHOWN_LEAVES);
            let shown: Vec<String> = shown
                .map(|(path, value)| format!("{path} {}", text_of(value)))
                .collect();
            let more = leaves.len().saturating_sub(SHOWN_LEAVES);
            match more {
                0 => shown.join(", "),
                _ => format!("{}, and {more} more", shown.join(", ")),
            }
        }
        value => text_of(value),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Text(text) if text.is_empty() => "(empty)".to_owned(),
        Value::Text(text) if cut(text).len() < text.len() => format!("{}…", cut(text)),
        Value::Text(text) => text.clone(),
        Value::Secret => "(a secret value)".to_owned(),
        Value::Elements(_) => String::new(),
    }
}

/// Old and new in one phrase.
fn change_of(entry: &Entry) -> String {
    if let Some((from, to)) = entry.positions {
        return format!("from place {from} to place {to}");
    }
    match (&entry.old, &entry.new) {
        (Some(old), Some(new)) => match (&old.value, &new.value) {
            (Value::Secret, Value::Secret) => "from one secret value to another".to_owned(),
            _ => format!("{} → {}", words(old), words(new)),
        },
        (Some(one), None) | (None, Some(one)) => words(one),
        (None, None) => String::new(),
    }
}
