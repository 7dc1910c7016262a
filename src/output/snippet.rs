//! The excerpt of a file that explains a finding: a small text of its own, fit to be shown, with
//! the labels mapped into it. However long the file and its lines are, this stays small.

use std::cell::Cell;
use std::ops::Range;

use super::text::{self, MASK};
use crate::source::{Position, Source, Span};

/// Labels of one finding that are drawn.
pub(super) const MAX_MARKS: usize = 8;

/// Lines between two labels that still share a box.
const NEAR_LINES: u32 = 3;

/// Columns of a tab stop.
const TAB: usize = 4;

/// Narrowest wrapped label; at the right margin it may stick out.
const MIN_LABEL: usize = 30;

/// Lines of a label; a longer one says too much, and miette compares them all with each other.
const MAX_LABEL_LINES: usize = 6;

/// A label before it is placed.
#[derive(Clone, Copy)]
pub(super) struct Mark<'a> {
    /// Where, in the file.
    pub(super) span: Span,
    /// A few words; may be empty.
    pub(super) text: &'a str,
    /// The finding's own place.
    pub(super) primary: bool,
}

/// The excerpts of one finding, one after the other in one text.
#[derive(Debug, Default)]
pub(super) struct Snippet {
    /// What is shown: lines, each with a line end.
    pub(super) text: String,
    /// The boxes to draw, in order.
    pub(super) frames: Vec<Frame>,
    /// The labels, in order.
    pub(super) labels: Vec<Label>,
}

/// Consecutive lines of one file.
#[derive(Debug)]
pub(super) struct Frame {
    /// Where in the text.
    pub(super) range: Range<usize>,
    /// The file.
    pub(super) name: String,
    /// Number of the first line.
    pub(super) first: u32,
    /// Number of lines.
    pub(super) lines: u32,
}

/// A label in the text.
#[derive(Debug)]
pub(super) struct Label {
    /// Where in the text.
    pub(super) range: Range<usize>,
    /// What it says; may have several lines.
    pub(super) text: String,
    /// The finding's own place.
    pub(super) primary: bool,
    /// The place in the file.
    pub(super) at: Position,
}

/// A mark on one line of the file.
struct Placed<'a> {
    mark: Mark<'a>,
    line: u32,
    range: Range<usize>,
}

impl Snippet {
    /// Adds the boxes that show the marks of one file; the primary one comes first.
    pub(super) fn add(&mut self, source: &Source, secrets: &[Span], marks: &[Mark], width: usize) {
        let mut placed: Vec<Placed> = marks
            .iter()
            .map(|mark| Placed::new(source, *mark))
            .collect();
        placed.sort_by_key(|placed| (placed.range.start, placed.range.end));
        let file = File {
            source,
            secrets,
            room: room(source, &placed, width),
        };
        let mut groups = file.grouped(placed);
        let first = groups
            .iter()
            .position(|group| group.iter().any(|p| p.mark.primary));
        if let Some(first) = first {
            groups[..=first].rotate_right(1);
        }
        for group in &groups {
            self.add_frame(&file, group);
        }
    }

    fn add_frame(&mut self, file: &File, group: &[Placed]) {
        let Some((first, last)) = group.first().zip(group.last()) else {
            return;
        };
        let lines = file.with_context(first.line, last.line);
        let start = self.text.len();
        for line in lines.clone() {
            let on_line: Vec<&Placed> = group.iter().filter(|p| p.line == line).collect();
            self.add_line(&file.line(line), &on_line, file);
        }
        self.frames.push(Frame {
            range: start..self.text.len(),
            name: text::line(file.source.name()).into_owned(),
            first: *lines.start(),
            lines: lines.end() - lines.start() + 1,
        });
    }

