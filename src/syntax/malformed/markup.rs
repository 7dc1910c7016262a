//! Mistakes in comments, CDATA sections, processing instructions and references.

use super::{cut_off, doctype, is_blank, line, malformed, starts_with_ignoring_case};
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::rule::id::INVALID_CHARACTER;
use crate::source::Span;
use crate::suppress;
use crate::syntax::chars::{excerpt, shown};
use crate::syntax::scan::{Error, Name, Scanner};

impl Scanner<'_> {
    // Comments, CDATA sections, processing instructions, document type declarations.

    /// `<!` that begins neither a comment nor a CDATA section allowed here.
    pub(in crate::syntax) fn unknown_declaration(&self, tag: usize) -> Error {
        let rest = self.rest(tag);
        let has = |prefix: &str| starts_with_ignoring_case(rest, prefix);
        let to = |length: usize| Span::new(tag as u32, (tag + length) as u32);
        if has("<!doctype") {
            return doctype(to("<!doctype".len()), "a DOCTYPE");
        }
        let declarations = ["<!entity", "<!element", "<!attlist", "<!notation"];
        if let Some(found) = declarations.into_iter().find(|prefix| has(prefix)) {
            return doctype(to(found.len()), "an entity or element declaration");
        }
        if rest.starts_with("<![CDATA[") {
            return self.text_outside(to(rest.len()));
        }
        if has("<![cdata[") {
            return malformed(to("<![cdata[".len()), "`CDATA` must be in capital letters")
                .label("begins no CDATA section")
                .help("write `<![CDATA[`")
                .into();
        }
        match rest.chars().nth(2) {
            None => cut_off(to(2), self.end(), "the document ends inside a tag"),
            Some(c @ ('-' | '–' | '—')) => self.comment_start(to(2 + c.len_utf8())),
            Some('[') => malformed(to(3), "`<![` begins no CDATA section")
                .label("not followed by `CDATA[`")
                .help("write `<![CDATA[` … `]]>`, or `&lt;` for the character `<`")
                .into(),
            Some(_) => malformed(to(2), "`<!` begins neither a comment nor a CDATA section")
                .label("not followed by `--`")
                .help("write `<!--` for a comment, or `&lt;` for the character `<`")
                .into(),
        }
    }

    /// `--` at `at` in the comment that begins at `tag`.
    pub(in crate::syntax) fn hyphens_in_comment(&self, tag: usize, at: usize) -> Error {
        let start = Span::new(tag as u32, tag as u32 + 4);
        let two = Span::new(at as u32, at as u32 + 2);
        if self.text[..at].ends_with("<!") && at >= tag + 6 {
            let inner = Span::new(two.start - 2, two.end);
            let finding = malformed(inner, "a comment begins inside a comment");
            let finding = finding.label("the comment before has not ended");
            let finding = finding.also(start, "it began here");
            return self
                .with_false_end(finding, tag, at)
                .help("end it with `-->` before this")
                .into();
        }
        match self.rest(at + 2) {
            "" => self.unclosed_comment(tag),
            rest if rest.starts_with("!>") => malformed(
                Span::new(two.start, two.end + 2),
                "a comment ends with `-->`, not `--!>`",
            )
            .label("does not end the comment")
            .also(start, "it began here")
            .help("write `-->`")
            .into(),
            rest => {
                let run = rest.bytes().take_while(|&byte| byte == b'-').count();
                let before = self.text[tag + "<!--".len()..at].trim_start_matches(is_blank);
                let is_ours = before.starts_with(suppress::MARK);
                let help = if is_ours {
                    "write the reason after a single hyphen: `ignore: rule-a, rule-b - reason`"
                } else if rest[run..].starts_with('>') {
                    "a comment ends with exactly `-->`: remove the other hyphens"
                } else {
                    "write a single `-`, or `- -`; a comment ends with `-->`"
                };
                let span = Span::new(two.start, two.end + run as u32);
                let mut finding = malformed(span, "`--` is not allowed inside a comment")
                    .label("only `-->` may have two hyphens")
                    .also(start, "the comment begins here")
                    .help(help);
                finding.fix = is_ours.then(|| Fix {
                    title: "write a single hyphen".to_owned(),
                    safety: Safety::Safe,
                    edits: vec![Edit {
                        span,
                        content: "-".to_owned(),
                    }],
                });
                finding.into()
            }
        }
    }

    pub(in crate::syntax) fn unclosed_comment(&self, tag: usize) -> Error {
        let span = Span::new(tag as u32, tag as u32 + 4);
        let finding = malformed(span, "the comment is never closed").label("begins here");
        self.with_false_end(finding, tag, self.text.len())
            .help("write `-->` where the comment ends")
            .into()
    }

    /// Points at what was probably meant to end the comment.
    fn with_false_end(&self, finding: Finding, tag: usize, end: usize) -> Finding {
        let comment = &self.text[tag..end];
        let ends = ["->", "–>", "—>", "- ->"];
        let found = ends
            .iter()
            .filter_map(|wrong| Some((comment.find(wrong)?, wrong)));
        match found.min() {
            Some((at, wrong)) => {
                let at = (tag + at) as u32;
                let span = Span::new(at, at + wrong.len() as u32);
                finding.also(span, format!("`{wrong}` does not end a comment"))
            }
            None => finding,
        }
    }

    pub(in crate::syntax) fn unclosed_section(&self, tag: usize) -> Error {
        let span = Span::new(tag as u32, tag as u32 + 9);
        malformed(span, "the CDATA section is never closed")
            .label("begins here")
            .help("write `]]>` where it ends")
            .into()
    }

    pub(in crate::syntax) fn section_end_in_text(&self, at: usize) -> Error {
        malformed(
            Span::new(at as u32, at as u32 + 3),
            "`]]>` in text must be written `]]&gt;`",
        )
        .label("there is no CDATA section to end")
        .help("write `]]&gt;`, or remove it if a `<![CDATA[` was removed before")
        .into()
    }

    pub(in crate::syntax) fn not_an_instruction(&self, tag: usize) -> Error {
        let span = Span::new(tag as u32, tag as u32 + 2);
        if self.byte(tag + 2) == 0 {
            return cut_off(span, self.end(), "the document ends inside a tag");
        }
        malformed(span, "`<?` is not followed by a name")
            .label("a name must follow directly")
            .help("remove the blank after it, or write `&lt;` for the character `<`")
            .into()
    }

    /// `<?xml` that does not begin the document, or is not in small letters.
    pub(in crate::syntax) fn late_declaration(&self, tag: usize, target: Name) -> Error {
        let span = Span::new(tag as u32, target.end);
        let target = self.slice(target.span());
        if target != "xml" {
            return malformed(span, format!("`<?{target}` must be written `<?xml`"))
                .label("must be in small letters")
                .help("write `<?xml version=\"1.0\" encoding=\"UTF-8\"?>` at the very start, or remove it")
                .into();
        }
        if let Some(first) = self.scan.declaration {
            return malformed(span, "there is a second XML declaration")
                .label("only the first line may have one")
                .also(first, "the first one")
                .help(
                    "remove this one; if two documents were joined, put each in a file of its own",
                )
                .into();
        }
        let before = &self.text[..tag];
        let blanks = before.len() - before.trim_start_matches(is_blank).len();
        if blanks == tag {
            return malformed(
                Span::new(0, tag as u32),
                "there are blanks or empty lines before the XML declaration",
            )
            .label("delete this")
            .also(span, "the declaration must be the very first characters")
            .help("delete everything before `<?xml`")
            .into();
        }
        let first = Span::new(
            blanks as u32,
            (blanks + line(&before[blanks..]).len()) as u32,
        );
        malformed(
            span,
            "the XML declaration is not at the start of the document",
        )
        .label("allowed only as the very first characters")
        .also(first, "this comes before it")
        .help("move the declaration to the start, or remove it")
        .into()
    }

    pub(in crate::syntax) fn broken_instruction(&self, target: Name) -> Error {
        let name = self.shown(target.span());
        if target.colon != 0 {
            return malformed(
                target.span(),
                format!("the name `{name}` after `<?` cannot have a colon"),
            )
            .label("not allowed here")
            .help("remove the prefix and the colon")
            .into();
        }
        if self.byte(self.pos) == 0 {
            let start = Span::new(target.start - 2, target.end);
            return cut_off(
                start,
                self.end(),
                format!("the document ends inside `<?{name}`"),
            );
        }
        malformed(target.span(), format!("a blank must follow `<?{name}`"))
            .label("not followed by a blank")
            .help("separate the name from what follows, or end it with `?>`")
            .into()
    }

    pub(in crate::syntax) fn unclosed_instruction(&self, tag: usize, target: Name) -> Error {
        let name = self.shown(target.span());
        malformed(
            Span::new(tag as u32, target.end),
            format!("`<?{name}` is never closed"),
        )
        .label("begins here")
        .help("write `?>` where it ends")
        .into()
    }

    // `&`.

    /// `&` that begins none of the five entities.
    pub(in crate::syntax) fn unknown_reference(&self, at: usize) -> Error {
        let name = self.name(at + 1);
        let end = name.map_or(at + 1, |name| name.end as usize);
        let text = &self.text[at + 1..end];
        if self.byte(end) == b';' && !text.is_empty() {
            return self.undefined_entity(Span::new(at as u32, end as u32 + 1), text);
        }
        if let Some(entity) = ENTITIES.into_iter().find(|&entity| entity == text) {
            return malformed(
                Span::new(at as u32, end as u32),
                format!("there is no `;` after `&{entity}`"),
            )
            .label(format!("write `&{entity};`"))
            .help(format!("write `&{entity};`"))
            .into();
        }
        malformed(
            Span::new(at as u32, at as u32 + 1),
            "a bare `&` must be written `&amp;`",
        )
        .label("a lone `&`")
        .help("write `&amp;` for the character `&`, in URLs too: `?a=1&amp;b=2`")
        .into()
    }

    fn undefined_entity(&self, span: Span, name: &str) -> Error {
        let shown = excerpt(name);
        let finding = malformed(span, format!("`&{shown};` is not defined in XML"))
            .label("XML knows only `&amp;` `&lt;` `&gt;` `&quot;` `&apos;`");
        if let Some(entity) = ENTITIES
            .into_iter()
            .find(|entity| name.eq_ignore_ascii_case(entity))
        {
            return finding
                .help(format!("write `&{entity};` in small letters"))
                .into();
        }
        if let Some((_, number)) = HTML_ENTITIES
            .into_iter()
            .find(|(entity, _)| *entity == name)
        {
            return finding
                .help(format!("write `&#{number};` for the character"))
                .into();
        }
        finding
            .help(format!("write `&amp;{shown};` for the text itself"))
            .into()
    }

    /// `&#` without digits or without `;`; the digits end at `end`.
    pub(in crate::syntax) fn broken_character_reference(&self, at: usize, end: usize) -> Error {
        let span = Span::new(at as u32, end as u32);
        let text = self.shown(span);
        let digits = self.byte(end - 1).is_ascii_alphanumeric() && self.byte(end - 1) != b'x';
        if digits && end - at <= 12 && !self.byte(end).is_ascii_alphanumeric() {
            return malformed(span, format!("there is no `;` after `{text}`"))
                .label("a number in place of a character")
                .help(format!("write `{text};`, or `&amp;` for the character `&`"))
                .into();
        }
        malformed(span, "`&#` is not followed by a number and `;`")
            .label("meant as a character?")
            .help("write `&#160;` or `&#xA0;` for a character by its number, `&amp;` for the character `&`")
            .into()
    }

    /// `&#…;` for something that is no character, or none that XML allows.
    pub(in crate::syntax) fn forbidden_reference(
        &self,
        at: usize,
        end: usize,
        c: Option<char>,
    ) -> Error {
        let span = Span::new(at as u32, end as u32);
        let text = self.shown(span);
        let finding = |message| Finding::new(INVALID_CHARACTER, span, message);
        match c {
            Some(c) => finding(format!(
                "`{text}` is the character {}, which is not allowed in XML",
                shown(c)
            ))
            .label("not allowed in any form")
            .help("remove it")
            .into(),
            None => finding(format!("`{text}` is no character"))
                .label("no character has this number")
                .help("correct the number, or remove it")
                .into(),
        }
    }
}

/// The entities that every XML reader knows.
const ENTITIES: [&str; 5] = ["amp", "lt", "gt", "quot", "apos"];

/// Entities of HTML that are met in the wild, with the numbers of their characters.
const HTML_ENTITIES: [(&str, u32); 14] = [
    ("nbsp", 160),
    ("copy", 169),
    ("reg", 174),
    ("auml", 228),
    ("ouml", 246),
    ("uuml", 252),
    ("eacute", 233),
    ("middot", 183),
    ("ndash", 8211),
    ("mdash", 8212),
    ("hellip", 8230),
    ("bull", 8226),
    ("euro", 8364),
    ("trade", 8482),
];
