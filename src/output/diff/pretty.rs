//! For people at a terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};

use super::{answer, change_of, summary};
use crate::compare::Action;
use crate::diff::{Diff, Entry};
use crate::finding::{Finding, Level};
use crate::output::{Style, text};

/// Columns before what is said of an entry.
const INDENT: usize = 10;
/// Before the path of the difference of which the rules speak.
const TOGETHER: &str = "together with ";

pub(super) fn write(diff: &Diff, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let painter = Painter {
        color: style.color,
        width: style.width.clamp(40, 500),
    };
    let (old, new) = (diff.old.source.name(), diff.new.source.name());
    let bold = painter.paint(Paint::new().bold());
    if !style.quiet {
        let title = format!("{} → {}", text::line(old), text::line(new));
        writeln!(out, "{bold}{title}{bold:#}\n")?;
    }
    for entry in &diff.entries {
        painter.entry(entry, diff, out)?;
        writeln!(out)?;
    }
    if !diff.findings.is_empty() {
        writeln!(out, "{bold}the update as a whole{bold:#}")?;
        for finding in &diff.findings {
            painter.finding(finding, out)?;
        }
        writeln!(out)?;
    }
    match style.quiet {
        true => Ok(()),
        false => writeln!(out, "{}", summary(diff)),
    }
}

struct Painter {
    color: bool,
    width: usize,
}

impl Painter {
    fn paint(&self, paint: Paint) -> Paint {
        if self.color { paint } else { Paint::new() }
    }

    fn entry(&self, entry: &Entry, diff: &Diff, out: &mut dyn Write) -> io::Result<()> {
        let hue = match entry.action {
            Action::Added => AnsiColor::Green,
            Action::Removed => AnsiColor::Red,
            Action::Changed => AnsiColor::Yellow,
            Action::Moved => AnsiColor::Cyan,
        };
        let tint = self.paint(hue.on_default().bold());
        let bold = self.paint(Paint::new().bold());
        let path = in_lines(&text::line(&entry.element), self.width - INDENT);
        for (n, line) in path.iter().enumerate() {
            let action = if n == 0 { entry.action.name() } else { "" };
            writeln!(out, "{tint}{action:INDENT$}{tint:#}{bold}{line}{bold:#}")?;
        }
        self.lines(&change_of(entry), INDENT, out)?;
        for finding in &entry.findings {
            self.finding(finding, out)?;
        }
        let together = entry.together_with.and_then(|n| diff.entries.get(n));
        let path = together.map(|first| text::line(&first.element));
        for (n, line) in (path.iter())
            .flat_map(|path| in_lines(path, self.width - INDENT - TOGETHER.len()))
            .enumerate()
        {
            let words = if n == 0 { TOGETHER } else { "" };
            let width = TOGETHER.len();
            writeln!(out, "{:INDENT$}{words:width$}{line}", "")?;
        }
        Ok(())
    }

    /// Text in lines, each with so many blanks before it.
    fn lines(&self, words: &str, indent: usize, out: &mut dyn Write) -> io::Result<()> {
        for line in text::wrap(&text::line(words), self.width - indent) {
            if !line.is_empty() {
                writeln!(out, "{:indent$}{line}", "")?;
            }
        }
        Ok(())
    }

    fn finding(&self, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        let hue = match finding.level {
            Level::Error => AnsiColor::Red,
            Level::Warning => AnsiColor::Yellow,
            Level::Info => AnsiColor::Cyan,
        };
        let tint = self.paint(hue.on_default().bold());
        let title = format!("{}[{}]:", finding.level, finding.rule.name());
        let words = format!("{title} {}", text::line(&finding.message));
        for (n, line) in text::wrap(&words, self.width - INDENT).iter().enumerate() {
            match line.strip_prefix(&title).filter(|_| n == 0) {
                Some(rest) => writeln!(out, "{:INDENT$}{tint}{title}{tint:#}{rest}", "")?,
                None => writeln!(out, "{:INDENT$}{line}", "")?,
            }
        }
        let answer = answer(finding);
        let remarks = (finding.notes.iter().map(|note| ("note", note)))
            .chain(answer.iter().map(|answer| ("note", answer)))
            .chain(finding.help.iter().map(|help| ("help", help)));
        for (title, remark) in remarks {
            let indent = INDENT + title.len() + 2;
            for (n, line) in text::wrap(&text::line(remark), self.width - indent)
                .iter()
                .enumerate()
            {
                match n {
                    0 => writeln!(out, "{:INDENT$}{title}: {line}", "")?,
                    _ => writeln!(out, "{:indent$}{line}", "")?,
                }
            }
        }
        Ok(())
    }
}

/// A path in lines of at most so many columns, broken behind a slash between two elements where there is one.
fn in_lines(path: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut inside = false;
    let steps = path.split_inclusive(|c| {
        inside = c == '[' || inside && c != ']';
        c == '/' && !inside
    });
    for step in steps {
        let used = lines.last().map_or(0, |line| text::width(line));
        if used > 0 && used + text::width(step) > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(step);
        }
    }
    let lines = lines.iter().flat_map(|line| text::wrap(line, width));
    lines.collect()
}
