//! Edits of a text: some of it is replaced, removed or inserted, and all else stays byte for byte as it was.
//!
//! A change is a list of [`Splice`]s. What they put in may be new, or taken from a document; [`weave`] keeps book of
//! where each piece is from, so that a place in the new text leads back to the file in which somebody wrote it. The
//! fixes of rules are made in [`repair`], of the same splices.

pub(crate) mod lists;
pub(crate) mod repair;

use std::borrow::Cow;

use crate::document::Element;
use crate::schema::{NameId, Shape};
use crate::source::{Source, Span};

/// A piece of a text, and where it is from.
#[derive(Clone, Debug)]
pub(crate) struct Piece<'s, F> {
    text: Cow<'s, str>,
    origin: Origin<F>,
}

/// Where a piece is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin<F> {
    /// The file.
    pub(crate) file: F,
    /// The text there; for a new text what it replaces, or where it was put in.
    pub(crate) span: Span,
    /// It is the very text there.
    verbatim: bool,
}

/// Puts pieces in the place of a part of a text.
#[derive(Clone, Debug)]
pub(crate) struct Splice<'s, F> {
    /// What is replaced.
    pub(crate) span: Span,
    /// By what.
    pub(crate) pieces: Vec<Piece<'s, F>>,
}

/// The text of a document, with a name for its file.
#[derive(Clone, Copy)]
pub(crate) struct Base<'s, F> {
    pub(crate) file: F,
    pub(crate) source: &'s Source,
}

impl<'s, F: Copy + PartialEq> Base<'s, F> {
    /// A part of its text.
    pub(crate) fn taken(self, span: Span) -> Piece<'s, F> {
        Piece {
            text: self.source.slice(span).into(),
            origin: Origin {
                file: self.file,
                span,
                verbatim: true,
            },
        }
    }

    /// A new text, which a person who asks for its place is shown at `span`.
    pub(crate) fn fresh(self, text: impl Into<String>, span: Span) -> Piece<'s, F> {
        Piece {
            text: text.into().into(),
            origin: Origin {
                file: self.file,
                span,
                verbatim: false,
            },
        }
    }

    /// Puts a new text in the place of an old one.
    pub(crate) fn put(self, span: Span, text: impl Into<String>) -> Splice<'s, F> {
        Splice {
            span,
            pieces: vec![self.fresh(text, span)],
        }
    }

    /// A part of its text with changes, as pieces; none if two changes overlap, or one does not lie in the part.
    pub(crate) fn changed(
        self,
        part: Span,
        mut splices: Vec<Splice<'s, F>>,
    ) -> Option<Vec<Piece<'s, F>>> {
        splices.sort_by_key(|splice| splice.span);
        let mut pieces = Vec::with_capacity(2 * splices.len() + 1);
        let mut at = part.start;
        for splice in splices {
            if splice.span.start < at || splice.span.end > part.end {
                return None;
            }
            pieces.push(self.taken(Span::new(at, splice.span.start)));
            at = splice.span.end;
            pieces.extend(splice.pieces);
        }
        pieces.push(self.taken(Span::new(at, part.end)));
        Some(pieces)
    }

    /// The whole text with changes; none if two of them overlap.
    pub(crate) fn weave(self, splices: Vec<Splice<'s, F>>) -> Option<Woven<F>> {
        let all = Span::new(0, self.source.text().len() as u32);
        Some(Woven::of(self.changed(all, splices)?))
    }
}

/// A text that was put together from pieces.
#[derive(Clone, Debug)]
pub(crate) struct Woven<F> {
    pub(crate) text: String,
    /// Where each piece begins, and its origin. Sorted.
    pieces: Vec<(u32, Origin<F>)>,
}

impl<F: Copy + PartialEq> Woven<F> {
    fn of(pieces: Vec<Piece<'_, F>>) -> Woven<F> {
        let mut text = String::with_capacity(pieces.iter().map(|piece| piece.text.len()).sum());
        let mut origins = Vec::with_capacity(pieces.len());
        for piece in pieces.iter().filter(|piece| !piece.text.is_empty()) {
            origins.push((text.len() as u32, piece.origin));
            text.push_str(&piece.text);
        }
        Woven {
            text,
            pieces: origins,
        }
    }

