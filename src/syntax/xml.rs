//! The tree builder: the only file that knows roxmltree.

use std::borrow::Cow;

use roxmltree::{ExpandedName, Node as XmlNode, ParsingOptions, StringStorage};

use crate::check::is_all_blank;
use crate::document::{Attribute, Document, NONE, Node, StrayText};
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::NameId;
use crate::source::{Source, Span};

/// Builds the arena from text that the scan accepted.
///
/// `elements` says for how many there should be room.
pub(super) fn build(source: &Source, elements: usize) -> Result<Document<'_>, Box<Finding>> {
    let options = ParsingOptions {
        allow_dtd: false,
        ..ParsingOptions::default()
    };
    // Before the tree, whose memory can then grow where it is.
    let mut builder = Builder::new(source, elements);
    let tree = roxmltree::Document::parse_with_options(source.text(), options)
        .map_err(|error| Box::new(rejected(source, &error)))?;
    for node in tree.descendants() {
        // To ask for the name is one branch. To ask for the type is a table of jumps, which are guessed wrong more often.
        let tag = node.tag_name();
        if !tag.name().is_empty() {
            builder.element(node, tag);
        } else if node.is_text() {
            builder.text(node);
        }
    }
    Ok(builder.finish())
}

/// What roxmltree refuses although the scan let it pass: mostly namespaces.
fn rejected(source: &Source, error: &roxmltree::Error) -> Finding {
    let position = error.pos();
    let line = source.line_span(position.row);
    let column = (position.col as usize).saturating_sub(1);
    let text = source.slice(line);
    let offset = text
        .char_indices()
        .nth(column)
        .map_or(text.len(), |(i, _)| i);
    let start = line.start + offset as u32;
    let length = text[offset..]
        .chars()
        .next()
        .map_or(0, |c| c.len_utf8() as u32);
    let message = match error {
        roxmltree::Error::UnknownNamespace(prefix, _) => {
            format!("the prefix {prefix}: is not declared")
        }
        roxmltree::Error::DuplicatedNamespace(prefix, _) => {
            format!("the prefix {prefix}: is declared twice")
        }
        roxmltree::Error::DuplicatedAttribute(name, _) => {
            format!("the attribute {name} stands twice")
        }
        other => format!("not well-formed XML: {other}"),
    };
    Finding::new(id::MALFORMED_XML, Span::new(start, start + length), message)
}

struct Builder<'s> {
    document: Document<'s>,
    /// The innermost element whose end tag was not met yet. While it is open, `Node::end` is its last child so far.
    open: u32,
    /// The namespace seen last, by address: nearly always the next one too.
    last_namespace: (usize, u16),
    /// The pieces of the value read last, if comments or processing instructions split it.
    pieces: Vec<Span>,
}

