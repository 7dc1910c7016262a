//! What fixes would change, as a unified diff. As everywhere, secrets are masked and control characters made visible; a
//! line without either can be given to `patch`.

use std::io::{self, Write};
use std::ops::Range;

use anstyle::{AnsiColor, Style as Paint};
use imara_diff::{Algorithm, Diff, Hunk, InternedInput};

use super::text;
use crate::report::Report;
use crate::secrets;
use crate::source::{Source, Span};

/// Lines that are shown around a change.
const CONTEXT: u32 = 3;

/// Prints the changes of all documents that were fixed.
///
/// # Errors
/// What the writer answers.
pub fn write_patch(report: &Report, color: bool, out: &mut dyn Write) -> io::Result<()> {
    for (document, repair, after) in report.repaired() {
        let name = text::line(&document.name);
        let (before, after) = (Side::new(&repair.before), Side::new(after));
        let patch = Patch {
            before: &before,
            after: &after,
            color,
        };
        patch.line(bold(), &format!("--- {name}"), out)?;
        patch.line(bold(), &format!("+++ {name}"), out)?;
        patch.write(out)?;
    }
    Ok(())
}

/// One of the two texts.
struct Side<'s> {
    source: &'s Source,
    /// With their ends.
    lines: Vec<&'s str>,
    /// Sorted, not overlapping.
    secrets: Vec<Span>,
}

impl<'s> Side<'s> {
    fn new(source: &'s Source) -> Side<'s> {
        let text = source.text();
        let secrets = [secrets::by_name(text), secrets::in_comments(text)].concat();
        Side {
            source,
            lines: text.split_inclusive('\n').collect(),
            secrets: text::joined(secrets),
        }
    }

    /// A line as it may be shown, and whether it ends as lines do.
    fn shown(&self, at: u32) -> (String, bool) {
        let Some(line) = self.lines.get(at as usize) else {
            return (String::new(), true);
        };
        let start = (line.as_ptr() as usize - self.source.text().as_ptr() as usize) as u32;
        let bare = line.strip_suffix('\n').unwrap_or(line);
        let (inner, carriage) = match bare.strip_suffix('\r') {
            Some(inner) if bare.len() < line.len() => (inner, "\r"),
            _ => (bare, ""),
        };
        let masked = self.masked(Span::new(start, start + inner.len() as u32));
        let pieces: Vec<_> = masked.split('\t').map(text::line).collect();
        (pieces.join("\t") + carriage, bare.len() < line.len())
    }

    fn masked(&self, line: Span) -> String {
        let mut masked = String::new();
        let mut at = line.start;
        let first = self
            .secrets
            .partition_point(|secret| secret.end <= line.start);
        for secret in self.secrets[first..]
            .iter()
            .take_while(|s| s.start < line.end)
        {
            masked.push_str(self.source.slice(Span::new(at, secret.start.max(at))));
            masked.push_str(text::MASK);
            at = secret.end.min(line.end);
        }
        masked.push_str(self.source.slice(Span::new(at, line.end)));
        masked
    }
}

struct Patch<'p> {
    before: &'p Side<'p>,
    after: &'p Side<'p>,
    color: bool,
}

impl Patch<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut input = InternedInput::default();
        input.update_before(self.before.lines.iter().copied());
        input.update_after(self.after.lines.iter().copied());
        let mut diff = Diff::compute(Algorithm::Myers, &input);
        diff.postprocess_lines(&input);
        let hunks: Vec<Hunk> = diff.hunks().collect();
        let is_near = |one: &Hunk, next: &Hunk| next.before.start - one.before.end <= 2 * CONTEXT;
        for together in hunks.chunk_by(is_near) {
            self.write_hunks(together, out)?;
        }
        Ok(())
    }

    /// Changes that share their context.
    fn write_hunks(&self, hunks: &[Hunk], out: &mut dyn Write) -> io::Result<()> {
        let (Some(first), Some(last)) = (hunks.first(), hunks.last()) else {
            return Ok(());
        };
        let lead = first.before.start.min(CONTEXT);
        let rest = self.before.lines.len() as u32 - last.before.end;
        let trail = rest.min(CONTEXT);
        let range = |first: &Range<u32>, last: &Range<u32>| first.start - lead..last.end + trail;
        let old = range(&first.before, &last.before);
        let new = range(&first.after, &last.after);
        let header = format!("@@ -{} +{} @@", place(&old), place(&new));
        self.line(AnsiColor::Cyan.on_default(), &header, out)?;
        let mut at = old.start;
        for hunk in hunks {
            self.lines(self.before, ' ', at..hunk.before.start, out)?;
            self.lines(self.before, '-', hunk.before.clone(), out)?;
            self.lines(self.after, '+', hunk.after.clone(), out)?;
            at = hunk.before.end;
        }
        self.lines(self.before, ' ', at..old.end, out)
    }

    fn lines(
        &self,
        side: &Side<'_>,
        sign: char,
        lines: Range<u32>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let paint = match sign {
            '-' => AnsiColor::Red.on_default(),
            '+' => AnsiColor::Green.on_default(),
            _ => Paint::new(),
        };
        for at in lines {
            let (line, has_end) = side.shown(at);
            self.line(paint, &format!("{sign}{line}"), out)?;
            if !has_end {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
        Ok(())
    }

    fn line(&self, paint: Paint, text: &str, out: &mut dyn Write) -> io::Result<()> {
        match self.color {
            true => writeln!(out, "{paint}{text}{paint:#}"),
            false => writeln!(out, "{text}"),
        }
    }
}

fn bold() -> Paint {
    Paint::new().bold()
}

/// First line and number of lines, as `patch` wants them: no lines stand behind the line before.
fn place(lines: &Range<u32>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        n => format!("{},{n}", lines.start + 1),
    }
}