    /// Where a part of the text is from: the file of its first character, and as much of the part as is from there.
    pub(crate) fn origin(&self, span: Span) -> Option<(F, Span)> {
        let (at, first) = self.piece(span.start)?;
        let start = match first.verbatim {
            true => (first.span.start + (span.start - at)).min(first.span.end),
            false => first.span.start,
        };
        let (last_at, last) = self.piece(span.end.saturating_sub(1).max(span.start))?;
        let end = match (last.file == first.file, last.verbatim) {
            (false, _) => first.span.end,
            (true, true) => (last.span.start + (span.end - last_at)).min(last.span.end),
            (true, false) => last.span.end,
        };
        Some((first.file, Span::new(start, end.max(start))))
    }

    /// The piece that holds a byte, and where it begins.
    fn piece(&self, at: u32) -> Option<(u32, Origin<F>)> {
        let after = self.pieces.partition_point(|(start, _)| *start <= at);
        self.pieces.get(after.checked_sub(1)?).copied()
    }
}

/// What goes into an element that is put in.
pub(crate) enum Content<'d, 's, F> {
    /// An element with this name and this text, which needs no escapes.
    Value(NameId, &'s str),
    /// An element with this name and these members, each with its text, which needs no escapes.
    Members(NameId, &'s [(&'s str, &'s str)]),
    /// An element of another document, of the same name.
    Element(Base<'s, F>, Element<'d>),
}

impl<'s, F: Copy + PartialEq> Base<'s, F> {
    /// Writes another text between the tags of an element.
    pub(crate) fn set_value(self, element: Element<'_>, value: Piece<'s, F>) -> Splice<'s, F> {
        self.opened(element, vec![value])
            .unwrap_or_else(|value| Splice {
                span: element.content_span(),
                pieces: value,
            })
    }

    /// Gives an element that has no end tag one, and content before it. One that has an end tag gives the content back.
    fn opened(
        self,
        element: Element<'_>,
        content: Vec<Piece<'s, F>>,
    ) -> Result<Splice<'s, F>, Vec<Piece<'s, F>>> {
        let whole = element.span();
        let Some(open) = self.source.slice(whole).strip_suffix("/>") else {
            return Err(content);
        };
        let start = whole.start + open.trim_end().len() as u32;
        let span = Span::new(start, whole.end);
        let end_tag = format!("</{}{}>", prefix(element), element.name());
        let mut pieces = vec![self.fresh(">", span)];
        pieces.extend(content);
        pieces.push(self.fresh(end_tag, span));
        Ok(Splice { span, pieces })
    }

    /// Takes an element out, and its lines with it if it has them for itself.
    pub(crate) fn remove(self, element: Element<'_>) -> Splice<'s, F> {
        let span = element.span();
        let text = self.source.text();
        let after = text.get(span.end as usize..).unwrap_or_default();
        let rest = after.trim_start_matches([' ', '\t']);
        let line_end = rest
            .strip_prefix("\r\n")
            .or_else(|| rest.strip_prefix('\n'))
            .map(|next| (text.len() - next.len()) as u32);
        let indent = indent_at(self.source, span.start);
        let span = match (indent, line_end) {
            (Some(indent), Some(end)) => Span::new(span.start - indent.len() as u32, end),
            _ => span,
        };
        Splice {
            span,
            pieces: Vec::new(),
        }
    }

    /// Puts an element of another document in the place of one of the same name.
    pub(crate) fn replace(
        self,
        element: Element<'_>,
        by: Base<'s, F>,
        other: Element<'_>,
    ) -> Splice<'s, F> {
        let indent = indent_at(self.source, element.span().start);
        let style = Style {
            indent: indent.unwrap_or_default(),
            line_end: line_end_of(self.source),
            prefix: prefix(element),
            declarations: "",
        };
        Splice {
            span: element.span(),
            pieces: by.restyled(other, &style),
        }
    }

    /// Puts an element into another where the schema has it: behind the last of those that come before it there. It
    /// gets a line of its own if its neighbour has one, which is none of those that are to be removed; without a
    /// neighbour, if the tags of the other stand in different lines.
    pub(crate) fn insert(
        self,
        parent: Element<'_>,
        name: NameId,
        content: &Content<'_, 's, F>,
        removed: &[Element<'_>],
    ) -> Splice<'s, F> {
        let neighbour = neighbour(parent, name, removed);
        let Spot { at, line } = spot(self.source, parent, neighbour);
        // What is taken from another document may have lines of its own.
        let line_end = match (&line, content) {
            (Some(line), _) => line.end,
            (None, Content::Element(..)) => line_end_of(self.source),
            (None, _) => "\n",
        };
        let indent = line.as_ref().map(|line| &*line.indent);
        let style = Style {
            indent: indent.unwrap_or_default(),
            line_end,
            prefix: prefix(parent),
            declarations: "",
        };
        let here = Span::at(at);
        let mut pieces = match content {
            Content::Value(name, value) => {
                let tag = format!("{}{}", style.prefix, name.name());
                vec![self.fresh(format!("<{tag}>{value}</{tag}>"), here)]
            }
            Content::Members(name, members) => {
                let inner = indent.map(|indent| inner_line(parent, indent, line_end));
                vec![self.fresh(structure(*name, members, &style, inner.as_deref()), here)]
            }
            Content::Element(from, element) => from.restyled(*element, &style),
        };
        if let Neighbour::None = neighbour {
            pieces = match self.opened(parent, pieces) {
                Ok(splice) => return splice,
                Err(pieces) => pieces,
            };
        }
        let blank = indent.map(|indent| self.fresh(format!("{line_end}{indent}"), here));
        match neighbour {
            Neighbour::Behind(_) => pieces.extend(blank),
            _ => pieces.splice(0..0, blank).for_each(drop),
        }
        Splice { span: here, pieces }
    }

    /// An element and nothing else of its document, at the beginning of a line and with the namespaces that hold in it.
    pub(crate) fn alone(self, element: Element<'_>) -> Vec<Piece<'s, F>> {
        let declarations = inherited_declarations(element);
        let style = Style {
            indent: "",
            line_end: line_end_of(self.source),
            prefix: prefix(element),
            declarations: &declarations,
        };
        self.restyled(element, &style)
    }

    /// An element as it would be written in another place.
    fn restyled(self, element: Element<'_>, style: &Style<'_>) -> Vec<Piece<'s, F>> {
        let mut splices = self.reindented(element, style);
        let old = prefix(element);
        let below = element.and_below();
        for element in below.filter(|e| old != style.prefix && prefix(*e) == old) {
            splices.extend(self.with_prefix(element, style.prefix));
        }
        if !style.declarations.is_empty() {
            splices.push(self.put(Span::at(element.name_span().end), style.declarations));
        }
        let whole = self.changed(element.span(), splices);
        // The changes are of blanks between elements, and of names: they do not overlap.
        whole.unwrap_or_else(|| vec![self.taken(element.span())])
    }

    /// Changes the line breaks between elements, and the blanks behind them.
    fn reindented(self, element: Element<'_>, style: &Style<'_>) -> Vec<Splice<'s, F>> {
        let span = element.span();
        let old = indent_at(self.source, span.start).unwrap_or_default();
        if old == style.indent && line_end_of(self.source) == style.line_end {
            return Vec::new();
        }
        let text = self.source.slice(span).as_bytes();
        let mut values = element
            .and_below()
            .filter(|e| !e.has_children() && !e.value().is_empty())
            .map(Element::span)
            .peekable();
        let mut splices = Vec::new();
        for at in memchr::memchr_iter(b'\n', text) {
            let place = span.start + at as u32;
            while values.next_if(|value| value.end <= place).is_some() {}
            // A line break in a value belongs to the value.
            if values.peek().is_some_and(|value| value.contains(place)) {
                continue;
            }
            let start = at - usize::from(at > 0 && text[at - 1] == b'\r');
            let behind = &text[at + 1..];
            let had = if behind.starts_with(old.as_bytes()) {
                old.len()
            } else {
                0
            };
            let blank = matches!(behind.get(had), Some(b'\r' | b'\n'));
            let indent = if blank { "" } else { style.indent };
            let line = Span::new(span.start + start as u32, place + 1 + had as u32);
            splices.push(self.put(line, format!("{}{indent}", style.line_end)));
        }
        splices
    }

