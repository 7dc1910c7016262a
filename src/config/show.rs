//! What holds for a file, and where each value is from.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::layer::{At, Layer, Limit};
use super::{Config, Date, Profile};
use crate::policy::Policies;
use crate::rule::{OPTIONS, OptionId, RuleId};
use crate::source::{Source, Span};
use crate::triage::{Choice, Standing};

/// A value that holds, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The table of the configuration in which it would stand; none for the top.
    pub table: Option<&'static str>,
    /// The key.
    pub key: &'static str,
    /// The value as TOML; none: nobody says.
    pub value: Option<String>,
    /// Where it is from: `command line`, `cloudfront-lint.toml:3`, `preset strict` or `default`.
    pub origin: String,
}

/// The table whose first key begins another one of it.
const IGNORE: &str = "[ignore]";

impl Setting {
    /// A text that the command line gives.
    pub(crate) fn given(key: &'static str, text: &str) -> Setting {
        Setting {
            table: None,
            key,
            value: Some(quoted(text)),
            origin: From::CommandLine.origin(Span::at(0)),
        }
    }

    /// The head of its table, if the setting is the first in it.
    pub(crate) fn head(&self, before: Option<&Setting>) -> Option<String> {
        let table = self.table?;
        let is_new = before.is_none_or(|before| before.table != self.table);
        (is_new || table == IGNORE && self.key == "rule").then(|| format!("[{table}]"))
    }
}

/// A place that says something.
struct Said<'a> {
    layer: &'a Layer,
    from: From<'a>,
}

