//! The text of a configuration to its values, each with its place. Every mistake is a finding; none stops the reading.

use std::borrow::Cow;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::date::Date;
use super::keys::{FILE, Key, Kind, Part, Value};
use super::layer::{At, Limit, RuleLevel};
use super::paths::PathPattern;
use super::preset::{PRESETS, Preset};
use crate::document::quoted;
use crate::finding::{Finding, Level};
use crate::placeholder::Placeholder;
use crate::rule::{OPTIONS, Operation, OptionId, RuleId, id};
use crate::schema::ApiVersion;
use crate::source::{Source, Span};
use crate::suggest;
use crate::suppress::{self, ElementPattern, NoPlace};
use crate::triage::{FailOn, Selector};

type Node<'t> = Spanned<DeValue<'t>>;

/// Reads a text with a table of keys.
pub(crate) fn read(source: &Arc<Source>, keys: &'static [&'static [Key]]) -> (Part, Vec<Finding>) {
    let mut reader = Reader {
        findings: Vec::new(),
    };
    if let Some(error) = source.decode_error() {
        let finding = Finding::new(id::MALFORMED_CONFIGURATION, error.span, &error.message[..]);
        reader.findings.push(finding.help(&error.help[..]));
        return (Part::default(), reader.findings);
    }
    let (table, errors) = DeTable::parse_recoverable(source.text());
    if errors.is_empty() {
        let whole = Span::at(0);
        let part = reader.table(table.get_ref(), whole, keys);
        return (part, reader.findings);
    }
    // What was recovered from a broken text would look wrong in other ways, too.
    let mut last_line = 0;
    for error in errors {
        let span = span_of(error.span().unwrap_or_default());
        let line = source.line_of(span.start);
        // One slip makes the rest of its line unreadable.
        if line != last_line {
            let message = format!("this is not TOML: {}", error.message().trim());
            let finding = Finding::new(id::MALFORMED_CONFIGURATION, span, message);
            reader.findings.push(finding);
        }
        last_line = line;
    }
    (Part::default(), reader.findings)
}

fn span_of(range: std::ops::Range<usize>) -> Span {
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(at(range.start), at(range.end))
}

struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    fn table(&mut self, table: &DeTable<'_>, span: Span, keys: &'static [&'static [Key]]) -> Part {
        let mut part = Part {
            span,
            ..Part::default()
        };
        let all = || keys.iter().copied().flatten();
        for (name, node) in table {
            let text = name.get_ref().as_ref();
            let Some(key) = all().find(|key| key.name == text) else {
                self.unknown_key(text, span_of(name.span()), all().map(|key| key.name));
                continue;
            };
            let span = span_of(node.span());
            part.span.end = part.span.end.max(span.end);
            if let Some(value) = self.value(key, node) {
                (key.keep)(&mut part, At { value, span });
            }
        }
        for key in all().filter(|key| key.required) {
            if table.get(key.name).is_none() {
                let message = format!("`{}` is missing", key.name);
                let what = lowercase(key.doc.trim_end_matches('.'));
                self.wrong(span, message).help = Some(format!("add `{}`: {what}", key.name));
            }
        }
        part
    }

    fn unknown_key(
        &mut self,
        name: &str,
        span: Span,
        known: impl Iterator<Item = &'static str> + Clone,
    ) {
        let message = format!("{} is no key here", quoted(name));
        let finding = Finding::new(id::UNKNOWN_CONFIGURATION_KEY, span, message);
        let near = || match suggest::nearest(name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", suggest::alternatives(known.clone(), "and")),
        };
        let help = elsewhere(name).unwrap_or_else(near);
        self.findings.push(finding.help(help));
    }

    /// Whether an entry of a table is a key of the file that came behind the head of the table, which is said.
    fn is_misplaced(&mut self, entry: &Spanned<Cow<'_, str>>) -> bool {
        let is = elsewhere(entry.get_ref()).is_some();
        if is {
            self.unknown_key(entry.get_ref(), span_of(entry.span()), std::iter::empty());
        }
        is
    }

    /// Notes that a value is wrong.
    fn wrong(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        let at = self.findings.len();
        let finding = Finding::new(id::INVALID_CONFIGURATION_VALUE, span, message);
        self.findings.push(finding);
        &mut self.findings[at]
    }

    /// Notes that a value is none of a few words.
    fn unknown_word<'k>(
        &mut self,
        node: &Node<'_>,
        text: &str,
        what: &str,
        known: impl Iterator<Item = &'k str> + Clone,
    ) {
        let help = match suggest::nearest(text, known.clone()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("there are {}", suggest::alternatives(known, "and")),
        };
        let message = format!("{} is no {what}", quoted(text));
        self.wrong(span_of(node.span()), message).help = Some(help);
    }

    fn unknown_rule(&mut self, name: &str, span: Span, what: &str, near: Option<&str>) {
        let message = format!("there is no {what} {}", quoted(name));
        let finding = Finding::new(id::UNKNOWN_CONFIGURED_RULE, span, message);
        self.findings.push(finding.help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if what == "option" => "`cloudfront-lint rules --options` lists them".to_owned(),
            None => "`cloudfront-lint rules` lists them".to_owned(),
        }));
    }

    /// The value of a key; none if it is wrong.
    fn value(&mut self, key: &Key, node: &Node<'_>) -> Option<Value> {
        let name = key.name;
        Some(match key.kind {
            Kind::Flag => Value::Flag(self.flag(name, node)?),
            Kind::Text => {
                let text = self.text(name, node)?;
                Value::Text(self.filled(name, text, span_of(node.span()))?.to_owned())
            }
            Kind::Texts => {
                let mut texts = self.texts(name, node)?;
                texts.retain(|at| self.filled(name, &at.value, at.span).is_some());
                Value::Texts(texts)
            }
            Kind::Place => Value::Place(self.place(name, node)?),
            Kind::Date => Value::Date(self.date(name, node)?),
            Kind::Preset => {
                let known = PRESETS.iter().map(|preset| preset.name);
                Value::Preset(self.word(name, node, "preset", known, Preset::find)?)
            }
            Kind::FailOn => {
                let known = FailOn::ALL.iter().map(|fail_on| fail_on.name());
                Value::FailOn(self.word(name, node, "level", known, FailOn::find)?)
            }
            Kind::ApiVersion => Value::ApiVersion(self.api_version(name, node)?),
            Kind::Operation => {
                let known = Operation::ALL.iter().map(|operation| operation.name());
                let find = |text: &str| Operation::ALL.into_iter().find(|o| o.name() == text);
                Value::Operation(self.word(name, node, "operation", known, find)?)
            }
            Kind::Rule => Value::Rule(self.rule(name, node)?),
            Kind::Selectors => Value::Selectors(self.selectors(name, node)?),
            Kind::Paths => Value::Paths(self.paths(name, node)?),
            Kind::Placeholders => Value::Placeholders(self.placeholders(name, node)?),
            Kind::Levels => Value::Levels(self.levels(name, node)?),
            Kind::Options => Value::Options(self.options(name, node)?),
            Kind::Limits => Value::Limits(self.limits(name, node)?),
            Kind::Tables(keys) => Value::Tables(self.tables(name, node, keys)?),
        })
    }

    /// Notes that a value is of another type; `what` ends a sentence.
    fn mistyped<T>(&mut self, name: &str, node: &Node<'_>, what: &str) -> Option<T> {
        let message = format!("`{name}` must be {what}");
        self.wrong(span_of(node.span()), message);
        None
    }

    fn flag(&mut self, name: &str, node: &Node<'_>) -> Option<bool> {
        let flag = node.get_ref().as_bool();
        flag.or_else(|| self.mistyped(name, node, "true or false"))
    }

    fn text<'n>(&mut self, name: &str, node: &'n Node<'_>) -> Option<&'n str> {
        let text = node.get_ref().as_str();
        text.or_else(|| self.mistyped(name, node, "a string"))
    }

    /// Notes that a text says nothing.
    fn filled<'n>(&mut self, name: &str, text: &'n str, span: Span) -> Option<&'n str> {
        let is_filled = !text.trim().is_empty();
        if !is_filled {
            let finding = self.wrong(span, format!("`{name}` is empty"));
            finding.help = Some("write something, or remove it".to_owned());
        }
        is_filled.then_some(text)
    }

    fn texts(&mut self, name: &str, node: &Node<'_>) -> Option<Vec<At<String>>> {
        let Some(items) = node.get_ref().as_array() else {
            return self.mistyped(name, node, "a list of strings");
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_str() {
                Some(text) => texts.push(At {
                    value: text.to_owned(),
                    span: span_of(item.span()),
                }),
                None => {
                    let () = self.mistyped(name, item, "a list of strings").unwrap_or(());
                }
            }
        }
        Some(texts)
    }

    fn date(&mut self, name: &str, node: &Node<'_>) -> Option<Date> {
        let date = match node.get_ref() {
            DeValue::String(text) => Date::parse(text),
            DeValue::Datetime(date) => Date::parse(&date.to_string()),
            _ => None,
        };
        date.or_else(|| self.mistyped(name, node, "a day, such as 2027-01-31"))
    }

    fn place(&mut self, name: &str, node: &Node<'_>) -> Option<ElementPattern> {
        let text = self.text(name, node)?;
        match ElementPattern::read(text) {
            Ok(place) => Some(place),
            Err(NoPlace { message, help }) => {
                let message = format!("{} {message}", quoted(text));
                self.wrong(span_of(node.span()), message).help = Some(help);
                None
            }
        }
    }

    fn word<T>(
        &mut self,
        name: &str,
        node: &Node<'_>,
        what: &str,
        known: impl Iterator<Item = &'static str> + Clone,
        find: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name, node)?;
        let found = find(text);
        if found.is_none() {
            self.unknown_word(node, text, what, known);
        }
        found
    }

    fn api_version(&mut self, name: &str, node: &Node<'_>) -> Option<ApiVersion> {
        let text = match node.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            _ => self.text(name, node)?.to_owned(),
        };
        let version = ApiVersion::parse(&text);
        if version.is_none() {
            let near = ApiVersion::around(&text).into_iter().flatten();
            let near: Vec<&str> = near.map(ApiVersion::date).collect();
            let message = format!("{} is no API version", quoted(&text));
            self.wrong(span_of(node.span()), message).help =
                Some(format!("the nearest are {}", near.join(" and ")));
        }
        version
    }

    fn rule(&mut self, name: &str, node: &Node<'_>) -> Option<RuleId> {
        let text = self.text(name, node)?;
        let rule = RuleId::find(text);
        if rule.is_none() {
            let near = suggest::nearest(text, RuleId::all().map(RuleId::name));
            self.unknown_rule(text, span_of(node.span()), "rule", near);
        }
        if let (None, Ok(_), Some(finding)) =
            (rule, Selector::parse(text), self.findings.last_mut())
        {
            finding.help = Some(format!("{text} is a group: name one of its rules"));
        }
        let accepted = rule.filter(|rule| suppress::is_acceptable(*rule));
        if rule.is_some() && accepted.is_none() {
            let message = format!("findings of {} cannot be ignored", quoted(text));
            self.wrong(span_of(node.span()), message).help = Some("remove the table".to_owned());
        }
        accepted
    }

    fn selector(&mut self, name: &str, span: Span) -> Option<Selector> {
        let selector = Selector::parse(name).ok();
        if selector.is_none() {
            let near = Selector::nearest(name);
            self.unknown_rule(name, span, "rule or group", near);
        }
        selector
    }

    fn selectors(&mut self, name: &str, node: &Node<'_>) -> Option<Vec<At<Selector>>> {
        let mut selectors = Vec::new();
        for At { value, span } in self.texts(name, node)? {
            selectors.extend(self.selector(&value, span).map(|value| At { value, span }));
        }
        Some(selectors)
    }

    fn paths(&mut self, name: &str, node: &Node<'_>) -> Option<Vec<PathPattern>> {
        let mut patterns = Vec::new();
        for At { value, span } in self.texts(name, node)? {
            match PathPattern::read(&value, span) {
                Ok(pattern) => patterns.push(pattern),
                Err(why) => {
                    let message = format!("{} is no pattern of paths: {why}", quoted(&value));
                    self.wrong(span, message);
                }
            }
        }
        Some(patterns)
    }

    fn placeholders(&mut self, name: &str, node: &Node<'_>) -> Option<Vec<Placeholder>> {
        let mut forms = Vec::new();
        for At { value, span } in self.texts(name, node)? {
            match Placeholder::read(&value) {
                Ok(form) => forms.push(form),
                Err(why) => {
                    self.wrong(span, format!("{} {why}", quoted(&value)));
                }
            }
        }
        Some(forms)
    }

    fn levels(&mut self, name: &str, node: &Node<'_>) -> Option<Vec<At<RuleLevel>>> {
        const WORDS: [&str; 4] = ["error", "warning", "info", "off"];
        let mut levels = Vec::new();
        for (rule, level) in self.entries(name, node, "a table of rules and their levels")? {
            if self.is_misplaced(rule) {
                continue;
            }
            let selector = self.selector(rule.get_ref(), span_of(rule.span()));
            let level = match level.get_ref().as_str() {
                Some(_) => self.word(rule.get_ref(), level, "level", WORDS.into_iter(), level_of),
                None => self.mistyped(
                    rule.get_ref(),
                    level,
                    "error, warning, info or off, as a string",
                ),
            };
            if let (Some(selector), Some(level)) = (selector, level) {
                let span = span_of(rule.span());
                self.refuse_lowering(selector, level, span);
                levels.push(At {
                    value: (selector, level),
                    span,
                });
            }
        }
        Some(levels)
    }

    /// Without mandatory rules a document that nobody could read would pass.
    fn refuse_lowering(&mut self, selector: Selector, level: Option<Level>, span: Span) {
        let Selector::Rule(rule) = selector else {
            return;
        };
        let meta = rule.meta();
        if meta.mandatory && level.is_none_or(|level| level < meta.level) {
            let message = match level {
                None => format!("`{}` cannot be switched off", meta.name),
                Some(_) => format!("`{}` cannot be lowered", meta.name),
            };
            self.wrong(span, message).notes =
                vec!["without it, a document that was not checked would pass".to_owned()];
        }
    }

    fn options(&mut self, name: &str, node: &Node<'_>) -> Option<Vec<At<(OptionId, i64)>>> {
        let mut options = Vec::new();
        for (option, number) in self.entries(name, node, "a table of options and their numbers")? {
            if self.is_misplaced(option) {
                continue;
            }
            let span = span_of(option.span());
            let found = OptionId::find(option.get_ref());
            if found.is_none() {
                let near = suggest::nearest(option.get_ref(), OPTIONS.iter().map(|o| o.name));
                self.unknown_rule(option.get_ref(), span, "option", near);
            }
            let number = self.number(option.get_ref(), number);
            options.extend(found.zip(number).map(|value| At { value, span }));
        }
        Some(options)
    }

    fn limits(&mut self, name: &str, node: &Node<'_>) -> Option<Vec<At<(Limit, u64)>>> {
        let mut limits = Vec::new();
        for (limit, number) in self.entries(name, node, "a table of limits and their numbers")? {
            if self.is_misplaced(limit) {
                continue;
            }
            let span = span_of(limit.span());
            let found = Limit::find(limit.get_ref());
            if found.is_none() {
                let known = Limit::ALL.iter().map(|limit| limit.name());
                self.unknown_key(limit.get_ref(), span, known);
            }
            let number = self.number(limit.get_ref(), number);
            let value = found.zip(number.and_then(|number| u64::try_from(number).ok()));
            limits.extend(value.map(|value| At { value, span }));
        }
        Some(limits)
    }

    fn number(&mut self, name: &str, node: &Node<'_>) -> Option<i64> {
        let integer = node.get_ref().as_integer();
        let number = integer.and_then(|i| i64::from_str_radix(i.as_str(), i.radix()).ok());
        let number = number.filter(|number| *number >= 0);
        number.or_else(|| self.mistyped(name, node, "a whole number, 0 or more"))
    }

    fn entries<'n, 't>(
        &mut self,
        name: &str,
        node: &'n Node<'t>,
        what: &str,
    ) -> Option<&'n DeTable<'t>> {
        let table = node.get_ref().as_table();
        table.or_else(|| self.mistyped(name, node, what))
    }

    fn tables(
        &mut self,
        name: &str,
        node: &Node<'_>,
        keys: &'static [&'static [Key]],
    ) -> Option<Vec<Part>> {
        let what = format!("a list of tables: write [[{name}]]");
        let Some(items) = node.get_ref().as_array() else {
            return self.mistyped(name, node, &what);
        };
        let mut parts = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_table() {
                Some(table) => parts.push(self.table(table, span_of(item.span()), keys)),
                None => return self.mistyped(name, item, &what),
            }
        }
        Some(parts)
    }
}

/// What to do with a key of the file as a whole that stands in a table.
fn elsewhere(name: &str) -> Option<String> {
    let key = FILE
        .iter()
        .copied()
        .flatten()
        .find(|key| key.name == name)?;
    Some(match key.kind {
        Kind::Tables(_) => format!("write [[{name}]]"),
        Kind::Levels | Kind::Options | Kind::Limits => format!("write [{name}]"),
        _ => format!("`{name}` is about the file as a whole: write it above the first table"),
    })
}

/// A sentence as a part of another.
fn lowercase(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}

fn level_of(word: &str) -> Option<Option<Level>> {
    Some(match word {
        "off" => None,
        "info" => Some(Level::Info),
        "warning" => Some(Level::Warning),
        "error" => Some(Level::Error),
        _ => return None,
    })
}
