//! What one comment says: `cloudfront-lint ignore: rule-a, rule-b - reason`.

use crate::check::{is_blank, trimmed};
use crate::rule::RuleId;
use crate::source::Span;
use crate::suggest;

/// How a comment begins that is meant for this program.
pub(crate) const MARK: &str = env!("CARGO_PKG_NAME");
/// The form, for help.
const FORM: &str = "<!-- cloudfront-lint ignore: rule-a, rule-b - reason -->";

/// What stands between the rules and the reason. Two hyphens are what no comment may hold; editors that know this, or
/// make typography of them, leave one of the others.
const DASHES: [char; 3] = ['-', '–', '—'];
/// What people write for `ignore`, as other tools have it.
const LIKE_IGNORE: [&str; 9] = [
    "ignore",
    "ignore-next",
    "ignore-next-line",
    "disable-next-line",
    "ignore-file",
    "disable",
    "suppress",
    "skip",
    "allow",
];

/// A comment that is understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// The names of rules, in order; at least one.
    pub(super) names: Vec<Span>,
    /// The reason, if there is one.
    pub(super) reason: Option<Span>,
}

/// A comment that is not.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The smallest text that is wrong.
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: String,
    /// Text in whose place another makes sense of it.
    pub(super) fix: Option<(Span, String)>,
}

/// Reads a comment, given from `<!--` to `-->`; none if it is not meant for this program.
pub(super) fn read(text: &str, comment: Span) -> Option<Result<Words, Mistake>> {
    let (start, end) = (comment.start as usize + 4, comment.end as usize - 3);
    let whole = text.get(start..end)?;
    let inner = trimmed(whole);
    let mark = inner.get(..MARK.len())?;
    if !mark.eq_ignore_ascii_case(MARK) {
        return None;
    }
    let reader = Reader {
        text,
        start: start + (inner.as_ptr().addr() - whole.as_ptr().addr()),
        end: start + (inner.as_ptr().addr() - whole.as_ptr().addr()) + inner.len(),
    };
    Some(reader.read())
}

/// Reads what stands between two places of a text.
struct Reader<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

impl<'t> Reader<'t> {
    fn read(&self) -> Result<Words, Mistake> {
        let behind_mark = self.start + MARK.len();
        let exact = self.text[self.start..behind_mark] == *MARK;
        let word = self.skip_blanks(behind_mark);
        let word_end = self.end_of_word(word);
        let colon = self.skip_blanks(word_end);
        let instruction = &self.text[word..word_end];
        let is_form = exact && word > behind_mark && instruction == "ignore";
        if !is_form || !self.rest(colon).starts_with(':') {
            return Err(self.not_the_form());
        }
        self.list(colon + 1)
    }

    /// The rules and the reason from a place on.
    fn list(&self, from: usize) -> Result<Words, Mistake> {
        let (list_end, reason) = self.split(from);
        let mut names = Vec::new();
        let mut at = from;
        for item in self.text[from..list_end].split(',') {
            let name = trimmed(item);
            let span = self.span_of(name, at);
            at += item.len() + 1;
            if name.is_empty() {
                continue;
            }
            if name.contains(is_blank) || name.contains([';', ':', '(']) {
                return Err(self.more_than_a_name(span));
            }
            names.push(span);
        }
        match names.is_empty() {
            true => Err(self.no_name(from)),
            false => Ok(Words { names, reason }),
        }
    }

    /// Where the list of rules ends, and the reason behind it.
    fn split(&self, from: usize) -> (usize, Option<Span>) {
        let rest = self.rest(from);
        let mut before = Some(' ');
        for (at, c) in rest.char_indices() {
            let after = rest[at + c.len_utf8()..].chars().next();
            if DASHES.contains(&c) && before.is_none_or(is_blank) && after.is_none_or(is_blank) {
                let reason = trimmed(&rest[at + c.len_utf8()..]);
                let span = self.span_of(reason, from + at + c.len_utf8());
                return (from + at, (!reason.is_empty()).then_some(span));
            }
            before = Some(c);
        }
        (self.end, None)
    }