    fn add_line(&mut self, line: &Line, marks: &[&Placed], file: &File) {
        let start = self.text.len();
        let (from, to) = (marks.first(), marks.last());
        let focus = match from.zip(to) {
            Some((from, to)) => from.range.start..to.range.end.max(from.range.end),
            None => line.start..line.start,
        };
        let pieces = line.show(line.window(focus, file.room), &mut self.text);
        self.text.push('\n');
        let mut labels: Vec<Label> = marks
            .iter()
            .map(|placed| Label {
                range: pieces.map(&placed.range),
                text: text::line(placed.mark.text).into_owned(),
                primary: placed.mark.primary,
                at: file.source.position(placed.range.start as u32),
            })
            .collect();
        untangle(&self.text, &mut labels);
        for label in &mut labels {
            let column = text::width(&self.text[start..label.range.start]);
            let half = text::width(&self.text[label.range.clone()]) / 2;
            let room = file.room.saturating_sub(column + half + 4).max(MIN_LABEL);
            label.text = wrapped(&label.text, room);
        }
        self.labels.append(&mut labels);
    }
}

/// Breaks a label into a few lines.
fn wrapped(label: &str, room: usize) -> String {
    let mut lines = text::wrap(label, room);
    if lines.len() > MAX_LABEL_LINES {
        lines.truncate(MAX_LABEL_LINES);
        lines.push("…".to_owned());
    }
    lines.join("\n")
}

impl<'a> Placed<'a> {
    /// Puts a mark on characters of one line; of several lines, the first.
    fn new(source: &Source, mark: Mark<'a>) -> Placed<'a> {
        let start = text::floor(source.text(), mark.span.start);
        let line = source.line_of(start);
        let on_line = source.line_span(line);
        // Between the halves of a line break there is nothing to point at.
        let start = start.min(on_line.end);
        let end = text::floor(source.text(), mark.span.end).clamp(start, on_line.end);
        Placed {
            mark,
            line,
            range: start as usize..end as usize,
        }
    }
}

/// Columns for the text, beside line numbers as wide as the last one.
fn room(source: &Source, placed: &[Placed], width: usize) -> usize {
    let last = placed
        .iter()
        .map(|p| p.line + 1)
        .max()
        .unwrap_or(1)
        .min(source.line_count());
    let gutter = last.to_string().len() + 4;
    width.saturating_sub(gutter).max(20)
}

/// What a file lends to its boxes.
struct File<'a> {
    source: &'a Source,
    secrets: &'a [Span],
    /// Columns for the text.
    room: usize,
}

impl<'a> File<'a> {
    fn line(&self, number: u32) -> Line<'a> {
        let span = self.source.line_span(number);
        let from = self
            .secrets
            .partition_point(|secret| secret.end <= span.start);
        let secrets = &self.secrets[from..];
        let secrets = &secrets[..secrets.partition_point(|secret| secret.start < span.end)];
        Line {
            text: self.source.text(),
            start: span.start as usize,
            end: span.end as usize,
            secrets,
            last: Cell::new(0),
        }
    }

    /// Splits sorted marks where two neighbours cannot be seen together.
    fn grouped<'m>(&self, placed: Vec<Placed<'m>>) -> Vec<Vec<Placed<'m>>> {
        let mut groups: Vec<Vec<Placed>> = Vec::new();
        for next in placed {
            match groups.last_mut() {
                Some(group) if self.near(group, &next) => group.push(next),
                _ => groups.push(vec![next]),
            }
        }
        groups
    }

    fn near(&self, group: &[Placed], next: &Placed) -> bool {
        let Some(last) = group.last() else {
            return true;
        };
        if last.line != next.line {
            return next.line - last.line <= NEAR_LINES;
        }
        let start = group
            .iter()
            .find(|p| p.line == next.line)
            .map_or(0, |p| p.range.start);
        let line = self.line(next.line);
        let seen = start..next.range.end.max(last.range.end);
        line.columns(line.start..line.end, self.room).is_some()
            || line.columns(seen, self.room.saturating_sub(4)).is_some()
    }

    /// One line more on both sides, unless it is blank.
    fn with_context(&self, first: u32, last: u32) -> std::ops::RangeInclusive<u32> {
        let blank = |line| self.line(line).is_blank();
        let before = first > 1 && !blank(first - 1);
        let after = last < self.source.line_count() && !blank(last + 1);
        first - u32::from(before)..=last + u32::from(after)
    }
}

