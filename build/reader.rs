//! Reads TOML with the place of every key, so that a mistake names its line and the nearest legal word.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::schema::Mistake;

/// A value and where it stands.
pub(crate) type Node<'a> = Spanned<DeValue<'a>>;

/// A mistake at byte `offset` of `text`, which is the content of `file`.
pub(crate) fn mistake_at(
    file: &Path,
    text: &str,
    offset: usize,
    message: impl Into<String>,
) -> Mistake {
    let line = match text.is_empty() {
        true => 0,
        false => text[..offset.min(text.len())].matches('\n').count() + 1,
    };
    Mistake {
        file: file.display().to_string().replace('\\', "/"),
        line,
        message: message.into(),
    }
}

/// `; did you mean …?` where a known word is near, else nothing.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(name, k), k))
        .filter(|(distance, _)| *distance <= name.len() / 3 + 1)
        .min()
        .map(|(_, k)| format!("; did you mean `{k}`?"))
        .unwrap_or_default()
}

/// A file that is being read, and what is wrong with it.
pub(crate) struct Reader<'m> {
    pub(crate) path: &'m Path,
    /// The whole file, for line numbers.
    pub(crate) text: &'m str,
    /// Where the TOML begins in it.
    pub(crate) base: usize,
    /// Dates of the API versions, oldest first.
    pub(crate) versions: &'m [String],
    pub(crate) mistakes: &'m mut Vec<Mistake>,
}

impl Reader<'_> {
    /// Notes a mistake at a byte of the TOML.
    pub(crate) fn at(&mut self, offset: usize, message: impl Into<String>) {
        let mistake = mistake_at(self.path, self.text, self.base + offset, message);
        self.mistakes.push(mistake);
    }

    pub(crate) fn known_keys(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys() {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                let near = nearest(name, known.iter().copied());
                self.at(key.span().start, format!("unknown key `{name}`{near}"));
            }
        }
    }

    /// A string that must be there; `at` is where the table stands.
    pub(crate) fn required(&mut self, table: &DeTable<'_>, key: &str, at: usize) -> String {
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
            self.at(value.span().start, format!("`{what}` is a string"));
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
            self.at(
                value.span().start,
                format!("`{text}` is not one of {known}{near}"),
            );
            return None;
        }
        Some(text)
    }

    pub(crate) fn boolean(&mut self, table: &DeTable<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.at(value.span().start, format!("`{key}` is true or false"));
        }
        flag
    }

    pub(crate) fn number(&mut self, table: &DeTable<'_>, key: &str) -> Option<f64> {
        let value = table.get(key)?;
        let number = number(value);
        if number.is_none() {
            self.at(value.span().start, format!("`{key}` is a number"));
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
                self.at(value.span().start, message);
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
        let at = value.span().start;
        let (from, to) = text.split_once("..").unwrap_or((&text, &text));
        let mut end = |date: &str, open: usize| match date {
            "" => open,
            date => self
                .versions
                .iter()
                .position(|v| v == date)
                .unwrap_or_else(|| {
                    let near = nearest(date, self.versions.iter().map(String::as_str));
                    self.at(at, format!("`{date}` is no API version{near}"));
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
    text.replace('_', "").parse().ok()
}

/// A range of versions as Rust source.
pub(crate) fn range_source((first, last): (usize, usize)) -> String {
    format!("VersionRange {{ first: ApiVersion({first}), last: ApiVersion({last}) }}")
}
