//! A parsed document: a flat arena of elements, in document order, with the place of everything a rule may point at.
//!
//! Rules see only [`Document`] and [`Element`]; they never see the parser.

use std::borrow::Cow;

use crate::placeholder::Placeholders;
use crate::schema::{self, ApiVersion, NameId, Root, RootClass, Shape, ShapeId, name};
use crate::source::{Source, Span};

/// Longest name or identity that is shown; what is longer is cut in messages and replaced by a position in paths.
const LONGEST_SHOWN: usize = 120;

pub(crate) const NONE: u32 = u32::MAX;

/// One element of the arena. Its first child, if any, is the next node.
#[derive(Debug)]
pub(crate) struct Node<'s> {
    /// From `<` to the `>` of the end tag.
    pub(crate) span: Span,
    /// The name without its prefix, in the start tag.
    pub(crate) name: Span,
    /// The text between the tags of an element without child elements, where it stands in the source.
    pub(crate) written: &'s str,
    /// Index into `Document::owned` if the value is not what is written byte by byte.
    pub(crate) owned: u32,
    pub(crate) parent: u32,
    /// One past the last node inside.
    pub(crate) end: u32,
    /// The next sibling.
    pub(crate) next: u32,
    /// 1-based position among the items of a list; 0 if it is none. Set by binding.
    pub(crate) position: u32,
    /// Set by binding.
    pub(crate) shape: Option<ShapeId>,
    /// The shape is a scalar. Set by binding.
    pub(crate) scalar: bool,
    /// The name by which the schema knows it: for an item, that of its list's items. Set by binding.
    pub(crate) known_as: NameId,
    /// The members that a structure has, a bit for each place in the list of its shape. Set by binding.
    pub(crate) present: u64,
    /// Those of them that are not empty.
    pub(crate) filled: u64,
    /// Index into `Document::namespaces`.
    pub(crate) namespace: u16,
    /// The value is a secret. Set by binding and, for what has no shape, by [`Document::seal`].
    pub(crate) sensitive: bool,
    /// Stands inside a secret, so that not even its name is shown. Set by [`Document::seal`].
    pub(crate) hidden: bool,
    /// Findings inside are the sender's business. Set by binding.
    pub(crate) checked: bool,
}

impl Node<'_> {
    /// Notes what the schema says that it is.
    pub(crate) fn take(&mut self, id: ShapeId) {
        let shape = id.shape();
        self.shape = Some(id);
        (self.scalar, self.sensitive) = (shape.is_scalar(), shape.sensitive);
    }
}

/// An attribute that is no namespace declaration.
#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) element: u32,
    pub(crate) name: Span,
    /// The text between the quotes.
    pub(crate) value: Span,
}

/// Text beside child elements, other than blanks.
#[derive(Debug)]
pub(crate) struct StrayText {
    pub(crate) parent: u32,
    pub(crate) span: Span,
}

/// How the root was understood.
#[derive(Clone, Copy, Debug)]
pub struct Recognised {
    /// The schema's entry for the root.
    pub root: &'static Root,
    /// The API version whose schema applies.
    pub version: ApiVersion,
}

/// A well-formed document.
#[derive(Debug)]
pub struct Document<'s> {
    pub(crate) source: &'s Source,
    /// The text of `source`.
    pub(crate) text: &'s str,
    /// Whether the text holds any character that the marks of placeholders are made of.
    pub(crate) marks: bool,
    /// Placeholders that the user has declared.
    pub(crate) placeholders: Placeholders,
    pub(crate) nodes: Vec<Node<'s>>,
    /// Values that are not a slice of the source: entities, CDATA, line ends or comments stand in them.
    pub(crate) owned: Vec<String>,
    /// Distinct namespaces; the first is "none".
    pub(crate) namespaces: Vec<Cow<'s, str>>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) stray: Vec<StrayText>,
    /// Comments from `<!--` to `-->`, in order.
    pub(crate) comments: Vec<Span>,
    /// The value of the root's namespace declaration, where it has one.
    pub(crate) namespace_span: Option<Span>,
    pub(crate) recognised: Option<Recognised>,
    /// The element that is sent: the root, or the configuration inside a response.
    pub(crate) payload: u32,
    /// Whether tenants may have parameters in it.
    pub(crate) for_tenants: bool,
    /// `ConnectionMode` of a distribution, or [`NONE`].
    pub(crate) connection_mode: u32,
}