/// A line of a file, with the secrets on it.
struct Line<'a> {
    /// The whole file.
    text: &'a str,
    start: usize,
    end: usize,
    secrets: &'a [Span],
    /// The secret that was looked up last: the next is seldom far.
    last: Cell<usize>,
}

/// What cannot be cut: a character, or the part of a secret that is on the line.
enum Unit {
    Char(char),
    Secret,
}

impl Line<'_> {
    /// As far as it would be shown.
    fn is_blank(&self) -> bool {
        self.text[self.start..self.end]
            .bytes()
            .take(400)
            .all(|b| matches!(b, b' ' | b'\t'))
    }

    /// The first secret that ends after an offset.
    fn secret_after(&self, at: usize) -> Option<&Span> {
        let ended = |n: usize| self.secrets.get(n).is_some_and(|s| s.end as usize <= at);
        let is_it = |n: &usize| !ended(*n) && (*n == 0 || ended(n - 1));
        let last = self.last.get();
        let found = [last, last + 1, last.saturating_sub(1)]
            .into_iter()
            .find(is_it);
        let found = found.unwrap_or_else(|| {
            self.secrets
                .partition_point(|secret| secret.end as usize <= at)
        });
        self.last.set(found);
        self.secrets.get(found)
    }

    /// The unit that starts at an offset, and its end.
    fn next(&self, at: usize) -> Option<(Unit, usize)> {
        if at >= self.end {
            return None;
        }
        match self.secret_after(at) {
            Some(secret) if secret.start as usize <= at => {
                Some((Unit::Secret, (secret.end as usize).min(self.end)))
            }
            _ => self.text[at..self.end]
                .chars()
                .next()
                .map(|c| (Unit::Char(c), at + c.len_utf8())),
        }
    }

    /// The unit that ends at an offset, and its start.
    fn previous(&self, at: usize) -> Option<(Unit, usize)> {
        if at <= self.start {
            return None;
        }
        match self.secret_after(at - 1) {
            Some(secret) if (secret.start as usize) < at => {
                Some((Unit::Secret, (secret.start as usize).max(self.start)))
            }
            _ => self.text[self.start..at]
                .chars()
                .next_back()
                .map(|c| (Unit::Char(c), at - c.len_utf8())),
        }
    }

    /// Columns of a part of the line, if they are at most `limit`.
    fn columns(&self, part: Range<usize>, limit: usize) -> Option<usize> {
        let (mut at, mut used) = (part.start, 0);
        while at < part.end {
            let (unit, end) = self.next(at)?;
            used += unit.columns();
            if used > limit {
                return None;
            }
            at = end;
        }
        Some(used)
    }

    /// The part of the line that is shown: all of it if it fits, else what surrounds the focus.
    fn window(&self, focus: Range<usize>, room: usize) -> Range<usize> {
        if self.columns(self.start..self.end, room).is_some() {
            return self.start..self.end;
        }
        // Two columns for the signs of a cut, and some text before a focus that fills the rest.
        let mut left = room - 2;
        let mut reserve = left / 8;
        left -= reserve;
        let start = self.unit_start(focus.start);
        let end = self.grow(start, focus.end, &mut left);
        reserve += left;
        let mut half = reserve / 2;
        let mut rest = reserve - half;
        let start = self.grow_back(start, &mut half);
        rest += half;
        let end = self.grow(end, self.end, &mut rest);
        self.grow_back(start, &mut rest)..end
    }

    /// A focus inside a secret begins with the secret.
    fn unit_start(&self, at: usize) -> usize {
        let start = self
            .secret_after(at)
            .map_or(at, |secret| secret.start as usize);
        start.clamp(self.start, at.max(self.start))
    }

    fn grow(&self, mut at: usize, limit: usize, room: &mut usize) -> usize {
        while at < limit
            && let Some((unit, end)) = self.next(at)
            && unit.columns() <= *room
        {
            *room -= unit.columns();
            at = end;
        }
        at
    }

    fn grow_back(&self, mut at: usize, room: &mut usize) -> usize {
        while let Some((unit, start)) = self.previous(at)
            && unit.columns() <= *room
        {
            *room -= unit.columns();
            at = start;
        }
        at
    }

    /// Appends a part of the line as it may be seen.
    fn show(&self, part: Range<usize>, out: &mut String) -> Pieces {
        if part.start > self.start {
            out.push('…');
        }
        let mut pieces = Pieces(Vec::with_capacity(part.len().min(512) + 1));
        let (mut at, mut column) = (part.start, 0);
        while at < part.end
            && let Some((unit, end)) = self.next(at)
        {
            pieces.0.push((at, out.len()));
            match unit {
                Unit::Secret => out.push_str(MASK),
                Unit::Char('\t') => out.push_str(&"    "[column % TAB..]),
                Unit::Char(c) => text::push(c, out),
            }
            if matches!(unit, Unit::Char('#')) && text::is_command(&self.text[at..]) {
                out.push(text::BREAK);
            }
            column += match unit {
                Unit::Secret => MASK.len(),
                Unit::Char('\t') => TAB - column % TAB,
                Unit::Char(c) => text::columns(c),
            };
            at = end;
        }
        pieces.0.push((at, out.len()));
        if part.end < self.end {
            out.push('…');
        }
        pieces
    }
}

