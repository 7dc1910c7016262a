//! One linear pass over the text before the parser sees it: enforces the limits, finds every mistake that makes a
//! document no XML, and notes what later stages need.
//!
//! The parser would refuse most of these mistakes too, but it is more than linear in attributes and namespace
//! declarations, reports several mistakes at 1:1, and speaks to programmers. The pass stays fast because it jumps from
//! `<` to `<` and everything that goes wrong leaves it for `malformed.rs`.

use memchr::{memchr, memchr2, memmem};

use super::chars::{self, BLANK, NAME, START, is};
use super::{declaration, malformed};
use crate::finding::Finding;
use crate::limits::Limits;
use crate::source::{Source, Span};

/// What the pass learned about a well-formed document.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Comments from `<!--` to `-->`, in order.
    pub(crate) comments: Vec<Span>,
    /// Number of elements.
    pub(crate) elements: usize,
    /// Number of attributes, namespace declarations included.
    pub(crate) attributes: usize,
    /// Number of namespace declarations.
    pub(crate) namespaces: usize,
    /// Number of elements, comments, CDATA sections and processing instructions.
    pub(crate) nodes: usize,
    /// The XML declaration from `<?xml` to `?>`.
    pub(crate) declaration: Option<Span>,
    /// The name in its `encoding="…"`.
    pub(crate) declared_encoding: Option<Span>,
    /// The name in the root's start tag, with its prefix.
    pub(crate) root: Span,
}

/// A mistake; boxed, because it is large and nearly never there.
pub(super) type Error = Box<Finding>;

/// Checks that the text is well-formed XML within the limits. Stops at the first mistake.
///
/// Left to the parser: two attributes whose prefixes differ and mean the same namespace.
pub(crate) fn scan(source: &Source, limits: &Limits) -> Result<Scan, Error> {
    if let Some(finding) = malformed::undecodable(source) {
        return Err(Box::new(finding));
    }
    if source.len_bytes() > limits.max_size {
        return Err(Box::new(malformed::too_large(source.len_bytes(), limits)));
    }
    let text = source.text();
    malformed::check_beginning(text)?;
    // Forbidden wherever it stands, and once it is known that there is none, 0 can stand for the end of the text.
    if let Some(at) = chars::first_forbidden(text) {
        return Err(malformed::forbidden_character(text, at));
    }
    let mut scanner = Scanner::new(text, limits);
    if let Some(found) = declaration::read(source)? {
        scanner.pos = found.span.end as usize;
        scanner.scan.declaration = Some(found.span);
        scanner.scan.declared_encoding = found.encoding;
    }
    scanner.document()?;
    Ok(scanner.scan)
}

/// A name in a tag, `prefix:local`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Where the colon stands; 0, which is never in a name, without one.
    pub(super) colon: u32,
}

impl Name {
    pub(super) fn span(self) -> Span {
        Span::new(self.start, self.end)
    }

    /// The text before the colon.
    pub(super) fn prefix(self) -> Option<Span> {
        (self.colon != 0).then(|| Span::new(self.start, self.colon))
    }
}

/// A prefix that is bound to a namespace in the elements open now.
struct Binding {
    prefix: Span,
    /// Number of elements open around the one that declares it.
    depth: usize,
}