impl<'s> Builder<'s> {
    fn new(source: &'s Source, elements: usize) -> Builder<'s> {
        // One for "none"; hardly any document has two more.
        let mut namespaces = Vec::with_capacity(2);
        namespaces.push(Cow::Borrowed(""));
        let document = Document {
            source,
            text: source.text(),
            marks: has_marks(source.text()),
            placeholders: Default::default(),
            nodes: Vec::with_capacity(elements),
            owned: Vec::new(),
            namespaces,
            attributes: Vec::new(),
            stray: Vec::new(),
            comments: Vec::new(),
            namespace_span: None,
            recognised: None,
            payload: 0,
            for_tenants: false,
            connection_mode: NONE,
        };
        Builder {
            document,
            open: NONE,
            last_namespace: (0, 0),
            pieces: Vec::new(),
        }
    }

    /// Leaves the elements that end before `start`; returns the one around it.
    fn leave(&mut self, start: u32) -> Option<u32> {
        let count = self.document.nodes.len() as u32;
        while let Some(node) = self.document.nodes.get_mut(self.open as usize) {
            if node.span.end > start {
                return Some(self.open);
            }
            node.end = count;
            self.open = node.parent;
        }
        None
    }

    fn element(&mut self, xml: XmlNode<'_, 's>, tag: ExpandedName<'_, 's>) {
        let range = xml.range();
        let span = Span::new(range.start as u32, range.end as u32);
        let id = self.document.nodes.len() as u32;
        let mut parent = NONE;
        if let Some(around) = self.leave(span.start) {
            parent = around;
            let last_child = &mut self.document.nodes[parent as usize].end;
            match std::mem::replace(last_child, id) {
                NONE => self.value_becomes_stray(parent),
                before => self.document.nodes[before as usize].next = id,
            }
        }
        let name = tag.name();
        let namespace = self.namespace(tag.namespace());
        self.document.nodes.push(Node {
            span,
            name: Span::of(name, self.document.text),
            written: &name[name.len()..],
            owned: NONE,
            parent,
            end: NONE,
            next: NONE,
            position: 0,
            shape: None,
            scalar: false,
            present: 0,
            filled: 0,
            known_as: NameId::NONE,
            namespace,
            sensitive: false,
            hidden: false,
            checked: false,
        });
        for attribute in xml.attributes() {
            let name = attribute.range_qname();
            let value = attribute.range_value();
            self.document.attributes.push(Attribute {
                element: id,
                name: Span::new(name.start as u32, name.end as u32),
                value: Span::new(value.start as u32, value.end as u32),
            });
        }
        self.open = id;
    }

    /// Text before a child element is no value.
    fn value_becomes_stray(&mut self, parent: u32) {
        let node = &mut self.document.nodes[parent as usize];
        if node.written.is_empty() {
            return;
        }
        let text = self.document.text;
        let whole = Span::of(node.written, text);
        (node.written, node.owned) = (&text[node.name.end as usize..][..0], NONE);
        let pieces = std::mem::take(&mut self.pieces);
        if pieces.is_empty() {
            return self.note_stray(parent, whole);
        }
        // What lies between the pieces is no text.
        for piece in pieces {
            self.note_stray(parent, piece);
        }
    }

    fn note_stray(&mut self, parent: u32, span: Span) {
        if is_all_blank(self.document.slice(span)) {
            return;
        }
        let span = trimmed(self.document.source, span);
        if !span.is_empty() {
            self.document.stray.push(StrayText { parent, span });
        }
    }

    fn text(&mut self, xml: XmlNode<'_, 's>) {
        let Some(storage) = xml.text_storage() else {
            return;
        };
        // Most texts are the blanks between elements.
        if is_all_blank(storage.as_str()) {
            return;
        }
        if let (StringStorage::Borrowed(text), Some(last)) =
            (storage, self.document.nodes.last_mut())
        {
            // Nearly every other text is the value of the element that began last, in one piece.
            let start = Span::of(text, self.document.text).start;
            if last.written.is_empty() && last.span.end > start {
                last.written = text;
                return self.pieces.clear();
            }
        }
        self.other_text(xml, storage);
    }

    /// Text in references or CDATA, in pieces, or beside elements.
    #[cold]
    fn other_text(&mut self, xml: XmlNode<'_, 's>, storage: &StringStorage<'s>) {
        let range = xml.range();
        let Some(parent) = self.leave(range.start as u32) else {
            return;
        };
        let span = match storage {
            StringStorage::Borrowed(text) => Span::of(text, self.document.text),
            StringStorage::Owned(_) => {
                Span::new(range.start as u32, self.content_end(parent, range.start))
            }
        };
        if self.document.nodes.len() as u32 > parent + 1 {
            self.note_stray(parent, span);
            return;
        }
        let text = self.document.text;
        let node = &mut self.document.nodes[parent as usize];
        if node.written.is_empty() {
            self.pieces.clear();
            node.written = &text[span.start as usize..span.end as usize];
            node.owned = self.document.owned.len() as u32;
            self.document.owned.push(storage.to_string());
            return;
        }
        // A comment or a processing instruction splits the value: put the pieces together.
        if self.pieces.is_empty() {
            self.pieces.push(Span::of(node.written, text));
        }
        self.pieces.push(span);
        if node.owned == NONE {
            node.owned = self.document.owned.len() as u32;
            self.document.owned.push(node.written.to_owned());
        }
        let start = Span::of(node.written, text).start;
        node.written = &text[start as usize..span.end as usize];
        self.document.owned[node.owned as usize].push_str(storage.as_str());
    }

    /// Where the text that starts at `from` ends at the latest: the next child of `parent` or its end tag.
    fn content_end(&self, parent: u32, from: usize) -> u32 {
        let end = self.document.nodes[parent as usize].span.end as usize;
        let inside = &self.document.text[from..end];
        end_of_text(inside).map_or(end as u32, |length| (from + length) as u32)
    }

    fn namespace(&mut self, uri: Option<&str>) -> u16 {
        let Some(uri) = uri else { return 0 };
        let (address, id) = self.last_namespace;
        if address == uri.as_ptr() as usize {
            return id;
        }
        let known = self.document.namespaces.iter().position(|n| n == uri);
        // The scan allows a few dozen declarations a document, so the number fits.
        let id = known.unwrap_or_else(|| {
            let uri = self.written(uri);
            self.document.namespaces.push(uri);
            self.document.namespaces.len() - 1
        }) as u16;
        self.last_namespace = (uri.as_ptr() as usize, id);
        id
    }

    /// A namespace as it stands in the text; a copy if it does not, because there are references in it.
    fn written(&self, uri: &str) -> Cow<'s, str> {
        let text = self.document.text;
        let at = uri.as_ptr().addr().checked_sub(text.as_ptr().addr());
        let written = at.and_then(|at| text.get(at..at.checked_add(uri.len())?));
        match written {
            Some(written) if written == uri => Cow::Borrowed(written),
            _ => Cow::Owned(uri.to_owned()),
        }
    }