    /// Changes the prefix in the tags of an element.
    fn with_prefix(self, element: Element<'_>, prefix: &str) -> Vec<Splice<'s, F>> {
        let old = Span::new(element.span().start + 1, element.name_span().start);
        let mut splices = vec![self.put(old, prefix)];
        if let Some(start) = end_tag(element) {
            splices.push(self.put(Span::new(start, start + old.len()), prefix));
        }
        splices
    }
}

/// Where the name in the end tag begins, its prefix first; none without an end tag.
fn end_tag(element: Element<'_>) -> Option<u32> {
    let span = element.span();
    let text = element.document().slice(span);
    let end = text.rfind("</").filter(|_| !text.ends_with("/>"))?;
    Some(span.start + end as u32 + 2)
}

/// An element with members; each on a line of its own if it is known how such a line begins.
fn structure(
    name: NameId,
    members: &[(&str, &str)],
    style: &Style<'_>,
    line: Option<&str>,
) -> String {
    let (prefix, name) = (style.prefix, name.name());
    let mut text = format!("<{prefix}{name}>");
    for (member, value) in members {
        text.push_str(line.unwrap_or_default());
        text.push_str(&format!("<{prefix}{member}>{value}</{prefix}{member}>"));
    }
    if line.is_some() {
        text.push_str(style.line_end);
        text.push_str(style.indent);
    }
    text.push_str(&format!("</{prefix}{name}>"));
    text
}

/// A line end and the blanks before what stands one level deeper than a child of `parent` with this indentation.
fn inner_line(parent: Element<'_>, indent: &str, line_end: &str) -> String {
    let outer = indent_at(parent.document().source(), parent.span().start).unwrap_or_default();
    let step = indent.strip_prefix(outer).unwrap_or_default();
    let step = if step.is_empty() { "  " } else { step };
    format!("{line_end}{indent}{step}")
}

/// A text as it stands in a document between tags.
pub(crate) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('\r', "&#13;")
}

