//! A first configuration, fitted to the documents that are there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::keys::{FILE, Key, Kind};
use super::preset::PRESETS;
use super::show::quoted;
use crate::document::{Document, Element};
use crate::rules::template_leftover;
use crate::schema::ApiVersion;
use crate::value::arn::Arn;

/// What a first configuration depends on.
#[derive(Debug, Default)]
pub struct Survey {
    /// How many documents have each root.
    roots: BTreeMap<&'static str, usize>,
    /// How many are of each API version.
    versions: BTreeMap<ApiVersion, usize>,
    /// Forms of placeholders, each with the first place where it stands.
    placeholders: BTreeMap<&'static str, String>,
    /// Accounts whose certificates are named.
    accounts: BTreeSet<String>,
}

impl Survey {
    /// Looks at a document; one that is none of CloudFront is passed over.
    pub fn add(&mut self, document: &Document<'_>) {
        let Some(recognised) = document.recognised() else {
            return;
        };
        *self.roots.entry(recognised.root.name).or_default() += 1;
        *self.versions.entry(document.version()).or_default() += 1;
        for element in document.elements().filter(|e| !e.has_children()) {
            self.add_value(element);
        }
    }

    fn add_value(&mut self, element: Element<'_>) {
        if let Some(form) = template_leftover::form(element) {
            let source = element.document().source();
            let line = source.line_of(element.value_span().start);
            let place = || format!("{}:{line}", source.name());
            self.placeholders.entry(form).or_insert_with(place);
        }
        if element.name() == "ACMCertificateArn"
            && let Some(arn) = Arn::parse(element.value())
        {
            self.accounts.insert(arn.account.text.to_owned());
        }
    }

    /// Whether any document was found.
    pub fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    /// The configuration: what fits the documents, and every other key as a comment.
    pub fn configuration(&self) -> String {
        let mut text = String::from("# Configuration of cloudfront-lint.\n");
        comment(&mut text, &self.found());
        let keys = || FILE.iter().copied().flatten();
        let is_table = |key: &&Key| {
            matches!(
                key.kind,
                Kind::Levels | Kind::Options | Kind::Limits | Kind::Tables(_)
            )
        };
        // What stands behind a table would belong to it.
        for key in keys().filter(|key| !is_table(key)) {
            self.value(&mut text, key);
        }
        for key in keys().filter(is_table) {
            self.table(&mut text, key);
        }
        text
    }

    /// What was found, in words.
    fn found(&self) -> String {
        if self.is_empty() {
            return "No CloudFront document was found when this file was written.".to_owned();
        }
        let roots = self
            .roots
            .iter()
            .map(|(name, count)| format!("{count} {name}"));
        let versions = self
            .versions
            .iter()
            .map(|(version, count)| format!("{version} ({count})"));
        format!(
            "Documents that were found when it was written: {}; API versions: {}.",
            roots.collect::<Vec<_>>().join(", "),
            versions.collect::<Vec<_>>().join(", "),
        )
    }

    fn value(&self, text: &mut String, key: &Key) {
        text.push('\n');
        comment(text, key.doc);
        match key.name {
            "preset" => {
                for preset in &PRESETS {
                    comment(text, &format!("{}: {}.", preset.name, preset.summary));
                }
                text.push_str("preset = \"default\"\n");
            }
            "placeholders" if !self.placeholders.is_empty() => {
                let places = self.placeholders.iter();
                let places: Vec<String> = places
                    .map(|(form, place)| format!("{form} in {place}"))
                    .collect();
                comment(text, &format!("Found: {}.", places.join(", ")));
                let forms: Vec<String> =
                    self.placeholders.keys().map(|form| quoted(form)).collect();
                let _ = writeln!(text, "placeholders = [{}]", forms.join(", "));
            }
            name => {
                let _ = writeln!(text, "# {name} = {}", key.example);
            }
        }
    }

    fn table(&self, text: &mut String, key: &Key) {
        text.push('\n');
        comment(text, key.doc);
        let header = match key.kind {
            Kind::Tables(_) => format!("[[{}]]", key.name),
            _ => format!("[{}]", key.name),
        };
        if key.name == "rules" && self.accounts.len() > 1 {
            let count = self.accounts.len();
            comment(
                text,
                &format!(
                    "The documents name certificates of {count} accounts, so they are not compared with each other as those of one."
                ),
            );
            let _ = writeln!(text, "{header}\nfleet = \"off\"");
            return;
        }
        for line in std::iter::once(&header[..]).chain(key.example.lines()) {
            let _ = writeln!(text, "# {line}");
        }
    }
}

/// Adds a sentence as comments of a width that people read.
fn comment(text: &mut String, words: &str) {
    crate::explain::push_wrapped(text, "# ", "# ", words);
}