    fn finish(mut self) -> Document<'s> {
        self.leave(u32::MAX);
        self.document.namespace_span =
            namespace_span(self.document.source, &self.document.nodes[0]);
        self.document
    }
}

/// Whether a text holds any character that the marks of placeholders are made of; most documents hold none. Without a
/// branch for each byte, the compiler takes many at a time.
fn has_marks(text: &str) -> bool {
    let is_mark = |byte: &u8| matches!(byte, b'$' | b'%' | b'@' | b'{');
    let mut blocks = text.as_bytes().chunks(MARKS_BLOCK);
    blocks.any(|block| block.iter().fold(false, |any, byte| any | is_mark(byte)))
}

/// Bytes that are looked at before the search may end.
const MARKS_BLOCK: usize = 1024;

/// Length of character data up to the first markup that is no CDATA section.
fn end_of_text(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(b'<', &text.as_bytes()[from..])?;
        if !text[at..].starts_with("<![CDATA[") {
            return Some(at);
        }
        from = at + text[at..].find("]]>")? + 3;
    }
}

/// The span without the blanks around its text.
fn trimmed(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    let inner = text.trim_matches(crate::check::is_blank);
    let start =
        span.start + (text.len() - text.trim_start_matches(crate::check::is_blank).len()) as u32;
    Span::new(start, start + inner.len() as u32)
}

/// The value of the namespace declaration in the root's start tag that the root itself uses.
fn namespace_span(source: &Source, root: &Node<'_>) -> Option<Span> {
    let text = source.text();
    let (start, name) = (root.span.start as usize + 1, root.name.start as usize);
    let prefix = text[start..name].strip_suffix(':');
    let is_own = |name: &str| match prefix {
        Some(prefix) => name.strip_prefix("xmlns:") == Some(prefix),
        None => name == "xmlns",
    };
    let mut at = root.name.end as usize;
    loop {
        let rest = &text[at..];
        let name_start = at + rest.find(|c: char| !c.is_ascii_whitespace())?;
        if text[name_start..].starts_with(['>', '/']) {
            return None;
        }
        let name_end =
            name_start + text[name_start..].find(|c: char| c == '=' || c.is_ascii_whitespace())?;
        let open = name_end + text[name_end..].find(['"', '\''])?;
        let close = open + 1 + text[open + 1..].find(text[open..].chars().next()?)?;
        if is_own(&text[name_start..name_end]) {
            return Some(Span::new(open as u32 + 1, close as u32));
        }
        at = close + 1;
    }
}