#[derive(Clone, Copy)]
enum From<'a> {
    Preset(&'static str),
    File(&'a Source),
    Override(&'a Source),
    CommandLine,
}

impl From<'_> {
    /// In words; `span` is where the value is written.
    fn origin(self, span: Span) -> String {
        let line = |source: &Source| format!("{}:{}", source.name(), source.line_of(span.start));
        match self {
            From::Preset(name) => format!("preset {name}"),
            From::File(source) => line(source),
            From::Override(source) => format!("{} (override)", line(source)),
            From::CommandLine => "command line".to_owned(),
        }
    }
}

/// Everything that holds for a file; `path` is absolute, without `..` and links, and `policies` are all that were read for
/// it. The rules are those that have another standing than by default. `today` decides what is accepted no longer.
pub fn settings(
    config: Option<&Arc<Config>>,
    path: &Path,
    over: &Layer,
    policies: &Policies,
    today: Option<Date>,
) -> Vec<Setting> {
    let preset = config.and_then(|config| config.preset.as_ref());
    let preset_layer = preset.map(|preset| preset.value.layer());
    let mut said = Vec::new();
    if let (Some(preset), Some(layer)) = (preset, &preset_layer) {
        let from = From::Preset(preset.value.name);
        said.push(Said { layer, from });
    }
    if let Some(config) = config {
        let from = From::File(&config.source);
        said.push(Said {
            layer: &config.base,
            from,
        });
        let overrides = config.overrides_of(path);
        let overrides = overrides
            .iter()
            .filter_map(|index| config.overrides.get(*index));
        said.extend(overrides.map(|one| Said {
            layer: &one.layer,
            from: From::Override(&config.source),
        }));
    }
    let from = From::CommandLine;
    said.push(Said { layer: over, from });
    let mut settings = of_file(config, over);
    settings.extend(single(&said));
    settings.extend(rules(&said, policies));
    settings.extend(numbers(&said));
    settings.extend(ignored(config, path, today));
    settings
}

/// What a file says once for all documents.
fn of_file(config: Option<&Arc<Config>>, over: &Layer) -> Vec<Setting> {
    let Some(config) = config else {
        return Vec::from_iter(policies(None, over));
    };
    let at = |span| From::File(&config.source).origin(span);
    let mut settings = vec![Setting {
        table: None,
        key: "preset",
        value: Some(quoted(
            config.preset.as_ref().map_or("default", |p| p.value.name),
        )),
        origin: config.preset.as_ref().map_or_else(default, |p| at(p.span)),
    }];
    let texts = |key, texts: Vec<&str>, span| Setting {
        table: None,
        key,
        value: Some(list(texts)),
        origin: at(span),
    };
    if let Some(first) = config.exclude.0.first() {
        let patterns = config.exclude.0.iter().map(|pattern| &pattern.text[..]);
        settings.push(texts("exclude", patterns.collect(), first.span));
    }
    settings.extend(policies(Some(config), over));
    settings.push(require_reason(config));
    settings.extend(config.baseline.as_ref().map(|baseline| Setting {
        table: None,
        key: "baseline",
        value: Some(quoted(&baseline.value)),
        origin: at(baseline.span),
    }));
    settings
}

/// The policies of the file, and those of the command line, which add to them.
fn policies(config: Option<&Arc<Config>>, over: &Layer) -> Option<Setting> {
    let of_file = config.map_or(&[][..], |config| &config.policies);
    let given = over.policies.files();
    let mut places = Vec::new();
    if let (Some(config), Some(first)) = (config, of_file.first()) {
        places.push(From::File(&config.source).origin(first.span));
    }
    if !given.is_empty() {
        places.push(From::CommandLine.origin(Span::at(0)));
    }
    let files = of_file.iter().map(|policy| &policy.value[..]);
    let files = files.chain(given.iter().map(|file| &file.name[..]));
    (!places.is_empty()).then(|| Setting {
        table: None,
        key: "policies",
        value: Some(list(files.collect())),
        origin: places.join(" and "),
    })
}

fn require_reason(config: &Config) -> Setting {
    let preset = config.preset.as_ref().map(|preset| preset.value);
    let of_preset = preset.filter(|preset| preset.require_reason.is_some());
    let origin = match (config.require_reason_at, of_preset) {
        (Some(span), _) => From::File(&config.source).origin(span),
        (None, Some(preset)) => From::Preset(preset.name).origin(Span::at(0)),
        (None, None) => default(),
    };
    Setting {
        table: None,
        key: "require-reason",
        value: Some(config.require_reason.to_string()),
        origin,
    }
}

/// The `[[ignore]]` tables that hold for a file.
fn ignored(config: Option<&Arc<Config>>, path: &Path, today: Option<Date>) -> Vec<Setting> {
    let Some(config) = config else {
        return Vec::new();
    };
    let mut settings = Vec::new();
    let holding = config.ignored_of(path, today).into_iter();
    for one in holding.filter_map(|index| config.ignored.get(index)) {
        let mut put = |key, value: String, span| {
            settings.push(Setting {
                table: Some(IGNORE),
                key,
                value: Some(value),
                origin: From::File(&config.source).origin(span),
            });
        };
        put("rule", quoted(one.rule.value.name()), one.rule.span);
        if let Some(at) = &one.at {
            put("at", quoted(&at.value.to_string()), at.span);
        }
        if let Some(reason) = &one.reason {
            put("reason", quoted(&reason.value), reason.span);
        }
        if let Some(until) = &one.until {
            put("until", until.value.to_string(), until.span);
        }
    }
    settings
}

/// The value of the last place that has one.
fn last<'a, T>(
    said: &'a [Said<'a>],
    value: impl Fn(&'a Layer) -> Option<&'a At<T>>,
) -> Option<(&'a T, String)> {
    let mut said = said.iter().rev();
    said.find_map(|said| {
        let at = value(said.layer)?;
        Some((&at.value, said.from.origin(at.span)))
    })
}