/// How an element is written.
struct Style<'a> {
    /// Blanks before each of its lines.
    indent: &'a str,
    line_end: &'a str,
    /// With the colon.
    prefix: &'a str,
    /// Put into its start tag.
    declarations: &'a str,
}

/// Beside what an element is put in.
#[derive(Clone, Copy)]
enum Neighbour<'d> {
    /// It stands before the new one.
    Before(Element<'d>),
    /// It stands behind the new one.
    Behind(Element<'d>),
    None,
}

fn neighbour<'d>(parent: Element<'d>, name: NameId, removed: &[Element<'_>]) -> Neighbour<'d> {
    let members = parent.shape().map_or(&[][..], Shape::members);
    let place = |id: NameId| members.iter().position(|member| member.id == id);
    let own = place(name).unwrap_or(members.len());
    let stays = |child: &Element<'_>| !removed.iter().any(|gone| gone.id() == child.id());
    let mut children = parent.children().filter(stays);
    let before = children
        .clone()
        .filter_map(|child| Some((place(child.node().known_as)?, child)))
        .filter(|(place, _)| *place < own)
        .max_by_key(|(place, child)| (*place, child.id()));
    match (before, children.next()) {
        (Some((_, before)), _) => Neighbour::Before(before),
        (None, Some(first)) => Neighbour::Behind(first),
        (None, None) => Neighbour::None,
    }
}

/// Where an element is put in.
struct Spot<'s> {
    at: u32,
    /// The line that it gets for itself.
    line: Option<Line<'s>>,
}

/// How a line is set off from the one above.
struct Line<'s> {
    /// The end of the line above.
    end: &'static str,
    indent: Cow<'s, str>,
}

fn spot<'s>(source: &'s Source, parent: Element<'_>, neighbour: Neighbour<'_>) -> Spot<'s> {
    let (Neighbour::Before(beside) | Neighbour::Behind(beside)) = neighbour else {
        let at = parent.content_span().start;
        let line = first_line(source, parent);
        return Spot { at, line };
    };
    let span = beside.span();
    let line = indent_at(source, span.start).map(|indent| Line {
        end: line_end_above(source, indent, span.start),
        indent: indent.into(),
    });
    let at = match (neighbour, &line) {
        (Neighbour::Behind(_), _) => span.start,
        (_, Some(_)) => end_of_line(source, span.end),
        (_, None) => span.end,
    };
    Spot { at, line }
}

/// The line behind the start tag of an element that has no children, but an end tag in another line.
fn first_line<'s>(source: &'s Source, element: Element<'_>) -> Option<Line<'s>> {
    let outer = indent_at(source, element.span().start)?;
    let content = source.slice(element.content_span());
    let end = match content.trim_start_matches([' ', '\t']) {
        rest if rest.starts_with("\r\n") => "\r\n",
        rest if rest.starts_with('\n') => "\n",
        _ => return None,
    };
    let indent = match element.parent() {
        Some(parent) => inner_line(parent, outer, ""),
        None => format!("{outer}  "),
    };
    Some(Line {
        end,
        indent: indent.into(),
    })
}

/// The prefix of an element's name, with the colon.
fn prefix(element: Element<'_>) -> &str {
    let span = Span::new(element.span().start + 1, element.name_span().start);
    element.document().slice(span)
}

/// The blanks before a place, if nothing else stands before it in its line.
fn indent_at(source: &Source, at: u32) -> Option<&str> {
    let before = source.text().get(..at as usize)?;
    // The whole text may be one line: no more of it is looked at than the blanks.
    let rest = before.trim_end_matches([' ', '\t']);
    rest.ends_with('\n')
        .then(|| before.get(rest.len()..))
        .flatten()
}