impl<'s> Document<'s> {
    /// The text it was read from.
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// The outermost element.
    pub fn root(&self) -> Element<'_> {
        self.element(0)
    }

    /// The element that would be sent: the root, or the configuration inside a response.
    pub fn payload(&self) -> Element<'_> {
        self.element(self.payload)
    }

    /// What the root was taken for; none if it is no CloudFront document.
    pub fn recognised(&self) -> Option<Recognised> {
        self.recognised
    }

    /// The API version whose schema applies.
    pub fn version(&self) -> ApiVersion {
        self.recognised.map_or(ApiVersion::LATEST, |r| r.version)
    }

    /// Whether the root is an answer of the API rather than a body that can be sent.
    pub fn is_response(&self) -> bool {
        self.recognised
            .is_some_and(|r| matches!(r.root.class, RootClass::Wrapper | RootClass::Response))
    }

    /// All elements in document order.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        (0..self.nodes.len() as u32).map(|id| self.element(id))
    }

    /// How deep its elements stand inside each other, the root counted.
    pub(crate) fn depth(&self) -> usize {
        let (mut ends, mut deepest) = (Vec::new(), 0);
        for (id, node) in (0..).zip(&self.nodes) {
            while ends.last().is_some_and(|end| *end <= id) {
                ends.pop();
            }
            ends.push(node.end);
            deepest = deepest.max(ends.len());
        }
        deepest
    }

    /// Makes known which placeholders stand for values that are filled in later.
    pub(crate) fn declare(&mut self, placeholders: &Placeholders) {
        if !placeholders.is_empty() {
            self.placeholders = placeholders.clone();
            self.marks = true;
        }
    }

    /// Writes down what rules ask of the whole configuration for many of its elements. To be called when shapes are known.
    pub(crate) fn survey(&mut self) {
        let payload = self.payload();
        // With tags, the configuration stands one level deeper.
        let config = payload.get(name::DISTRIBUTION_CONFIG).unwrap_or(payload);
        let mode = config.get(name::CONNECTION_MODE);
        let of_tenant = payload.name() != "DistributionConfig" && payload.name().contains("Tenant");
        let for_tenants = of_tenant
            || config.get(name::TENANT_CONFIG).is_some()
            || mode.is_some_and(|mode| crate::check::trimmed(mode.value()) == "tenant-only");
        let mode = mode.map_or(NONE, Element::id);
        (self.for_tenants, self.connection_mode) = (for_tenants, mode);
    }

    /// `ConnectionMode` of the distribution that it configures.
    pub(crate) fn connection_mode(&self) -> Option<Element<'_>> {
        (self.connection_mode != NONE).then(|| self.element(self.connection_mode))
    }

    /// Marks what is secret by its name or because it stands inside a secret. To be called when shapes are known, and
    /// before anything of the document is put into words.
    pub(crate) fn seal(&mut self) {
        let (text, payload) = (self.text, self.payload);
        let mut hidden_until = 0;
        for (id, node) in (0..).zip(&mut self.nodes) {
            node.hidden = id < hidden_until;
            // What is around the part that is sent is no value, whatever it is called.
            let around = id < payload && payload < node.end;
            node.sensitive |= node.hidden
                || node.shape.is_none()
                    && !around
                    && schema::is_sensitive_name(
                        &text[node.name.start as usize..node.name.end as usize],
                    );
            if node.sensitive {
                hidden_until = hidden_until.max(node.end);
            }
        }
    }

    /// What no output may show, sorted: content of sensitive elements, text astray where one was meant, attributes.
    pub(crate) fn secrets(&self) -> Vec<Span> {
        let mut secrets = Vec::new();
        for element in self.elements() {
            let node = element.node();
            if node.sensitive && !node.hidden {
                secrets.push(element.content_span());
            } else if !node.sensitive && !element.is_blank() && element.may_lose_secrets() {
                secrets.push(element.value_span());
            }
        }
        let astray = self.stray.iter().filter(|stray| {
            let parent = self.element(stray.parent);
            !parent.is_sensitive() && parent.may_lose_secrets()
        });
        secrets.extend(astray.map(|stray| stray.span));
        secrets.extend(self.attributes.iter().map(|attribute| attribute.value));
        secrets.retain(|secret| !secret.is_empty());
        secrets.sort_unstable();
        secrets
    }

    /// A part of the text; spans of the arena are always whole characters.
    pub(crate) fn slice(&self, span: Span) -> &'s str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    pub(crate) fn element(&self, id: u32) -> Element<'_> {
        Element { document: self, id }
    }
}

