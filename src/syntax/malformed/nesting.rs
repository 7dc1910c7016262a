//! Mistakes between tags: elements that do not match, and what stands around the root.

use super::{is_blank, line, malformed, similar, tag_span};
use crate::source::Span;
use crate::syntax::chars::excerpt;
use crate::syntax::scan::{Error, Name, Scanner};

impl Scanner<'_> {
    // Elements that do not match.

    pub(in crate::syntax) fn unclosed_at_end(&self) -> Error {
        let [.., innermost] = self.open[..] else {
            return self.no_root();
        };
        if let Some(error) = self.begun_again() {
            return error;
        }
        let (tag, name) = (tag_span(innermost), self.shown(innermost));
        if let [only] = self.open[..] {
            return malformed(tag_span(only), format!("`<{name}>` is never closed"))
                .label("opened here")
                .also(self.end(), "the document ends here")
                .help(format!("write `</{name}>` where the element ends"))
                .into();
        }
        malformed(self.end(), format!("the document ends inside `<{name}>`"))
            .label("the document ends here")
            .also(tag, "opened here and never closed")
            .note(format!("not closed: {}", self.open_names()))
            .help("the file seems to be cut off: fetch it again, or write the missing end tags")
            .into()
    }

    /// The innermost open elements, innermost first.
    fn open_names(&self) -> String {
        const MOST: usize = 6;
        let names = self.open.iter().rev().take(MOST);
        let names: Vec<String> = names
            .map(|&name| format!("`<{}>`", self.shown(name)))
            .collect();
        match self.open.len().saturating_sub(MOST) {
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        }
    }

    /// `<Enabled>true<Enabled>`: the innermost element was meant to be the end of its parent.
    fn begun_again(&self) -> Option<Error> {
        let [.., first, second] = self.open[..] else {
            return None;
        };
        if self.slice(first) != self.slice(second) {
            return None;
        }
        let name = self.shown(second);
        let message = format!("`<{name}>` stands where `</{name}>` was expected");
        let finding = malformed(tag_span(second), message)
            .label(format!("did you mean `</{name}>`?"))
            .also(tag_span(first), "opened here")
            .help(format!("write `</{name}>` to close the element"));
        Some(finding.into())
    }

    pub(in crate::syntax) fn mismatched_end_tag(&self, name: Name) -> Error {
        let text = self.slice(name.span());
        let Some(&innermost) = self.open.last() else {
            return self.end_tag_outside(name);
        };
        let outer = self.open.iter().rposition(|&open| self.slice(open) == text);
        let is_slip = similar(text, self.slice(innermost));
        match outer {
            // A slip that happens to be the name of the next element outwards is more likely a forgotten tag.
            Some(at) if !is_slip || at + 2 == self.open.len() => self.unclosed(name),
            _ if is_slip => self.misspelt_end_tag(name, innermost),
            _ => self.stray_end_tag(name, innermost),
        }
    }

    /// No element is open.
    fn end_tag_outside(&self, name: Name) -> Error {
        let shown = self.shown(name.span());
        let finding = malformed(
            self.end_tag_span(name),
            format!("`</{shown}>` has no start tag"),
        );
        if self.scan.elements == 0 {
            return finding
                .label("nothing is open here")
                .help("remove it, or write the start tag that it belongs to")
                .into();
        }
        finding
            .label("the root element has already ended")
            .also(tag_span(self.scan.root), "the root element")
            .help("remove it, or check for an end tag that comes too early")
            .into()
    }

    /// The end tag closes an outer element while inner ones are open.
    fn unclosed(&self, end: Name) -> Error {
        let Some(&innermost) = self.open.last() else {
            return self.no_root();
        };
        if let Some(error) = self.begun_again() {
            return error;
        }
        let (inner, outer) = (self.shown(innermost), self.shown(end.span()));
        let end_tag = self.end_tag_span(end);
        let next = self.rest(self.pos).trim_start_matches(is_blank);
        // An outer element of the same name may be the one that ends next.
        let text = self.slice(innermost);
        let same = self.open.iter().filter(|&&open| self.slice(open) == text);
        let next_is_inner = same.count() == 1
            && next
                .strip_prefix("</")
                .and_then(|next| next.strip_prefix(text))
                .is_some_and(|next| next.starts_with(|c| c == '>' || is_blank(c)));
        if next_is_inner {
            let at = (self.text.len() - next.len()) as u32;
            let next = Span::new(at, at + innermost.len() + 3);
            return malformed(end_tag, format!("`<{inner}>` and `<{outer}>` overlap"))
                .label(format!("closes `<{outer}>` while `<{inner}>` is open"))
                .also(tag_span(innermost), format!("`<{inner}>` is opened here"))
                .also(next, "and closed here")
                .help(format!(
                    "close the inner element first: `</{inner}></{outer}>`"
                ))
                .into();
        }
        malformed(tag_span(innermost), format!("`<{inner}>` is never closed"))
            .label("opened here")
            .also(
                end_tag,
                format!("`</{outer}>` comes before any `</{inner}>`"),
            )
            .help(format!("write `</{inner}>` where the element ends"))
            .into()
    }

    fn misspelt_end_tag(&self, end: Name, innermost: Span) -> Error {
        let (right, wrong) = (self.shown(innermost), self.shown(end.span()));
        let finding = malformed(
            self.end_tag_span(end),
            format!("`<{right}>` is closed by `</{wrong}>`"),
        )
        .label(format!("did you mean `</{right}>`?"))
        .also(tag_span(innermost), "opened here")
        .help("give the start tag and the end tag the same name");
        if right.eq_ignore_ascii_case(&wrong) {
            return finding
                .note("capital and small letters are different")
                .into();
        }
        finding.into()
    }

    fn stray_end_tag(&self, end: Name, innermost: Span) -> Error {
        let (open, text) = (self.shown(innermost), self.slice(end.span()));
        let outer = self.open.iter().rev().take(16);
        let meant = outer
            .map(|&name| self.slice(name))
            .find(|name| similar(text, name));
        let help = match meant {
            Some(name) => format!("did you mean `</{}>`?", excerpt(name)),
            None => "remove it, or write the start tag that it belongs to".to_owned(),
        };
        malformed(
            self.end_tag_span(end),
            format!("`</{}>` has no start tag", excerpt(text)),
        )
        .label("closes nothing")
        .also(
            tag_span(innermost),
            format!("the element open here is `<{open}>`"),
        )
        .help(help)
        .into()
    }

    // Around the root.

    pub(in crate::syntax) fn no_root(&self) -> Error {
        malformed(self.end(), "there is no root element")
            .label("the document ends here")
            .help("write a root element such as `<DistributionConfig>`")
            .into()
    }

    pub(in crate::syntax) fn second_root(&self, name: Span) -> Error {
        malformed(
            tag_span(name),
            format!("`<{}>` is a second root element", self.shown(name)),
        )
        .label("the first has already ended")
        .also(tag_span(self.scan.root), "the first root element")
        .help(
            "put each document in a file of its own, or check for an end tag that comes too early",
        )
        .into()
    }

    /// Text before or after the root; `span` begins at its first character.
    pub(in crate::syntax) fn text_outside(&self, span: Span) -> Error {
        let text = self.slice(span);
        let first = Span::new(span.start, span.start + line(text).len() as u32);
        let mark = ["\u{FEFF}", "ï»¿"]
            .into_iter()
            .find(|mark| text.starts_with(mark));
        if let Some(mark) = mark.filter(|_| self.scan.elements == 0) {
            let span = Span::new(span.start, span.start + mark.len() as u32);
            return malformed(span, "there is a second byte order mark")
                .label("an invisible or garbled character")
                .help("delete it: save the file as UTF-8 without a byte order mark")
                .into();
        }
        if self.scan.elements > 0 {
            return malformed(first, "there is text after the root element")
                .label("after the end of the document")
                .also(tag_span(self.scan.root), "the root element")
                .help("remove it, or check for an end tag that comes too early")
                .into();
        }
        if memchr::memchr(b'<', self.bytes).is_none() {
            return malformed(first, "this is not XML: there is no element in it")
                .label("not XML")
                .help("cloudfront-lint reads the XML that the CloudFront API takes")
                .into();
        }
        malformed(first, "there is text before the root element")
            .label("before the first tag")
            .help("remove it: a document begins with `<`")
            .into()
    }
}
