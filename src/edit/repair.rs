//! What fixes are made of: edits of the text of one document, as small as they can be. Comments, line ends, indentation
//! and prefixes stay as they are.
//!
//! Nothing here writes a secret into an edit, for edits are shown: a sensitive value can lose blanks or disappear, but
//! not be written anew.

use super::{
    Base, Content, Splice, Style, end_tag, escaped, indent_at, inherited_declarations, line_end_of,
};
use crate::check::{is_blank, trimmed};
use crate::document::{Document, Element, cut};
use crate::finding::{Edit, Fix, Safety};
use crate::schema::{NameId, name};
use crate::source::Span;

/// The edits of a fix; none if they cannot be made.
pub(crate) type Edits = Option<Vec<Edit>>;

/// Replaces the value of an element, and the blanks around it. Comments inside stay; none if one of them divides the value.
pub(crate) fn set_value(element: Element<'_>, value: &str) -> Edits {
    if element.is_sensitive() || element.has_children() {
        return None;
    }
    let base = base(element);
    let text = escaped(value);
    let parts = match parts(element) {
        parts if parts.is_empty() => {
            let content = element.content_span();
            if !content.is_empty() {
                // Only comments stand there.
                return sorted(vec![base.put(Span::at(content.start), text)]);
            }
            let piece = base.fresh(text, element.span());
            return sorted(vec![base.set_value(element, piece)]);
        }
        parts => parts,
    };
    let source = base.source;
    let is_filled = |part: &&Span| !trimmed(source.slice(**part)).is_empty();
    let mut filled = parts.iter().filter(is_filled);
    // A value of blanks alone is replaced where it begins.
    let place = filled.next().or(parts.first())?;
    if filled.next().is_some() {
        return None;
    }
    let old = source.slice(*place);
    let inner = trimmed(old).strip_prefix(CDATA);
    let is_marked = inner.is_some_and(|inner| inner.find("]]>") == Some(inner.len() - 3));
    let text = match is_marked && !value.contains("]]>") {
        true => format!("{CDATA}{value}]]>"),
        false => text,
    };
    let new = |part: &Span| {
        if part == place {
            text.clone()
        } else {
            String::new()
        }
    };
    let splices = parts.iter().map(|part| base.put(*part, new(part)));
    sorted(splices.filter(|s| !is_nothing(base, s)).collect())
}

const CDATA: &str = "<![CDATA[";

/// Whether a splice puts in what is there already.
fn is_nothing(base: Base<'_, ()>, splice: &Splice<'_, ()>) -> bool {
    let new: String = splice.pieces.iter().map(|p| p.text.as_ref()).collect();
    base.source.slice(splice.span) == new
}

/// The fix that writes a value.
pub(crate) fn write(element: Element<'_>, value: &str, safety: Safety) -> Option<Fix> {
    let title = match value {
        "" => format!("leave {} empty", element.shown_name()),
        value => format!("write {}", cut(value)),
    };
    Fix::new(title, safety, set_value(element, value))
}

/// Takes the blanks around a value away, and leaves the value as it is written.
pub(crate) fn trim(element: Element<'_>) -> Edits {
    let base = base(element);
    let span = element.value_span();
    let text = base.source.slice(span);
    let bare = trimmed(text);
    let strange = |text: &str| text.contains(['<', '\r']) || text.contains("&#");
    if element.has_children() || bare.is_empty() {
        return None;
    }
    // Blanks may stand there as references, in marked sections, or beside comments.
    if strange(text) && (text.contains('<') || trimmed(element.value()) != plain(bare)) {
        return set_value(element, trimmed(element.value()));
    }
    let start = span.start + (text.len() - text.trim_start_matches(is_blank).len()) as u32;
    let end = start + bare.len() as u32;
    let around = [Span::new(span.start, start), Span::new(end, span.end)];
    let splices = around.into_iter().filter(|blanks| !blanks.is_empty());
    sorted(splices.map(|blanks| base.put(blanks, "")).collect())
}

/// A text without references and with line ends as XML reads them; else something that is no value.
fn plain(text: &str) -> String {
    match text.contains('&') {
        true => String::new(),
        false => text.replace("\r\n", "\n").replace('\r', "\n"),
    }
}

/// The parts of what stands in an element that are no comments and no processing instructions.
fn parts(element: Element<'_>) -> Vec<Span> {
    let span = element.value_span();
    let text = element.document().slice(span);
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    let mut push = |from: usize, to: usize| {
        if from < to {
            parts.push(Span::new(span.start + from as u32, span.start + to as u32));
        }
    };
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        let rest = &text[start..];
        let (end, is_text) = match rest {
            _ if rest.starts_with("<!--") => ("-->", false),
            _ if rest.starts_with("<?") => ("?>", false),
            _ => ("]]>", true),
        };
        let length = rest.find(end).map_or(rest.len(), |n| n + end.len());
        at = start + length;
        if !is_text {
            push(from, start);
            from = at;
        }
    }
    push(from, text.len());
    parts
}

/// Gives an element another name, in both tags.
pub(crate) fn rename(element: Element<'_>, name: &str) -> Edits {
    let base = base(element);
    let old = element.name_span();
    let mut splices = vec![base.put(old, name)];
    if let Some(start) = end_tag(element) {
        let prefix = old.start - element.span().start - 1;
        let start = start + prefix;
        splices.push(base.put(Span::new(start, start + old.len()), name));
    }
    sorted(splices)
}

/// Takes elements out, with their lines where they have them for themselves.
pub(crate) fn remove<'d>(elements: impl IntoIterator<Item = Element<'d>>) -> Edits {
    let remove = |element: Element<'d>| base(element).remove(element);
    sorted(elements.into_iter().map(remove).collect())
}