/// A cursor on one element; cheap to copy.
#[derive(Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document<'d>,
    id: u32,
}

impl<'d> Element<'d> {
    pub(crate) fn node(self) -> &'d Node<'d> {
        &self.document.nodes[self.id as usize]
    }

    pub(crate) fn id(self) -> u32 {
        self.id
    }

    /// The document it belongs to.
    pub fn document(self) -> &'d Document<'d> {
        self.document
    }

    /// The name without its prefix.
    pub fn name(self) -> &'d str {
        self.document.slice(self.node().name)
    }

    /// The name, cut where it is absurdly long, for messages; a neutral word inside a secret.
    pub fn shown_name(self) -> &'d str {
        match self.node().hidden {
            true => "an element",
            false => cut(self.name()),
        }
    }

    /// The URI of its namespace; empty if it is in none.
    pub fn namespace(self) -> &'d str {
        &self.document.namespaces[self.node().namespace as usize]
    }

    /// Its type; none if the schema does not know it here.
    pub fn shape(self) -> Option<&'static Shape> {
        self.node().shape.map(ShapeId::shape)
    }

    /// The text inside, entities resolved; empty if it has child elements, or blanks alone.
    pub fn value(self) -> &'d str {
        let node = self.node();
        match self.document.owned.get(node.owned as usize) {
            Some(text) => text,
            None => node.written,
        }
    }

    /// Whether the value is a secret, by its type or, where the type is unknown, by its name.
    pub fn is_sensitive(self) -> bool {
        self.node().sensitive
    }

    fn is_blank(self) -> bool {
        self.value().chars().all(crate::check::is_blank)
    }

    /// Whether it is a structure, or a list of such, with a sensitive member: text astray in it may be that value.
    pub(crate) fn may_lose_secrets(self) -> bool {
        let Some(shape) = self.shape() else {
            return false;
        };
        let item = shape.item().map(|(_, item)| item.shape());
        item.unwrap_or(shape)
            .members()
            .iter()
            .any(|m| schema::SENSITIVE_NAMES.binary_search(&m.name).is_ok())
    }

    /// Everything between the tags; empty without an end tag.
    pub(crate) fn content_span(self) -> Span {
        let node = self.node();
        let text = self.document.slice(node.span).as_bytes();
        let mut at = (node.name.end - node.span.start) as usize;
        // A `>` may stand in the value of an attribute.
        while let Some(n) = memchr::memchr3(b'>', b'"', b'\'', &text[at..]) {
            let found = text[at + n];
            at += n + 1;
            if found == b'>' {
                break;
            }
            at += memchr::memchr(found, &text[at..]).map_or(0, |n| n + 1);
        }
        let end = memchr::memrchr(b'<', text).unwrap_or(0).max(at);
        Span::new(node.span.start + at as u32, node.span.start + end as u32)
    }

    /// The value for messages: quoted, control characters escaped, cut where it is long, stars if it is a secret.
    pub fn shown_value(self) -> String {
        if self.is_sensitive() {
            return "(a secret value)".into();
        }
        quoted(self.value())
    }

    /// The whole element, tags included.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// The name in the start tag.
    pub fn name_span(self) -> Span {
        self.node().name
    }

    /// The text between the tags, as written; empty if there is none.
    pub fn value_span(self) -> Span {
        Span::of(self.node().written, self.document.text)
    }

    /// The smallest text to point at for the value: the value, or the name if it is empty.
    pub fn subject_span(self) -> Span {
        match self.node().written.is_empty() {
            true => self.node().name,
            false => self.value_span(),
        }
    }

    /// The element around it.
    pub fn parent(self) -> Option<Element<'d>> {
        let parent = self.node().parent;
        (parent != NONE).then(|| self.document.element(parent))
    }

    /// Its child elements in document order.
    pub fn children(self) -> Children<'d> {
        let node = self.node();
        let first = self.id + 1;
        Children {
            document: self.document,
            next: if node.end > first { first } else { NONE },
        }
    }

    /// Itself and all elements inside, in document order.
    pub(crate) fn and_below(self) -> impl Iterator<Item = Element<'d>> {
        let document = self.document;
        (self.id..self.node().end).map(|id| document.element(id))
    }

    /// Itself and the siblings behind it.
    pub(crate) fn and_following(self) -> Children<'d> {
        Children {
            document: self.document,
            next: self.id,
        }
    }

    /// Number of siblings right behind it that have its name.
    pub(crate) fn following_of_its_name(self) -> usize {
        let document = self.document;
        let next = self.node().next;
        Children { document, next }
            .take_while(|sibling| sibling.name() == self.name())
            .count()
    }

    /// Whether a later sibling has its name. To ask all siblings of a name looks at each element between them once.
    pub(crate) fn has_follower_of_its_name(self) -> bool {
        let document = self.document;
        let next = self.node().next;
        Children { document, next }
            .any(|sibling| sibling.name() == self.name() && sibling.shape().is_some())
    }

    /// Whether it has child elements.
    pub fn has_children(self) -> bool {
        self.node().end > self.id + 1
    }

    /// The first child of that name that the schema allows here.
    pub fn child(self, name: &str) -> Option<Element<'d>> {
        self.children().find(|c| {
            let node = c.node();
            node.shape.is_some() && node.name.len() as usize == name.len() && c.name() == name
        })
    }

    /// The first child of that name that the schema allows here, found by number: for checks that see every document.
    pub(crate) fn get(self, name: NameId) -> Option<Element<'d>> {
        let document = self.document;
        let mut at = self.id + 1;
        if at >= self.node().end {
            return None;
        }
        loop {
            let node = &document.nodes[at as usize];
            if node.known_as == name {
                return Some(Element { document, id: at });
            }
            at = node.next;
            if at == NONE {
                return None;
            }
        }
    }

    /// The same child, if it stands so many elements behind this one and is no item of a list.
    #[inline]
    pub(crate) fn child_at(self, distance: u32, name: NameId) -> Option<Element<'d>> {
        let id = self.id.checked_add(distance)?;
        let node = self.document.nodes.get(id as usize)?;
        let is_child = node.known_as == name && node.parent == self.id;
        // What repeats another is set aside.
        let is_it = is_child && node.checked && node.position == 0;
        is_it.then(|| self.document.element(id))
    }

    /// The items of a counted list: the children of its `Items`, without foreign ones.
    pub fn items(self) -> impl Iterator<Item = Element<'d>> + Clone {
        let items = self.get(schema::name::ITEMS).into_iter();
        items
            .flat_map(Element::children)
            .filter(|item| item.node().shape.is_some())
    }

    /// Path of element names from the root, each list item with its identity or its 1-based position:
    /// `/DistributionConfig/Origins/Items/Origin[Id=api]/DomainName`.
    pub fn path(self) -> String {
        let mut chain = vec![self];
        while let Some(parent) = chain[chain.len() - 1].parent() {
            chain.push(parent);
        }
        let mut path = String::new();
        for element in chain.iter().rev().filter(|e| !e.node().hidden) {
            path.push('/');
            path.push_str(element.shown_name());
            element.push_identity(&mut path);
        }
        path
    }

    fn push_identity(self, path: &mut String) {
        let position = self.node().position;
        if position == 0 {
            return;
        }
        match self.identity() {
            Some((key, value)) => path.extend(["[", key, "=", value, "]"]),
            None => path.push_str(&format!("[{position}]")),
        }
    }

    /// The member that tells this list item from the others, and its value, if that cannot be taken for a part of a
    /// path and is wholly visible.
    pub fn identity(self) -> Option<(&'static str, &'d str)> {
        let key = self.shape()?.key?;
        let member = self.child(key).filter(|m| !m.is_sensitive())?;
        let value = member.value();
        let plain = !value.is_empty()
            && value.len() <= LONGEST_SHOWN
            && !value.chars().any(|c| c == ']' || is_unseen(c));
        plain.then_some((key, value))
    }

    /// The path as the API writes it in a `MalformedXML` message:
    /// `distributionConfig.origins.items.1.member.domainName`.
    pub fn api_path(self) -> String {
        let start = self.document.payload;
        let mut chain = vec![self];
        while let Some(parent) = chain[chain.len() - 1]
            .parent()
            .filter(|_| chain[chain.len() - 1].id != start)
        {
            chain.push(parent);
        }
        let mut path = String::new();
        for element in chain.iter().rev() {
            match element.node().position {
                // A whole request is what the call takes, and no member of it.
                0 if element.id == start && element.name().ends_with("Request") => {}
                0 => push_step(element.shown_name(), &mut path),
                position => path.push_str(&format!(".{position}.member")),
            }
        }
        path
    }
}

