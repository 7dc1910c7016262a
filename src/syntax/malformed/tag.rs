//! Mistakes inside a tag: names, attributes, namespaces, blanks and brackets.

use super::{cut_off, is_blank, is_typographic, malformed};
use crate::source::Span;
use crate::syntax::chars::{BLANK, excerpt, is, is_name_char, shown};
use crate::syntax::scan::{Error, Name, Scanner};

impl Scanner<'_> {
    // `<` and what follows it.

    /// A `<` that begins no start tag.
    pub(in crate::syntax) fn not_a_start_tag(&self, tag: usize) -> Error {
        let rest = self.rest(tag + 1);
        let one = Span::new(tag as u32, tag as u32 + 1);
        match self.byte(tag + 1) {
            0 => cut_off(one, self.end(), "the document ends with a lone `<`"),
            b'>' => malformed(Span::new(one.start, one.end + 1), "`<>` has no name")
                .label("a tag without a name")
                .help("write the element's name between `<` and `>`, or `&lt;&gt;` for the characters")
                .into(),
            b'<' => malformed(one, "`<` stands twice in a row")
                .label("one too many")
                .help("remove one; the character `<` in text is written `&lt;`")
                .into(),
            b'-' if rest.starts_with("--") => self.comment_start(Span::new(one.start, one.end + 2)),
            byte if is(byte, BLANK) => self.blank_in_tag(tag, 1),
            _ => self.illegal_name(tag, 1),
        }
    }

    /// A comment that begins with `<--`, `<!-` or a dash that a word processor made.
    pub(super) fn comment_start(&self, span: Span) -> Error {
        let wrong = self.shown(span);
        malformed(span, format!("a comment begins with `<!--`, not `{wrong}`"))
            .label("meant as a comment?")
            .help("write `<!--`, and `-->` at the end")
            .into()
    }

    /// A blank after `<` or `</` (`lead` bytes).
    fn blank_in_tag(&self, tag: usize, lead: usize) -> Error {
        let blanks_start = tag + lead;
        let rest = self.rest(blanks_start).trim_start_matches(is_blank);
        let slash = if lead == 1 && rest.starts_with('/') {
            "/"
        } else {
            ""
        };
        let name_start = self.text.len() - rest.len() + slash.len();
        let Some(name) = self
            .name(name_start)
            .filter(|&name| self.ends_like_tag(name))
        else {
            return self.literal_less_than(tag);
        };
        let opening = &self.text[tag..tag + lead];
        let after = format!("{slash}{}", self.shown(name.span()));
        let span = Span::new(blanks_start as u32, (name_start - slash.len()) as u32);
        malformed(
            span,
            format!("there is a blank between `{opening}` and `{after}`"),
        )
        .label("delete this")
        .help(format!("write `{opening}{after}`"))
        .into()
    }

    /// True if `>`, `/>` or an attribute follows, so that the name was meant as a tag's.
    fn ends_like_tag(&self, name: Name) -> bool {
        let rest = self.rest(name.end as usize);
        let after = rest.trim_start_matches(is_blank);
        let next = self.text.len() - after.len();
        let attribute = self.name(next).filter(|_| after.len() < rest.len());
        after.starts_with('>')
            || after.starts_with("/>")
            || attribute.is_some_and(|attribute| self.byte(attribute.end as usize) == b'=')
    }

    /// No legal name stands after `<` or `</` (`lead` bytes).
    fn illegal_name(&self, tag: usize, lead: usize) -> Error {
        let start = tag + lead;
        let rest = self.rest(start);
        let length = rest
            .find(|c| !is_name_char(c) && c != ':')
            .unwrap_or(rest.len());
        let (run, after) = rest.split_at(length);
        let span = Span::new(start as u32, (start + length) as u32);
        if run.contains(':') && !after.starts_with("//") {
            return self.misused_colon(span);
        }
        // `<` and a digit or a sign is a comparison unless it ends like a tag.
        let like_tag = after.starts_with('>') || after.starts_with("/>");
        if lead == 1 && (run.is_empty() || run.contains(':') || !like_tag) {
            return self.literal_less_than(tag);
        }
        let first = rest.chars().next().unwrap_or_default();
        let span = Span::new(span.start, span.start + first.len_utf8() as u32);
        malformed(
            span,
            format!("the name of an element cannot begin with {}", shown(first)),
        )
        .label("names begin with a letter or `_`")
        .help("correct the name; the character `<` in text is written `&lt;`")
        .into()
    }

    fn misused_colon(&self, span: Span) -> Error {
        malformed(
            span,
            format!(
                "the colons in the name `{}` are misplaced",
                self.shown(span)
            ),
        )
        .label("a name has at most one colon, between a prefix and the rest")
        .help("remove the colons that are too many")
        .into()
    }

    fn literal_less_than(&self, tag: usize) -> Error {
        let span = Span::new(tag as u32, tag as u32 + 1);
        let message = if self.open.is_empty() {
            "`<` is not followed by the name of an element"
        } else {
            "`<` in text must be written `&lt;`"
        };
        malformed(span, message)
            .label("not the start of a tag")
            .help("write `&lt;` for the character `<`, or correct the tag")
            .into()
    }

    // Inside a start tag.

    /// Neither the end of the tag nor an attribute that may stand here; `blanks` came before it.
    pub(in crate::syntax) fn unexpected_in_tag(
        &self,
        tag: usize,
        name: Name,
        blanks: bool,
    ) -> Error {
        let rest = self.rest(self.pos);
        let Some(c) = rest.chars().next() else {
            return self.cut_off_tag(tag, name);
        };
        let span = self.here(c);
        match c {
            '<' => self.tag_without_end(tag, name),
            '/' => self.stray_slash(tag, name),
            '=' => malformed(span, "`=` has no attribute name before it")
                .label("what is set here?")
                .help("write `name=\"value\"`, or remove it")
                .into(),
            '"' | '\'' => self.stray_quote(span),
            c if is_typographic(c) => self.typographic_quote(span, None),
            _ if self.name(self.pos).is_some() => self.no_blank(name),
            c if is_name_char(c) || c == ':' => self.illegal_attribute_name(c),
            c if blanks || !self.attributes.is_empty() => {
                let finding = malformed(
                    span,
                    format!(
                        "unexpected {} in the tag `<{}>`",
                        shown(c),
                        self.shown(name.span())
                    ),
                )
                .label("not allowed here");
                let help = match c {
                    ',' | ';' => "attributes are separated by blanks only: remove it",
                    _ => "remove it; inside a tag only attributes (`name=\"value\"`) may stand",
                };
                finding.help(help).into()
            }
            c => self.illegal_in_name(c),
        }
    }

    fn cut_off_tag(&self, tag: usize, name: Name) -> Error {
        let message = format!(
            "the document ends inside the tag `<{}`",
            self.shown(name.span())
        );
        cut_off(Span::new(tag as u32, name.end), self.end(), message)
    }

    fn tag_without_end(&self, tag: usize, name: Name) -> Error {
        let shown = self.shown(name.span());
        let next = Span::new(self.pos as u32, self.pos as u32 + 1);
        malformed(
            Span::new(tag as u32, name.end),
            format!("the tag `<{shown}` has no `>`"),
        )
        .label("this tag does not end")
        .also(next, "the next tag begins here")
        .help("write `>` at the end of the tag")
        .into()
    }

    fn stray_slash(&self, tag: usize, name: Name) -> Error {
        let after = self.rest(self.pos + 1);
        let next = after.trim_start_matches(is_blank);
        let slash = Span::new(self.pos as u32, self.pos as u32 + 1);
        if next.is_empty() {
            return self.cut_off_tag(tag, name);
        }
        if next.starts_with('>') {
            let blanks = Span::new(slash.end, slash.end + (after.len() - next.len()) as u32);
            return malformed(blanks, "there is a blank between `/` and `>`")
                .label("delete this")
                .help("an empty element ends with `/>`")
                .into();
        }
        malformed(
            slash,
            format!("stray `/` in the tag `<{}>`", self.shown(name.span())),
        )
        .label("not allowed here")
        .help("remove it; `/` stands only in `/>` and in `</`")
        .into()
    }

    fn stray_quote(&self, span: Span) -> Error {
        match self.attributes.last() {
            Some(&attribute) => {
                let name = self.shown(attribute.span());
                malformed(
                    span,
                    format!("there is a quote too many after the value of `{name}`"),
                )
                .label("not allowed here")
                .help("remove it; a quote within a value is written `&quot;`")
                .into()
            }
            None => malformed(span, "there is a value without an attribute name")
                .label("what is set here?")
                .help("write `name=\"value\"`, or remove it")
                .into(),
        }
    }

    fn no_blank(&self, element: Name) -> Error {
        let next = self.name(self.pos).unwrap_or(element);
        malformed(
            next.span(),
            format!(
                "there is no blank before the attribute `{}`",
                self.shown(next.span())
            ),
        )
        .label("follows directly on a quote")
        .help("separate attributes by a blank")
        .into()
    }

    fn illegal_attribute_name(&self, first: char) -> Error {
        let rest = self.rest(self.pos);
        let run = rest
            .find(|c| !is_name_char(c) && c != ':')
            .unwrap_or(rest.len());
        if rest[..run].contains(':') {
            return self.misused_colon(Span::new(self.pos as u32, (self.pos + run) as u32));
        }
        malformed(
            self.here(first),
            format!(
                "the name of an attribute cannot begin with {}",
                shown(first)
            ),
        )
        .label("names begin with a letter or `_`")
        .help("correct the name, or remove it")
        .into()
    }

    /// A character directly after a name.
    fn illegal_in_name(&self, c: char) -> Error {
        malformed(
            self.here(c),
            format!("{} cannot be part of a name", shown(c)),
        )
        .label("not allowed here")
        .help("remove it; names hold letters, digits, `_`, `-` and `.`")
        .into()
    }

    fn typographic_quote(&self, span: Span, attribute: Option<Name>) -> Error {
        let message = match attribute {
            Some(name) => format!(
                "the value of `{}` has typographic quotes",
                self.shown(name.span())
            ),
            None => "typographic quotes cannot enclose a value".to_owned(),
        };
        malformed(span, message)
            .label("not the quote that XML means")
            .help("write `\"` before and after the value; word processors and chats change quotes")
            .into()
    }

    pub(in crate::syntax) fn attribute_without_equals(&self, tag: usize, name: Name) -> Error {
        let Some(c) = self.rest(self.pos).chars().next() else {
            return self.cut_off_in_tag(tag);
        };
        let (shown_name, blanks) = (self.shown(name.span()), self.pos > name.end as usize);
        match c {
            '"' | '\'' => malformed(name.span(), format!("there is no `=` after `{shown_name}`"))
                .label("an attribute")
                .help(format!("write `{shown_name}=\"…\"`"))
                .into(),
            c if is_typographic(c) => self.typographic_quote(self.here(c), None),
            '<' => match self.name(tag + 1) {
                Some(element) => self.tag_without_end(tag, element),
                None => self.without_value(tag, name),
            },
            '>' | '/' => self.without_value(tag, name),
            _ if blanks => self.without_value(tag, name),
            c => self.illegal_in_name(c),
        }
    }

    /// The tag's name again, for the mistakes of its attributes.
    fn cut_off_in_tag(&self, tag: usize) -> Error {
        match self.name(tag + 1) {
            Some(name) => self.cut_off_tag(tag, name),
            None => self.literal_less_than(tag),
        }
    }

    fn without_value(&self, tag: usize, name: Name) -> Error {
        let shown = self.shown(name.span());
        let finding = malformed(name.span(), format!("the attribute `{shown}` has no value"))
            .label("no value")
            .help(format!("write `{shown}=\"…\"`, or remove it"));
        match self.name(tag + 1) {
            Some(element) if self.attributes.len() == 1 => {
                let element = self.shown(element.span());
                let note = format!(
                    "the name of an element ends at a blank: this is the element `{element}`"
                );
                finding.note(note).into()
            }
            _ => finding.into(),
        }
    }

    pub(in crate::syntax) fn attribute_without_quote(&self, tag: usize, name: Name) -> Error {
        let rest = self.rest(self.pos);
        let shown = self.shown(name.span());
        match rest.chars().next() {
            None => self.cut_off_in_tag(tag),
            Some(c) if is_typographic(c) => self.typographic_quote(self.here(c), Some(name)),
            Some('>' | '<') => self.without_value(tag, name),
            Some('/') if rest.starts_with("/>") => self.without_value(tag, name),
            Some(_) => {
                let end = rest.find(|c| is_blank(c) || c == '>' || c == '<');
                let value = &rest[..end.unwrap_or(rest.len())];
                // The slash of a URL is more likely its own than that of `/>`.
                let value = match value.strip_suffix('/') {
                    Some(shorter) if !value.contains("://") => shorter,
                    _ => value,
                };
                let value = value.trim_end_matches(['"', '\'']);
                let span = Span::new(self.pos as u32, (self.pos + value.len()) as u32);
                malformed(span, format!("the value of `{shown}` is not in quotes"))
                    .label("put this in quotes")
                    .help(format!("write `{shown}=\"{}\"`", excerpt(value)))
                    .into()
            }
        }
    }

    /// The value that begins at `start` meets the end of the text or a `<` at `end`.
    pub(in crate::syntax) fn value_without_end(
        &self,
        tag: usize,
        name: Name,
        start: usize,
        end: usize,
    ) -> Error {
        let shown = self.shown(name.span());
        let quote = Span::new(start as u32 - 1, start as u32);
        let mark = &self.text[start - 1..start];
        if let Some(bracket) = self.text[start..end].find('>') {
            let at = (start + bracket) as u32;
            return malformed(
                quote,
                format!("the value of `{shown}` has no closing quote"),
            )
            .label("opened here and never closed")
            .also(
                Span::new(at, at + 1),
                "the tag was probably meant to end here",
            )
            .help(format!("write `{mark}` at the end of the value"))
            .into();
        }
        if end == self.text.len() {
            let message = format!("the document ends inside the value of `{shown}`");
            return cut_off(Span::new(tag as u32, start as u32), self.end(), message);
        }
        malformed(
            Span::new(end as u32, end as u32 + 1),
            format!("`<` in the value of `{shown}` must be written `&lt;`"),
        )
        .label("not allowed in a value")
        .also(quote, "the value begins here")
        .help(format!(
            "write `&lt;`, or close the value with `{mark}` before it"
        ))
        .into()
    }

    pub(in crate::syntax) fn duplicate_attribute(&self, first: Name, second: Name) -> Error {
        malformed(
            second.span(),
            format!(
                "the attribute `{}` is given twice",
                self.shown(second.span())
            ),
        )
        .label("given again")
        .also(first.span(), "first given here")
        .help("remove one of the two")
        .into()
    }

    // Namespaces.

    /// Refuses the few declarations that are reserved or void.
    pub(in crate::syntax) fn check_namespace(&self, name: Name, value: Span) -> Result<(), Error> {
        let prefix = match name.colon {
            0 => "",
            colon => &self.text[colon as usize + 1..name.end as usize],
        };
        let namespace = self.slice(value);
        if !prefix.is_empty() && namespace.is_empty() {
            let message = format!(
                "the prefix `{}` is declared without a namespace",
                excerpt(prefix)
            );
            return Err(malformed(name.span(), message)
                .label("its value is empty")
                .help("write the namespace that the prefix stands for, or remove the declaration")
                .into());
        }
        let xml = namespace == "http://www.w3.org/XML/1998/namespace";
        let reserved = namespace == "http://www.w3.org/2000/xmlns/" || prefix == "xmlns";
        if reserved || xml != (prefix == "xml") {
            return Err(
                malformed(name.span(), "this declares a reserved prefix or namespace")
                    .label("`xml` and `xmlns` have a fixed meaning")
                    .help("remove the declaration")
                    .into(),
            );
        }
        Ok(())
    }

    pub(in crate::syntax) fn unbound_prefix(&self, name: Name, is_element: bool) -> Error {
        let span = name.prefix().unwrap_or(name.span());
        let prefix = self.shown(span);
        if prefix == "xmlns" {
            return malformed(span, "`xmlns` cannot be the prefix of an element")
                .label("reserved for declarations")
                .help("remove the prefix")
                .into();
        }
        let namespace = match &*prefix {
            "xsi" => "http://www.w3.org/2001/XMLSchema-instance",
            _ => "http://cloudfront.amazonaws.com/doc/2020-05-31/",
        };
        let declare = format!("xmlns:{prefix}=\"{namespace}\"");
        let help = if is_element || prefix == "xsi" {
            format!("remove the prefix, or declare it in the root element: `{declare}`")
        } else {
            "remove the attribute: CloudFront's elements have none but `xmlns`".to_owned()
        };
        malformed(span, format!("the prefix `{prefix}` is not declared"))
            .label(format!("there is no `xmlns:{prefix}` here or further out"))
            .help(help)
            .into()
    }

    // End tags.

    pub(in crate::syntax) fn not_an_end_tag(&self, tag: usize) -> Error {
        let two = Span::new(tag as u32, tag as u32 + 2);
        let expected = match self.open.last() {
            Some(&name) => format!("write `</{}>`", self.shown(name)),
            None => "remove it".to_owned(),
        };
        match self.byte(tag + 2) {
            0 => cut_off(two, self.end(), "the document ends inside an end tag"),
            b'>' => malformed(Span::new(two.start, two.end + 1), "`</>` has no name")
                .label("an end tag without a name")
                .help(expected)
                .into(),
            byte if is(byte, BLANK) => self.blank_in_tag(tag, 2),
            b'/' => malformed(Span::new(two.end, two.end + 1), "`/` stands twice in a row")
                .label("one too many")
                .help(expected)
                .into(),
            _ => self.illegal_name(tag, 2),
        }
    }

    /// Something other than `>` after the name of an end tag.
    pub(in crate::syntax) fn unexpected_in_end_tag(&self, tag: usize, name: Name) -> Error {
        let shown = self.shown(name.span());
        let span = Span::new(tag as u32, name.end);
        let rest = self.rest(self.pos);
        let missing = format!("the end tag `</{shown}` has no `>`");
        match rest.chars().next() {
            None => {
                let message = format!("the document ends inside the end tag `</{shown}`");
                cut_off(span, self.end(), message)
            }
            Some('<') => malformed(span, missing)
                .label("this tag does not end")
                .also(self.here('<'), "the next tag begins here")
                .help(format!("write `</{shown}>`"))
                .into(),
            Some('/') => malformed(
                self.here('/'),
                format!("the end tag `</{shown}>` has a second `/`"),
            )
            .label("delete this")
            .help(format!("write `</{shown}>`"))
            .into(),
            Some(c) if self.pos == name.end as usize => self.illegal_in_name(c),
            Some(_) => {
                let end = rest.find(['<', '>', '\n']).unwrap_or(rest.len());
                let extra = rest[..end].trim_end_matches(is_blank);
                let span = Span::new(self.pos as u32, (self.pos + extra.len()) as u32);
                malformed(
                    span,
                    format!("the end tag `</{shown}>` holds more than a name"),
                )
                .label("delete this")
                .help("attributes belong to the start tag")
                .into()
            }
        }
    }
}