/// The pass at work.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) pos: usize,
    pub(super) limits: &'a Limits,
    /// Names in the start tags of the open elements, outermost first.
    pub(super) open: Vec<Span>,
    /// Names of the attributes of the current tag.
    pub(super) attributes: Vec<Name>,
    /// A number for each of them; names of different numbers differ, which spares comparing them.
    keys: Vec<u64>,
    bindings: Vec<Binding>,
    /// The first `&` at or after the place where it was last looked for; the length of the text without one.
    next_reference: usize,
    /// The same for `]]>`.
    next_section_end: usize,
    pub(super) scan: Scan,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, limits: &'a Limits) -> Scanner<'a> {
        let bytes = text.as_bytes();
        Scanner {
            text,
            bytes,
            pos: 0,
            limits,
            open: Vec::with_capacity(32),
            attributes: Vec::new(),
            keys: Vec::new(),
            bindings: Vec::new(),
            next_reference: memchr(b'&', bytes).unwrap_or(bytes.len()),
            next_section_end: memmem::find(bytes, b"]]>").unwrap_or(bytes.len()),
            scan: Scan::default(),
        }
    }

    /// The byte at a place; 0 at the end, as the text holds none.
    #[inline(always)]
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    pub(super) fn rest(&self, at: usize) -> &'a str {
        &self.text[at..]
    }

    pub(super) fn slice(&self, span: Span) -> &'a str {
        &self.text[span.start as usize..span.end as usize]
    }

    fn document(&mut self) -> Result<(), Error> {
        while let Some(found) = memchr(b'<', &self.bytes[self.pos..]) {
            let tag = self.pos + found;
            self.check_text(tag)?;
            self.pos = tag;
            match self.byte(tag + 1) {
                b'/' => self.end_tag()?,
                b'!' => self.declaration_or_comment()?,
                b'?' => self.instruction()?,
                _ => self.start_tag()?,
            }
        }
        self.check_text(self.bytes.len())?;
        self.pos = self.bytes.len();
        if !self.open.is_empty() {
            return Err(self.unclosed_at_end());
        }
        if self.scan.elements == 0 {
            return Err(self.no_root());
        }
        Ok(())
    }

    /// Checks the text from here to `end`.
    #[inline(always)]
    fn check_text(&mut self, end: usize) -> Result<(), Error> {
        if self.open.is_empty() || self.next_reference < end || self.next_section_end < end {
            return self.check_unusual_text(end);
        }
        Ok(())
    }

    #[inline(never)]
    fn check_unusual_text(&mut self, end: usize) -> Result<(), Error> {
        if self.open.is_empty() {
            let text = &self.text[self.pos..end];
            let blanks = text.bytes().take_while(|&byte| is(byte, BLANK)).count();
            if blanks < text.len() {
                return Err(self.text_outside(Span::new((self.pos + blanks) as u32, end as u32)));
            }
            return Ok(());
        }
        let section_end = self.section_end(self.pos);
        if section_end < end {
            return Err(self.section_end_in_text(section_end));
        }
        self.check_references(self.pos, end)
    }

    /// The first `]]>` at or after a place. Places only grow, so all searches together are one pass.
    fn section_end(&mut self, at: usize) -> usize {
        if self.next_section_end < at {
            let found = memmem::find(&self.bytes[at..], b"]]>");
            self.next_section_end = found.map_or(self.bytes.len(), |found| at + found);
        }
        self.next_section_end
    }

    /// The first `&` at or after a place, in the same way.
    fn next_reference(&mut self, at: usize) -> usize {
        if self.next_reference < at {
            let found = memchr(b'&', &self.bytes[at..]);
            self.next_reference = found.map_or(self.bytes.len(), |found| at + found);
        }
        self.next_reference
    }

    /// Checks every `&` between two places.
    #[inline(never)]
    fn check_references(&mut self, start: usize, end: usize) -> Result<(), Error> {
        let mut at = self.next_reference(start);
        while at < end {
            let length = match self.byte(at + 1) {
                b'a' if self.bytes[at..].starts_with(b"&amp;") => 5,
                b'#' => self.character_reference(at)?,
                _ => self.named_reference(at)?,
            };
            at = self.next_reference(at + length);
        }
        Ok(())
    }

    /// Length of the reference at a place.
    fn named_reference(&self, at: usize) -> Result<usize, Error> {
        let rest = &self.bytes[at..];
        ["&lt;", "&gt;", "&quot;", "&apos;"]
            .iter()
            .find(|entity| rest.starts_with(entity.as_bytes()))
            .map(|entity| entity.len())
            .ok_or_else(|| self.unknown_reference(at))
    }

    /// Length of the `&#…;` at a place.
    fn character_reference(&self, at: usize) -> Result<usize, Error> {
        let (digits, radix) = match self.byte(at + 2) {
            b'x' => (at + 3, 16),
            _ => (at + 2, 10),
        };
        let mut end = digits;
        let mut number = 0u32;
        while let Some(digit) = char::from(self.byte(end)).to_digit(radix) {
            // Anything this large is refused below, so the exact value does not matter.
            number = number.saturating_mul(radix).saturating_add(digit);
            end += 1;
        }
        if end == digits || self.byte(end) != b';' {
            return Err(self.broken_character_reference(at, end));
        }
        match char::from_u32(number) {
            Some(c) if chars::is_allowed(c) => Ok(end + 1 - at),
            c => Err(self.forbidden_reference(at, end + 1, c)),
        }
    }

    /// `<name …>` or `<name …/>`.
    #[inline(always)]
    fn start_tag(&mut self) -> Result<(), Error> {
        let start = self.pos + 1;
        let mut end = start;
        if is(self.byte(start), START) {
            end += 1;
            while is(self.byte(end), NAME) {
                end += 1;
            }
            if self.byte(end) == b'>' {
                self.pos = end + 1;
                return self.begin_element(Span::new(start as u32, end as u32), true);
            }
        }
        self.unusual_start_tag()
    }

    /// Anything but a plain name directly followed by `>`.
    #[inline(never)]
    fn unusual_start_tag(&mut self) -> Result<(), Error> {
        let tag = self.pos;
        let Some(name) = self.name(tag + 1) else {
            return Err(self.not_a_start_tag(tag));
        };
        self.pos = name.end as usize;
        self.attributes.clear();
        self.keys.clear();
        let open = self.rest_of_tag(tag, name)?;
        self.check_prefixes(name)?;
        self.begin_element(name.span(), open)?;
        if !open {
            self.drop_bindings();
        }
        Ok(())
    }

    /// Counts an element whose start tag has ended.
    #[inline(always)]
    fn begin_element(&mut self, name: Span, open: bool) -> Result<(), Error> {
        if self.open.is_empty() {
            if self.scan.elements > 0 {
                return Err(self.second_root(name));
            }
            self.scan.root = name;
        }
        if self.open.len() >= self.limits.max_depth {
            return Err(self.too_deep(name));
        }
        self.scan.elements += 1;
        self.count_node(name)?;
        if open {
            self.open.push(name);
        }
        Ok(())
    }

    #[inline(always)]
    fn count_node(&mut self, span: Span) -> Result<(), Error> {
        self.scan.nodes += 1;
        if self.scan.nodes > self.limits.max_nodes {
            return Err(self.too_many_nodes(span));
        }
        Ok(())
    }

    /// Attributes and the end of a start tag; true if an end tag must follow.
    fn rest_of_tag(&mut self, tag: usize, name: Name) -> Result<bool, Error> {
        loop {
            let before = self.pos;
            self.skip_blanks();
            match self.byte(self.pos) {
                b'>' => {
                    self.pos += 1;
                    return Ok(true);
                }
                b'/' if self.byte(self.pos + 1) == b'>' => {
                    self.pos += 2;
                    return Ok(false);
                }
                _ => {}
            }
            let blanks = self.pos > before;
            match self.name(self.pos) {
                Some(attribute) if blanks => self.attribute(tag, attribute)?,
                _ => return Err(self.unexpected_in_tag(tag, name, blanks)),
            }
        }
    }

    fn attribute(&mut self, tag: usize, name: Name) -> Result<(), Error> {
        self.check_attribute_name(name)?;
        self.pos = name.end as usize;
        self.skip_blanks();
        if self.byte(self.pos) != b'=' {
            return Err(self.attribute_without_equals(tag, name));
        }
        self.pos += 1;
        self.skip_blanks();
        let quote = self.byte(self.pos);
        if quote != b'"' && quote != b'\'' {
            return Err(self.attribute_without_quote(tag, name));
        }
        let start = self.pos + 1;
        let found = memchr2(quote, b'<', &self.bytes[start..]);
        let end = found.map_or(self.bytes.len(), |found| start + found);
        if self.byte(end) != quote {
            return Err(self.value_without_end(tag, name, start, end));
        }
        if self.next_reference < end {
            self.check_references(start, end)?;
        }
        self.pos = end + 1;
        self.declare_namespace(name, Span::new(start as u32, end as u32))
    }

    /// The name must be new to the tag, and the tag must not have too many.
    fn check_attribute_name(&mut self, name: Name) -> Result<(), Error> {
        if self.attributes.len() >= self.limits.max_attributes {
            return Err(self.too_many_attributes(name));
        }
        let text = self.slice(name.span());
        let key = text.bytes().fold(0, |key: u64, byte| {
            (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        if self.keys.contains(&key) {
            let same = |other: &&Name| self.slice(other.span()) == text;
            if let Some(&first) = self.attributes.iter().find(same) {
                return Err(self.duplicate_attribute(first, name));
            }
        }
        self.keys.push(key);
        self.attributes.push(name);
        self.scan.attributes += 1;
        Ok(())
    }

    /// Binds a prefix if the attribute is `xmlns` or `xmlns:prefix`.
    fn declare_namespace(&mut self, name: Name, value: Span) -> Result<(), Error> {
        let whole = self.slice(name.span());
        let Some(rest) = whole.strip_prefix("xmlns") else {
            return Ok(());
        };
        if !rest.is_empty() && !rest.starts_with(':') {
            return Ok(());
        }
        self.scan.namespaces += 1;
        if self.scan.namespaces > self.limits.max_namespaces {
            return Err(self.too_many_namespaces(name));
        }
        self.check_namespace(name, value)?;
        if name.colon != 0 {
            let depth = self.open.len();
            let prefix = Span::new(name.colon + 1, name.end);
            self.bindings.push(Binding { prefix, depth });
        }
        Ok(())
    }

    /// Every prefix in the tag must be bound here or further out.
    fn check_prefixes(&self, element: Name) -> Result<(), Error> {
        if let Some(prefix) = element.prefix()
            && (self.slice(prefix) == "xmlns" || !self.is_bound(prefix))
        {
            return Err(self.unbound_prefix(element, true));
        }
        for &attribute in &self.attributes {
            let Some(prefix) = attribute.prefix() else {
                continue;
            };
            if self.slice(prefix) != "xmlns" && !self.is_bound(prefix) {
                return Err(self.unbound_prefix(attribute, false));
            }
        }
        Ok(())
    }

    fn is_bound(&self, prefix: Span) -> bool {
        let prefix = self.slice(prefix);
        let same = |binding: &Binding| self.slice(binding.prefix) == prefix;
        prefix == "xml" || self.bindings.iter().rev().any(same)
    }

    /// Forgets the bindings of the element that has just ended.
    #[inline(always)]
    fn drop_bindings(&mut self) {
        while let Some(last) = self.bindings.last() {
            if last.depth < self.open.len() {
                break;
            }
            self.bindings.pop();
        }
    }

    /// `</name>`.
    #[inline(always)]
    fn end_tag(&mut self) -> Result<(), Error> {
        if let Some(&name) = self.open.last() {
            let start = self.pos + 2;
            let end = start + name.len() as usize;
            let opened = &self.bytes[name.start as usize..name.end as usize];
            if self.byte(end) == b'>' && self.bytes.get(start..end) == Some(opened) {
                self.pos = end + 1;
                self.open.pop();
                self.drop_bindings();
                return Ok(());
            }
        }
        self.unusual_end_tag()
    }

    /// An end tag with blanks, or a wrong one.
    #[inline(never)]
    fn unusual_end_tag(&mut self) -> Result<(), Error> {
        let tag = self.pos;
        let Some(name) = self.name(tag + 2) else {
            return Err(self.not_an_end_tag(tag));
        };
        self.pos = name.end as usize;
        self.skip_blanks();
        if self.byte(self.pos) != b'>' {
            return Err(self.unexpected_in_end_tag(tag, name));
        }
        self.pos += 1;
        let text = self.slice(name.span());
        match self.open.last() {
            Some(&opened) if self.slice(opened) == text => {
                self.open.pop();
                self.drop_bindings();
                Ok(())
            }
            _ => Err(self.mismatched_end_tag(name)),
        }
    }

    /// `<!--`, `<![CDATA[`, or what is not allowed.
    #[inline(never)]
    fn declaration_or_comment(&mut self) -> Result<(), Error> {
        let tag = self.pos;
        let rest = &self.bytes[tag..];
        if rest.starts_with(b"<!--") {
            self.comment(tag)
        } else if rest.starts_with(b"<![CDATA[") && !self.open.is_empty() {
            let start = tag + "<![CDATA[".len();
            let end = self.section_end(start);
            if end == self.bytes.len() {
                return Err(self.unclosed_section(tag));
            }
            self.pos = end + "]]>".len();
            self.count_node(Span::new(tag as u32, start as u32))
        } else {
            Err(self.unknown_declaration(tag))
        }
    }

    fn comment(&mut self, tag: usize) -> Result<(), Error> {
        let mut at = tag + "<!--".len();
        loop {
            let Some(found) = memchr(b'-', self.bytes.get(at..).unwrap_or_default()) else {
                return Err(self.unclosed_comment(tag));
            };
            at += found;
            if self.byte(at + 1) == b'-' {
                break;
            }
            at += 1;
        }
        if self.byte(at + 2) != b'>' {
            return Err(self.hyphens_in_comment(tag, at));
        }
        self.pos = at + "-->".len();
        let span = Span::new(tag as u32, self.pos as u32);
        self.scan.comments.push(span);
        self.count_node(span)
    }

    /// `<?target …?>`.
    #[inline(never)]
    fn instruction(&mut self) -> Result<(), Error> {
        let tag = self.pos;
        let Some(target) = self.name(tag + 2) else {
            return Err(self.not_an_instruction(tag));
        };
        let text = self.slice(target.span());
        if text.eq_ignore_ascii_case("xml") {
            return Err(self.late_declaration(tag, target));
        }
        self.pos = target.end as usize;
        let ends = self.bytes[self.pos..].starts_with(b"?>");
        if target.colon != 0 || !(ends || is(self.byte(self.pos), BLANK)) {
            return Err(self.broken_instruction(target));
        }
        let Some(found) = memmem::find(&self.bytes[self.pos..], b"?>") else {
            return Err(self.unclosed_instruction(tag, target));
        };
        self.pos += found + "?>".len();
        self.count_node(Span::new(tag as u32, self.pos as u32))
    }

    pub(super) fn skip_blanks(&mut self) {
        while is(self.byte(self.pos), BLANK) {
            self.pos += 1;
        }
    }

    /// The name at a place, if there is one that is legal with regard to its colon.
    pub(super) fn name(&self, start: usize) -> Option<Name> {
        let mut end = start;
        let mut colon = 0;
        // True where a name or its local part must begin.
        let mut first = true;
        loop {
            let byte = self.byte(end);
            let allowed = if first { START } else { NAME };
            if is(byte, allowed) {
                end += 1;
            } else if byte == b':' && colon == 0 && !first {
                colon = end;
                end += 1;
                first = true;
                continue;
            } else if byte >= 0x80 {
                let c = self.rest(end).chars().next()?;
                let allowed = if first {
                    chars::is_name_start
                } else {
                    chars::is_name_char
                };
                if !allowed(c) {
                    break;
                }
                end += c.len_utf8();
            } else {
                break;
            }
            first = false;
        }
        // A second colon belongs to no legal name.
        if first || self.byte(end) == b':' {
            return None;
        }
        Some(Name {
            start: start as u32,
            end: end as u32,
            colon: colon as u32,
        })
    }
}