fn single(said: &[Said<'_>]) -> Vec<Setting> {
    let setting = |key, found: Option<(String, String)>, otherwise: Option<String>| {
        let (value, origin) = match found {
            Some((value, origin)) => (Some(value), origin),
            None => (otherwise, default()),
        };
        Setting {
            table: None,
            key,
            value,
            origin,
        }
    };
    let fail_on = last(said, |layer| layer.fail_on.as_ref());
    let version = last(said, |layer| layer.api_version.as_ref());
    let operation = last(said, |layer| layer.operation.as_ref());
    let placeholders = last(said, |layer| layer.placeholders.as_ref());
    let first = Profile::default().fail_on.name();
    vec![
        setting(
            "fail-on",
            fail_on.map(|(f, from)| (quoted(f.name()), from)),
            Some(quoted(first)),
        ),
        setting(
            "api-version",
            version.map(|(v, from)| (quoted(v.date()), from)),
            None,
        ),
        setting(
            "operation",
            operation.map(|(o, from)| (quoted(o.name()), from)),
            None,
        ),
        setting(
            "placeholders",
            placeholders
                .map(|(forms, from)| (list(forms.iter().map(|f| f.text()).collect()), from)),
            Some("[]".to_owned()),
        ),
    ]
}

/// Rules that have another standing than by default, each with the place that decided last.
fn rules(said: &[Said<'_>], policies: &Policies) -> Vec<Setting> {
    let choices: Vec<Choice> = said.iter().map(|said| said.layer.choice()).collect();
    let of_rule = |rule: RuleId| {
        let mut standing = Standing::On(None);
        let mut origin = None;
        for (said, choice) in said.iter().zip(&choices) {
            let next = choice.over(standing, rule);
            if next != standing || narrowest(said.layer, rule).is_some() {
                let span = narrowest(said.layer, rule).unwrap_or(Span::at(0));
                origin = Some(said.from.origin(span));
            }
            standing = next;
        }
        let value = match standing.of_rule(rule) {
            Standing::On(None) => return None,
            Standing::On(Some(level)) => level.name(),
            Standing::Off => "off",
        };
        Some(Setting {
            table: Some("rules"),
            key: rule.name(),
            value: Some(quoted(value)),
            origin: origin?,
        })
    };
    let all = RuleId::all().chain(policies.rules().iter().copied());
    all.filter_map(of_rule).collect()
}

/// Where the narrowest word of a layer on a rule is written; that of a list of others if it only leaves the rule out.
fn narrowest(layer: &Layer, rule: RuleId) -> Option<Span> {
    let lists = [&layer.select, &layer.ignore];
    let listed = lists.into_iter().flatten().flat_map(|list| &list.value);
    let listed = listed.map(|at| (at.value, at.span));
    let levels = layer.rules.iter().map(|at| (at.value.0, at.span));
    let weighed = listed
        .chain(levels)
        .filter_map(|(selector, span)| Some((selector.weight(rule)?, span)));
    let narrowest = weighed.max_by_key(|(weight, _)| *weight);
    narrowest
        .map(|(_, span)| span)
        .or(layer.select.as_ref().map(|list| list.span))
}

/// Options that somebody has set, and all limits.
fn numbers(said: &[Said<'_>]) -> Vec<Setting> {
    let options = OPTIONS.iter().filter_map(|option| {
        let id = OptionId::find(option.name)?;
        let (value, origin) = last(said, |layer| {
            layer.options.iter().rev().find(|at| at.value.0 == id)
        })?;
        Some(Setting {
            table: Some("options"),
            key: option.name,
            value: Some(value.1.to_string()),
            origin,
        })
    });
    let defaults = Profile::default().settings.limits;
    let limits = Limit::ALL.into_iter().map(|limit| {
        let set = last(said, |layer| {
            layer.limits.iter().rev().find(|at| at.value.0 == limit)
        });
        let (number, origin) = match set {
            Some((value, origin)) => (value.1, origin),
            None => (limit.get(&defaults), default()),
        };
        Setting {
            table: Some("limits"),
            key: limit.name(),
            value: Some(number.to_string()),
            origin,
        }
    });
    options.chain(limits).collect()
}

fn default() -> String {
    "default".to_owned()
}

/// A text as TOML.
pub(crate) fn quoted(text: &str) -> String {
    // What JSON escapes, TOML reads in the same way.
    serde_json::Value::from(text).to_string()
}

fn list(texts: Vec<&str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            // The rule of a policy.
            Some(value) if self.key.contains('/') => write!(f, "{} = {value}", quoted(self.key)),
            Some(value) => write!(f, "{} = {value}", self.key),
            None if self.key == "operation" => {
                f.write_str("# operation: update beside an older document, else create")
            }
            None => write!(f, "# {}: that of each document", self.key),
        }
    }
}