/// How the line ends above one that begins with these blanks.
fn line_end_above(source: &Source, indent: &str, at: u32) -> &'static str {
    let start = (at as usize).saturating_sub(indent.len());
    let before = source.text().get(..start).unwrap_or_default();
    match before.ends_with("\r\n") {
        true => "\r\n",
        false => "\n",
    }
}

/// The end of the line, if only blanks and comments stand before it; else the place itself.
fn end_of_line(source: &Source, at: u32) -> u32 {
    let mut rest = source.text().get(at as usize..).unwrap_or_default();
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t']);
        if trimmed.is_empty() || trimmed.starts_with(['\r', '\n']) {
            return (source.text().len() - trimmed.len()) as u32;
        }
        let comment = trimmed
            .strip_prefix("<!--")
            .and_then(|c| c.split_once("-->"));
        match comment.filter(|(comment, _)| !comment.contains('\n')) {
            Some((_, behind)) => rest = behind,
            None => return at,
        }
    }
}

/// How the lines of a text end, as the first one does.
fn line_end_of(source: &Source) -> &'static str {
    // The lines are looked for once, however many ask.
    let first = source.line_span(1).end as usize;
    match source.text().get(first..) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        _ => "\n",
    }
}

/// The namespace declarations of the elements around one, without those that it makes itself, each after a blank.
fn inherited_declarations(element: Element<'_>) -> String {
    let mut known: Vec<&str> = declarations(element).map(|(name, _)| name).collect();
    let mut inherited = String::new();
    let mut around = element.parent();
    while let Some(parent) = around {
        for (name, whole) in declarations(parent) {
            if !known.contains(&name) {
                known.push(name);
                inherited.push(' ');
                inherited.push_str(whole);
            }
        }
        around = parent.parent();
    }
    inherited
}

/// The namespace declarations in a start tag: their names, and all of each.
fn declarations(element: Element<'_>) -> impl Iterator<Item = (&str, &str)> {
    let end = match element.content_span().start {
        start if start > element.name_span().end => start,
        _ => element.span().end,
    };
    let span = Span::new(element.name_span().end, end);
    let mut rest = element.document().slice(span);
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let (name, behind) = rest.split_once('=')?;
        let value = behind.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let end = value.get(1..)?.find(quote)? + 2;
        let after = value.get(end..)?;
        let whole = &rest[..rest.len() - after.len()];
        rest = after;
        Some((name.trim_end(), whole))
    })
    .filter(|(name, _)| *name == "xmlns" || name.starts_with("xmlns:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn woven(edits: &[(u32, u32, &str)]) -> Option<Woven<()>> {
        let source = Source::from_bytes("a.xml", b"0123456789".to_vec());
        let base = Base {
            file: (),
            source: &source,
        };
        let splices = edits
            .iter()
            .map(|(start, end, text)| base.put(Span::new(*start, *end), *text));
        base.weave(splices.collect())
    }

    #[test]
    fn changes_come_in_any_order_and_do_not_overlap() {
        let woven_text = |edits| woven(edits).map(|woven| woven.text);
        assert_eq!(
            woven_text(&[(8, 9, "x"), (2, 4, "")]).as_deref(),
            Some("014567x9")
        );
        // Two texts at one place stand in the order in which they were given.
        assert_eq!(
            woven_text(&[(1, 1, "a"), (1, 1, "b"), (1, 2, "c")]).as_deref(),
            Some("0abc23456789")
        );
        assert_eq!(woven_text(&[(2, 5, "x"), (4, 6, "y")]), None);
        assert_eq!(woven_text(&[(9, 12, "x")]), None);
        assert_eq!(woven_text(&[]).as_deref(), Some("0123456789"));
    }

    #[test]
    fn a_place_leads_back() {
        let woven = woven(&[(2, 4, "new"), (6, 8, "")]).unwrap();
        assert_eq!(woven.text, "01new4589");
        let origin = |start, end| woven.origin(Span::new(start, end)).unwrap().1;
        assert_eq!(origin(0, 2), Span::new(0, 2));
        assert_eq!(origin(5, 7), Span::new(4, 6));
        // What is new stands where it was put, whole.
        assert_eq!(origin(3, 4), Span::new(2, 4));
        assert_eq!(origin(1, 6), Span::new(1, 5));
        assert_eq!(origin(6, 8), Span::new(5, 9));
    }
}