/// Adds a name as the API writes it in message paths: `DomainName` → `domainName`, `ACMCertificateArn` →
/// `aCMCertificateArn`.
pub(crate) fn push_step(name: &str, path: &mut String) {
    if !path.is_empty() {
        path.push('.');
    }
    let mut chars = name.chars();
    if let Some(first) = chars.next() {
        path.extend(first.to_lowercase());
        path.push_str(chars.as_str());
    }
}

/// The child elements of an element.
#[derive(Clone)]
pub struct Children<'d> {
    document: &'d Document<'d>,
    next: u32,
}

impl<'d> Iterator for Children<'d> {
    type Item = Element<'d>;

    fn next(&mut self) -> Option<Element<'d>> {
        if self.next == NONE {
            return None;
        }
        let element = self.document.element(self.next);
        self.next = element.node().next;
        Some(element)
    }
}

/// Characters that steer a terminal, reorder text or have no picture.
pub(crate) fn is_invisible(c: char) -> bool {
    match c {
        ' '..='~' => false,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' => true,
        '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}' => true,
        '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' => true,
        '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' => true,
        '\u{E0000}'..='\u{E0FFF}' => true,
        c => c.is_control(),
    }
}

/// Invisible characters, and blanks that look like another.
fn is_unseen(c: char) -> bool {
    is_invisible(c) || c != ' ' && c.is_whitespace()
}