/// Lists with more items are counted by nobody for each of their findings.
const MOST_COUNTED: usize = 256;

/// Takes an element out; an item of a list as [`remove_items`] does, if the list is not very long.
pub(crate) fn remove_item(element: Element<'_>) -> Edits {
    let is_items = |e: &Element<'_>| e.node().known_as == name::ITEMS;
    let list = element.parent().filter(is_items).and_then(Element::parent);
    let is_short = |list: Element<'_>| list.items().take(MOST_COUNTED + 1).count() <= MOST_COUNTED;
    list.is_none_or(is_short)
        .then(|| remove_items(&[element]))
        .flatten()
}

/// Whether two elements say the same: the same names and values in the same order, whatever stands between them.
pub(crate) fn are_equal(one: Element<'_>, other: Element<'_>) -> bool {
    let size = |e: Element<'_>| e.node().end - e.id();
    let depth = |e: Element<'_>, top: Element<'_>| e.node().parent.wrapping_sub(top.id());
    let same = |(a, b): (Element<'_>, Element<'_>)| {
        let inside = a.id() != one.id();
        a.name() == b.name()
            && trimmed(a.value()) == trimmed(b.value())
            && (!inside || depth(a, one) == depth(b, other))
    };
    size(one) == size(other) && one.and_below().zip(other.and_below()).all(same)
}

/// Takes elements out; where they are items of a list that counts them rightly, it counts the others afterwards. An
/// `Items` that would be empty goes with its items.
pub(crate) fn remove_items(elements: &[Element<'_>]) -> Edits {
    let mut changes = Vec::new();
    let mut rest = elements;
    // The items of one list follow each other.
    while let Some(first) = rest.first() {
        let parent = first.parent()?;
        let same = |e: &Element<'_>| e.parent().is_some_and(|p| p.id() == parent.id());
        let count = rest.iter().take_while(|e| same(e)).count();
        let (own, others) = rest.split_at(count);
        rest = others;
        let list = parent
            .parent()
            .filter(|_| parent.node().known_as == name::ITEMS);
        let Some(list) = list else {
            changes.push(remove(own.iter().copied()));
            continue;
        };
        let items = list.items().count();
        changes.push(match items > count {
            true => remove(own.iter().copied()),
            false => remove([parent]),
        });
        let quantity = list.get(name::QUANTITY);
        let is_right = |q: &Element<'_>| trimmed(q.value()).parse() == Ok(items);
        if let Some(quantity) = quantity.filter(is_right) {
            changes.push(set_value(quantity, &(items - count.min(items)).to_string()));
        }
    }
    all(changes)
}

/// Puts a member with this value into a structure, where the schema has it.
pub(crate) fn insert(parent: Element<'_>, name: NameId, value: &str) -> Edits {
    let value = escaped(value);
    let content = Content::Value(name, &value);
    sorted(vec![base(parent).insert(parent, name, &content, &[])])
}

/// Puts a structure with these members into another one, where the schema has it. The values need no escapes.
pub(crate) fn insert_structure(
    parent: Element<'_>,
    name: NameId,
    members: &[(&str, &str)],
) -> Edits {
    let content = Content::Members(name, members);
    sorted(vec![base(parent).insert(parent, name, &content, &[])])
}

/// Takes away what stands around an element that becomes the root: all before and behind it but the XML declaration.
pub(crate) fn unwrap(element: Element<'_>) -> Edits {
    let root = element.document().root();
    let (outer, inner) = (root.span(), element.span());
    let base = base(element);
    let style = Style {
        indent: indent_at(base.source, outer.start).unwrap_or_default(),
        line_end: line_end_of(base.source),
        prefix: "",
        declarations: "",
    };
    let mut splices = base.reindented(element, &style);
    splices.push(base.put(Span::new(outer.start, inner.start), ""));
    splices.push(base.put(Span::new(inner.end, outer.end), ""));
    let declarations = inherited_declarations(element);
    if !declarations.is_empty() {
        splices.push(base.put(Span::at(element.name_span().end), declarations));
    }
    sorted(splices)
}

/// Replaces a part of the text.
pub(crate) fn replace(document: &Document<'_>, span: Span, text: impl Into<String>) -> Edits {
    let base = Base {
        file: (),
        source: document.source(),
    };
    sorted(vec![base.put(span, text)])
}

/// The edits of several changes that are made together.
pub(crate) fn all(changes: impl IntoIterator<Item = Edits>) -> Edits {
    let mut edits: Vec<Edit> = Vec::new();
    for change in changes {
        edits.extend(change?);
    }
    merged(edits)
}

fn base<'d>(element: Element<'d>) -> Base<'d, ()> {
    Base {
        file: (),
        source: element.document().source(),
    }
}

pub(super) fn sorted(splices: Vec<Splice<'_, ()>>) -> Edits {
    let edit = |splice: Splice<'_, ()>| Edit {
        span: splice.span,
        content: splice.pieces.iter().map(|p| p.text.as_ref()).collect(),
    };
    merged(splices.into_iter().map(edit).collect())
}

/// Sorts edits and joins those that touch each other; none if two overlap.
fn merged(mut edits: Vec<Edit>) -> Edits {
    edits.sort_by_key(|edit| edit.span);
    let mut merged: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match merged.last_mut() {
            Some(last) if last.span.end > edit.span.start => return None,
            Some(last) if last.span.end == edit.span.start => {
                last.span.end = edit.span.end;
                last.content.push_str(&edit.content);
            }
            _ => merged.push(edit),
        }
    }
    Some(merged)
}
