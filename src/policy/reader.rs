//! Reads TOML with the place of every key, so that a mistake names its place and the nearest legal word.
//!
//! The build script reads the rule book with it, the program the policies of its users.

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and where it stands.
pub(crate) type Node<'a> = Spanned<DeValue<'a>>;

/// Bytes of the TOML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl From<usize> for At {
    fn from(at: usize) -> At {
        At { start: at, end: at }
    }
}

impl From<Range<usize>> for At {
    fn from(span: Range<usize>) -> At {
        At {
            start: span.start,
            end: span.end,
        }
    }
}

/// Something that cannot be meant, and where.
#[derive(Clone, Debug)]
pub(crate) struct Slip {
    pub(crate) at: At,
    pub(crate) message: String,
    /// What was perhaps meant.
    pub(crate) near: Near,
    /// What to do instead; empty if there is nothing to say.
    #[allow(dead_code)] // The build script says it in the message.
    pub(crate) help: String,
}

/// The known word that is nearest to one that is not known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Near(pub(crate) Option<String>);

/// The end of a sentence: `; did you mean …?`, or nothing.
impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(word) => write!(f, "; did you mean `{word}`?"),
            None => Ok(()),
        }
    }
}

/// The known word nearest to another, if one is near.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Near {
    // Long text is never a slip of a name, and the distance costs the product of both lengths.
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return Near(None);
    }
    let near = known
        .into_iter()
        .filter(|k| k.len() <= 2 * LONGEST)
        .map(|k| (strsim::damerau_levenshtein(name, k), k))
        .filter(|(distance, _)| *distance <= name.len() / 3 + 1)
        .min();
    Near(near.map(|(_, k)| k.to_owned()))
}

/// A text that is being read, and what is wrong with it.
pub(crate) struct Reader<'m> {
    /// The TOML.
    pub(crate) text: &'m str,
    /// Dates of the API versions, oldest first.
    pub(crate) versions: &'m [&'m str],
    pub(crate) slips: Vec<Slip>,
}

impl<'m> Reader<'m> {
    pub(crate) fn new(text: &'m str, versions: &'m [&'m str]) -> Reader<'m> {
        Reader {
            text,
            versions,
            slips: Vec::new(),
        }
    }

    /// Notes a mistake at a place in the TOML.
    pub(crate) fn at(&mut self, at: impl Into<At>, message: impl Into<String>) {
        self.unknown(at, message, Near(None));
    }

    /// Notes a word that is not known, and what was perhaps meant.
    pub(crate) fn unknown(&mut self, at: impl Into<At>, message: impl Into<String>, near: Near) {
        self.slips.push(Slip {
            at: at.into(),
            message: message.into(),
            near,
            help: String::new(),
        });
    }

    /// Where the text of a string begins, if it is written letter by letter.
    pub(crate) fn verbatim(&self, at: At, value: &str) -> Option<usize> {
        let written = self.text.get(at.start..at.end)?;
        let quotes = match written.as_bytes().first()? {
            b'"' | b'\'' if written.len() == value.len() + 2 => 1,
            _ if written.len() == value.len() => 0,
            _ => return None,
        };
        let start = at.start + quotes;
        (self.text.get(start..start + value.len())? == value).then_some(start)
    }

    pub(crate) fn known_keys(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys() {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                let near = nearest(name, known.iter().copied());
                self.unknown(key.span(), format!("unknown key `{name}`"), near);
            }
        }
    }

    /// A string that must be there; `at` is where the table stands.
    pub(crate) fn required(&mut self, table: &DeTable<'_>, key: &str, at: impl Into<At>) -> String {
        if table.get(key).is_none() {
            self.at(at, format!("`{key}` is missing"));
        }
        self.string(table, key).unwrap_or_default()
    }

    pub(crate) fn string(&mut self, table: &DeTable<'_>, key: &str) -> Option<String> {
        table.get(key).and_then(|value| self.text(value, key))
    }

    pub(crate) fn text(&mut self, value: &Node<'_>, what: &str) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.at(value.span(), format!("`{what}` is a string"));
        }
        text
    }

    pub(crate) fn one_of(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        known: &[&str],
    ) -> Option<String> {
        let value = table.get(key)?;
        let text = self.text(value, key)?;
        if !known.contains(&text.as_str()) {
            let near = nearest(&text, known.iter().copied());
            let known = known.join(", ");
            self.unknown(
                value.span(),
                format!("`{text}` is not one of {known}"),
                near,
            );
            return None;
        }
        Some(text)
    }

    pub(crate) fn boolean(&mut self, table: &DeTable<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.at(value.span(), format!("`{key}` is true or false"));
        }
        flag
    }

    pub(crate) fn number(&mut self, table: &DeTable<'_>, key: &str) -> Option<f64> {
        let value = table.get(key)?;
        let number = number(value);
        if number.is_none() {
            self.at(value.span(), format!("`{key}` is a number"));
        }
        number
    }

    /// A list of strings; one string stands for a list of one.
    pub(crate) fn strings(&mut self, table: &DeTable<'_>, key: &str) -> Vec<String> {
        table
            .get(key)
            .map(|value| self.texts(value, key))
            .unwrap_or_default()
    }

    pub(crate) fn texts(&mut self, value: &Node<'_>, what: &str) -> Vec<String> {
        if let Some(text) = value.get_ref().as_str() {
            return vec![text.to_owned()];
        }
        let items = value.get_ref().as_array().map(|items| {
            let text = |item: &Node<'_>| item.get_ref().as_str().map(str::to_owned);
            items.iter().map(text).collect::<Option<Vec<String>>>()
        });
        match items {
            Some(Some(items)) => items,
            _ => {
                let message = format!("`{what}` is a string or a list of strings");
                self.at(value.span(), message);
                Vec::new()
            }
        }
    }

    /// A range `A..B` of API versions, as indices.
    pub(crate) fn range(&mut self, table: &DeTable<'_>, key: &str) -> (usize, usize) {
        let all = (0, self.versions.len().saturating_sub(1));
        let (Some(value), Some(text)) = (table.get(key), self.string(table, key)) else {
            return all;
        };
        let at = value.span();
        let (from, to) = text.split_once("..").unwrap_or((&text, &text));
        let mut end = |date: &str, open: usize| match date {
            "" => open,
            date => self
                .versions
                .iter()
                .position(|v| *v == date)
                .unwrap_or_else(|| {
                    let near = nearest(date, self.versions.iter().copied());
                    self.unknown(at.clone(), format!("`{date}` is no API version"), near);
                    open
                }),
        };
        let range = (end(from, all.0), end(to, all.1));
        if range.0 > range.1 {
            self.at(at, "the range of versions is empty");
        }
        range
    }
}

pub(crate) fn number(value: &Node<'_>) -> Option<f64> {
    let value = value.get_ref();
    let text = value
        .as_integer()
        .map(|i| i.as_str().to_owned())
        .or_else(|| value.as_float().map(|f| f.as_str().to_owned()))?;
    let number: f64 = text.replace('_', "").parse().ok()?;
    number.is_finite().then_some(number)
}
