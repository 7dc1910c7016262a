//! What fixes do to lists.

use super::repair::{self, Edits};
use super::{Base, Content, end_tag, indent_at, line_end_of, prefix};
use crate::check::is_blank;
use crate::document::Element;
use crate::finding::Edit;
use crate::schema::{Shape, name};
use crate::source::Span;

/// Names all items of a list as the schema does. None if one cannot be an item, whatever its name is.
pub(crate) fn rename_items(list: Element<'_>, item: &str) -> Edits {
    let items = || list.children().filter(|child| child.node().position > 0);
    let fits = |element: Element<'_>| {
        let is_scalar = element.shape().is_some_and(Shape::is_scalar);
        !(is_scalar && element.has_children())
    };
    match items().all(fits) {
        true => repair::all(
            items()
                .filter(|e| e.name() != item)
                .map(|e| repair::rename(e, item)),
        ),
        false => None,
    }
}

/// Puts `Items` around `count` items that stand directly in their structure. None if something else stands among them.
pub(crate) fn wrap_items(first: Element<'_>, count: u32) -> Edits {
    let items: Vec<Element<'_>> = first.and_following().take(count as usize).collect();
    let last = items.last()?;
    let has_items = first.parent()?.get(name::ITEMS).is_some();
    if has_items || items.len() < count as usize || items.iter().any(|e| e.node().position == 0) {
        return None;
    }
    let source = first.document().source();
    let (start, end) = (first.span().start, last.span().end);
    let tag = format!("{}Items", prefix(first));
    let Some(indent) = indent_at(source, start) else {
        return Some(vec![
            put(start, format!("<{tag}>")),
            put(end, format!("</{tag}>")),
        ]);
    };
    let line_end = line_end_of(source);
    let step = step(first.parent()?, indent);
    let mut edits = vec![put(start, format!("<{tag}>{line_end}{indent}{step}"))];
    for element in items.iter().flat_map(|item| item.and_below()) {
        // The end tag is found by its name, behind `</`.
        let tags = [
            Some(element.span().start),
            end_tag(element).map(|at| at - 2),
        ];
        for at in tags.into_iter().flatten().filter(|at| *at != start) {
            if let Some(before) = indent_at(source, at) {
                edits.push(put(at - before.len() as u32, step.to_owned()));
            }
        }
    }
    edits.push(put(end, format!("{line_end}{indent}</{tag}>")));
    edits.sort_by_key(|edit| edit.span);
    Some(edits)
}

/// Puts a tag pair around the value of an element, without the blanks around it.
pub(crate) fn wrap_value(element: Element<'_>, item: &str) -> Edits {
    let span = element.value_span();
    let text = element.document().slice(span);
    let value = text.trim_matches(is_blank);
    if value.is_empty() || value.contains('<') {
        return None;
    }
    let before = text.len() - text.trim_start_matches(is_blank).len();
    let start = span.start + before as u32;
    let tag = format!("{}{item}", prefix(element));
    let end = start + value.len() as u32;
    Some(vec![
        put(start, format!("<{tag}>")),
        put(end, format!("</{tag}>")),
    ])
}

/// Puts members of the older document into a structure, where the schema has them. None if secrets are among them, for
/// edits are shown.
pub(crate) fn copy_members(parent: Element<'_>, older: &[Element<'_>]) -> Edits {
    let members = parent.shape()?.members();
    let place = |e: &Element<'_>| members.iter().position(|m| m.id == e.node().known_as);
    let mut older = older.to_vec();
    older.sort_by_key(place);
    let is_secret = |e: &Element<'_>| e.and_below().any(Element::is_sensitive);
    if older.is_empty() || older.iter().any(|e| is_secret(e) || place(e).is_none()) {
        return None;
    }
    let base = |source| Base { file: (), source };
    let splices = older.into_iter().map(|member| {
        let content = Content::Element(base(member.document().source()), member);
        base(parent.document().source()).insert(parent, member.node().known_as, &content, &[])
    });
    repair::sorted(splices.collect())
}

/// By how much more an element is indented than the one around it.
fn step<'s>(parent: Element<'s>, indent: &'s str) -> &'s str {
    let outer = indent_at(parent.document().source(), parent.span().start);
    match outer.and_then(|outer| indent.strip_prefix(outer)) {
        Some(step) if !step.is_empty() => step,
        _ if parent.parent().is_none() && !indent.is_empty() => indent,
        _ => "  ",
    }
}

fn put(at: u32, content: String) -> Edit {
    Edit {
        span: Span::at(at),
        content,
    }
}