    /// Something that is no `cloudfront-lint ignore:`, such as `cloudfront-lint-ignore` or `ingore`.
    fn not_the_form(&self) -> Mistake {
        let mark_end = self.start + MARK.len();
        let is_joint = |c: char| is_blank(c) || matches!(c, '-' | '_' | ':' | '.' | ',');
        let word = mark_end + self.length(mark_end, is_joint);
        let word_end = self.end_of_word(word);
        let instruction = &self.text[word..word_end];
        let meant = LIKE_IGNORE
            .iter()
            .any(|known| suggest::nearest(instruction, [*known]).is_some());
        let list = word_end + self.length(word_end, is_joint);
        let span = Span::new(self.start as u32, word_end.max(mark_end) as u32);
        let fix = match self.list(list) {
            Ok(words) if meant && self.any_known(&words) => {
                let span = Span::new(self.start as u32, list as u32);
                Some((span, format!("{MARK} ignore: ")))
            }
            _ => None,
        };
        let seen = crate::output::visible(crate::document::cut(
            &self.text[self.start..span.end as usize],
        ));
        Mistake {
            span,
            message: format!("`{seen}` is not understood, and nothing is ignored"),
            help: match fix {
                Some(_) => "write `cloudfront-lint ignore:` and the rules".to_owned(),
                None => format!("write {FORM}, or begin the comment with another word"),
            },
            fix,
        }
    }

    fn any_known(&self, words: &Words) -> bool {
        let known = |span: &Span| RuleId::find(self.slice(*span)).is_some();
        words.names.iter().any(known)
    }

    /// An item of the list that is more than the name of a rule: mostly a reason without a hyphen.
    fn more_than_a_name(&self, item: Span) -> Mistake {
        let text = self.slice(item);
        let length = text
            .find(|c: char| is_blank(c) || matches!(c, ';' | ':' | '('))
            .unwrap_or(text.len());
        let joint = self.length(item.start as usize + length, |c| {
            is_blank(c) || matches!(c, ';' | ':')
        });
        let gap = item.start + length as u32;
        let gap = Span::new(gap, gap + joint as u32);
        let behind = &text[(length + joint).min(text.len())..];
        let next = behind
            .split(|c: char| is_blank(c))
            .next()
            .unwrap_or_default();
        let is_list = RuleId::find(next).is_some();
        let name = &text[..length];
        let (help, between) = match is_list {
            true => ("separate rules by commas", ", "),
            false => (
                "write the reason after a hyphen between blanks: ` - `",
                " - ",
            ),
        };
        let known = RuleId::find(name).is_some() && !behind.is_empty();
        let shown = crate::output::visible(crate::document::cut(name));
        Mistake {
            span: Span::new(gap.end.min(item.end), item.end),
            message: format!(
                "there is no comma and no hyphen after `{shown}`, and nothing is ignored"
            ),
            help: help.to_owned(),
            fix: known.then(|| (gap, between.to_owned())),
        }
    }

    fn no_name(&self, from: usize) -> Mistake {
        Mistake {
            span: Span::new(self.start as u32, from as u32),
            message: "the comment names no rule, and nothing is ignored".to_owned(),
            help: format!("write {FORM}"),
            fix: None,
        }
    }

    fn rest(&self, from: usize) -> &'t str {
        &self.text[from.min(self.end)..self.end]
    }

    fn slice(&self, span: Span) -> &'t str {
        &self.text[span.start as usize..span.end as usize]
    }

    /// Length of the characters from a place on for which something holds.
    fn length(&self, from: usize, holds: impl Fn(char) -> bool) -> usize {
        let rest = self.rest(from);
        rest.find(|c| !holds(c)).unwrap_or(rest.len())
    }

    fn skip_blanks(&self, from: usize) -> usize {
        from + self.length(from, is_blank)
    }

    /// Letters and hyphens that are not the hyphen before a reason.
    fn end_of_word(&self, from: usize) -> usize {
        from + self.length(from, |c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    }

    /// Where a part of the text stands; `or` where it is empty.
    fn span_of(&self, part: &str, or: usize) -> Span {
        if part.is_empty() {
            return Span::at(or as u32);
        }
        let start = part.as_ptr().addr() - self.text.as_ptr().addr();
        Span::new(start as u32, (start + part.len()) as u32)
    }
}