impl Unit {
    /// Columns, at most; never none, so that a window is small in memory too.
    fn columns(&self) -> usize {
        match self {
            Unit::Secret => MASK.len(),
            Unit::Char('\t') => TAB,
            Unit::Char(c) => text::columns(*c).max(1),
        }
    }
}

/// Where each unit of a line begins, in the file and in the snippet; the last entry is the end.
struct Pieces(Vec<(usize, usize)>);

impl Pieces {
    fn map(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.at_or_before(range.start);
        let end = self.0.partition_point(|piece| piece.0 < range.end);
        let end = self
            .0
            .get(end)
            .or(self.0.last())
            .map_or(start, |piece| piece.1);
        start..if range.is_empty() {
            start
        } else {
            end.max(start)
        }
    }

    fn at_or_before(&self, offset: usize) -> usize {
        let after = self.0.partition_point(|piece| piece.0 <= offset);
        self.0
            .get(after.saturating_sub(1))
            .map_or(0, |piece| piece.1)
    }
}

/// Makes the labels of a line disjoint, since overlapping ones would be drawn side by side: equal
/// ones become one, and of two others the one that starts first ends where the other starts.
fn untangle(text: &str, labels: &mut Vec<Label>) {
    // Each step drops a label or shortens one, so this ends.
    loop {
        labels.sort_by_key(|label| (label.range.start, label.range.end));
        let tangled = labels
            .windows(2)
            .position(|two| two[1].range.start < drawn_end(text, &two[0]));
        let Some(at) = tangled else { return };
        let (first_end, second) = (drawn_end(text, &labels[at]), labels[at + 1].range.clone());
        if labels[at].range.start < second.start {
            labels[at].range.end = second.start;
        } else if first_end < second.end {
            labels[at + 1].range.start = first_end;
        } else {
            let second = labels.remove(at + 1);
            labels[at].absorb(second);
        }
    }
}

/// The end of what is drawn: an empty label has a caret under the next character.
fn drawn_end(text: &str, label: &Label) -> usize {
    let caret = text[label.range.start..]
        .chars()
        .next()
        .map_or(0, char::len_utf8);
    label.range.end.max(label.range.start + caret)
}

impl Label {
    fn absorb(&mut self, other: Label) {
        let (first, second) = match other.primary {
            true => (other.text, std::mem::take(&mut self.text)),
            false => (std::mem::take(&mut self.text), other.text),
        };
        let apart = if first.is_empty() || second.is_empty() || first == second {
            ""
        } else {
            "; "
        };
        let second = if first == second {
            String::new()
        } else {
            second
        };
        self.text = format!("{first}{apart}{second}");
        self.range.end = self.range.end.max(other.range.end);
        if other.primary {
            (self.primary, self.at) = (true, other.at);
        }
    }
}
