//! A document as a small tree that knows its schema, and how it is written.

use std::fmt::Write as _;

use cloudfront_lint::schema::{ApiVersion, Member, Shape, ShapeId};

use super::{CLOSE, OPEN};

/// One element. Marks may stand in its name and in its text; the end tag has none.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) content: Content,
    /// Its type, that of the item in a flattened list; none where the schema has no such element.
    pub(crate) shape: Option<ShapeId>,
    /// The member of the structure around it; none for the root and for items.
    pub(crate) member: Option<&'static Member>,
    /// What stands in the start tag behind the name.
    pub(crate) attribute: Option<String>,
    /// Text before the child of this index.
    pub(crate) stray: Option<(usize, String)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Text(String),
    Children(Vec<Node>),
    /// XML that stands in place of the whole element.
    Raw(String),
}

/// How a tree is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// Each element on a line of its own, indented.
    pub(crate) pretty: bool,
    /// The prefix of all names; empty for the default namespace.
    pub(crate) prefix: &'static str,
}

impl Layout {
    pub(crate) const PRETTY: Layout = Layout {
        pretty: true,
        prefix: "",
    };
    pub(crate) const ONE_LINE: Layout = Layout {
        pretty: false,
        prefix: "",
    };
    pub(crate) const PREFIXED: Layout = Layout {
        pretty: true,
        prefix: "cf:",
    };
}

impl Node {
    pub(crate) fn new(name: &str, content: Content) -> Node {
        Node {
            name: name.to_owned(),
            content,
            shape: None,
            member: None,
            attribute: None,
            stray: None,
        }
    }

    /// The type; none where the schema has no such element.
    pub(crate) fn kind(&self) -> Option<&'static Shape> {
        self.shape.map(ShapeId::shape)
    }

    pub(crate) fn children(&self) -> &[Node] {
        match &self.content {
            Content::Children(children) => children,
            _ => &[],
        }
    }

    /// The children, to change them; an element with text loses it.
    pub(crate) fn children_mut(&mut self) -> &mut Vec<Node> {
        if !matches!(self.content, Content::Children(_)) {
            self.content = Content::Children(Vec::new());
        }
        match &mut self.content {
            Content::Children(children) => children,
            _ => unreachable!(),
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Node> {
        self.children().iter().find(|c| bare(&c.name) == name)
    }

    /// The element at a path of indexes.
    pub(crate) fn at(&self, place: &[usize]) -> &Node {
        place.iter().fold(self, |node, i| &node.children()[*i])
    }

    pub(crate) fn at_mut(&mut self, place: &[usize]) -> &mut Node {
        place
            .iter()
            .fold(self, |node, i| &mut node.children_mut()[*i])
    }

    /// The places of all elements for which `wanted` holds, in document order.
    pub(crate) fn places(&self, wanted: impl Fn(&Node) -> bool) -> Vec<Vec<usize>> {
        let mut found = Vec::new();
        let mut open = vec![(self, Vec::new())];
        while let Some((node, place)) = open.pop() {
            if wanted(node) {
                found.push(place.clone());
            }
            for (i, child) in node.children().iter().enumerate().rev() {
                let mut place = place.clone();
                place.push(i);
                open.push((child, place));
            }
        }
        found
    }

    /// The path of names that findings give, by the schema alone.
    pub(crate) fn path(&self, place: &[usize]) -> String {
        let mut path = format!("/{}", bare(&self.name));
        let mut node = self;
        for &index in place {
            let child = &node.children()[index];
            let _ = write!(path, "/{}", bare(&child.name));
            if let Some(position) = node.position_of(index) {
                match child.identity() {
                    Some((key, value)) => {
                        let _ = write!(path, "[{key}={value}]");
                    }
                    None => {
                        let _ = write!(path, "[{position}]");
                    }
                }
            }
            node = child;
        }
        path
    }

    /// From 1, for an item of a list.
    fn position_of(&self, index: usize) -> Option<usize> {
        let child = &self.children()[index];
        if self.kind().is_some_and(|s| s.item().is_some()) {
            // A foreign element is no item.
            let items = self.children()[..=index]
                .iter()
                .filter(|c| c.shape.is_some());
            return child.shape.and(Some(items.count()));
        }
        // An item whose Items is missing keeps its place among its like.
        let is_item = child.member.is_none() && child.shape.is_some();
        (is_item || child.is_flattened_item()).then(|| {
            let before = &self.children()[..=index];
            before
                .iter()
                .filter(|c| bare(&c.name) == bare(&child.name))
                .count()
        })
    }

    /// Whether it repeats under its name in a structure instead of standing in a list.
    pub(crate) fn is_flattened_item(&self) -> bool {
        self.member
            .is_some_and(|m| m.shapes.iter().any(|(_, s)| s.shape().is_flattened()))
    }

    /// The member that names an item, and its value.
    fn identity(&self) -> Option<(&'static str, String)> {
        let key = self.kind()?.key?;
        let child = self.child(key)?;
        let secret = child.member.is_some_and(|m| m.sensitive) || child.kind()?.sensitive;
        let value = bare(child.text().unwrap_or_default());
        let plain = !secret && !value.is_empty() && value.len() <= 120;
        (plain && !value.chars().any(char::is_control)).then_some((key, value))
    }

    /// The document with this root.
    pub(crate) fn write(&self, version: ApiVersion, layout: Layout) -> String {
        let mut out = String::new();
        let namespace = match layout.prefix.strip_suffix(':') {
            Some(prefix) => format!(" xmlns:{prefix}=\"{}\"", version.namespace()),
            None => format!(" xmlns=\"{}\"", version.namespace()),
        };
        self.write_to(&mut out, layout, 0, &namespace);
        out.push('\n');
        out
    }

    fn write_to(&self, out: &mut String, layout: Layout, depth: usize, namespace: &str) {
        if let Content::Raw(xml) = &self.content {
            out.push_str(xml);
            return;
        }
        let prefix = layout.prefix;
        let attribute = self.attribute.as_deref().unwrap_or_default();
        let _ = write!(out, "<{prefix}{}{namespace}{attribute}", self.name);
        match &self.content {
            Content::Text(text) if text.is_empty() => out.push_str("/>"),
            Content::Text(text) => {
                let _ = write!(out, ">{}</{prefix}{}>", escaped(text), bare(&self.name));
            }
            Content::Children(children) => {
                let line = |out: &mut String, depth: usize| {
                    if layout.pretty {
                        out.push('\n');
                        out.push_str(&"  ".repeat(depth));
                    }
                };
                out.push('>');
                for (i, child) in children.iter().enumerate() {
                    line(out, depth + 1);
                    if let Some((_, text)) = self.stray.as_ref().filter(|(at, _)| *at == i) {
                        out.push_str(text);
                        line(out, depth + 1);
                    }
                    child.write_to(out, layout, depth + 1, "");
                }
                line(out, depth);
                if let Some((_, text)) = self.stray.as_ref().filter(|(at, _)| *at == children.len())
                {
                    out.push_str(text);
                    line(out, depth);
                }
                let _ = write!(out, "</{prefix}{}>", bare(&self.name));
            }
            Content::Raw(_) => {}
        }
    }
}

/// Without marks.
fn bare(text: &str) -> String {
    text.replace([OPEN, CLOSE], "")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