/// Cuts a text that is too long to show.
pub(crate) fn cut(text: &str) -> &str {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// A text from a document as a message shows it: in quotes, invisible characters escaped, cut where it is long.
pub(crate) fn quoted(text: &str) -> String {
    let shown = cut(text);
    let mut out = String::with_capacity(shown.len() + 2);
    out.push('"');
    for c in shown.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unseen(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    if shown.len() < text.len() {
        out.push('…');
    }
    out.push('"');
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::check::{Settings, read};

    #[test]
    fn a_child_at_a_place_is_the_one_that_a_search_finds() {
        let text = "<DistributionConfig><CallerReference>a</CallerReference><CallerReference>b</CallerReference>\
                    <x:Comment xmlns:x='urn:x'/><Comment/><CNAME>a</CNAME><CNAME>b</CNAME><Aliases><Quantity>2</Quantity>\
                    <Items><CNAME>a</CNAME><CNAME>b</CNAME></Items><Items/><Quantity>1</Quantity></Aliases><Unknown/>\
                    <Enabled>true</Enabled><Aliases/></DistributionConfig>";
        let mut hits = 0;
        for version in ["2010-11-01", "2020-05-31"] {
            let text = text.replacen(
                '>',
                &format!(" xmlns='http://cloudfront.amazonaws.com/doc/{version}/'>"),
                1,
            );
            let source = Source::from_bytes("a.xml", text.into_bytes());
            let document = read(&source, &Settings::default()).unwrap();
            let all = || (0..document.nodes.len() as u32).map(|id| document.element(id));
            for (anchor, of) in all().flat_map(|anchor| all().map(move |of| (anchor, of))) {
                let name = of.node().known_as;
                for distance in (0..12).filter(|_| name != NameId::NONE) {
                    let Some(found) = anchor.child_at(distance, name) else {
                        continue;
                    };
                    assert_eq!(
                        anchor.get(name).map(Element::id),
                        Some(found.id()),
                        "{}",
                        found.path()
                    );
                    hits += 1;
                }
            }
        }
        assert!(hits > 9, "{hits}");
    }
}
