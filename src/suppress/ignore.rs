//! Findings that the configuration accepts: its `[[ignore]]` tables.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{ElementPath, Ran, is_acceptable};
use crate::config::{Config, Date, Ignored};
use crate::finding::{Acceptance, Acceptor, Edit, Finding, Fix, Safety};
use crate::rule::id;
use crate::source::{Source, Span};

/// The tables of a configuration that hold for some documents.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    config: Arc<Config>,
    /// Their indices.
    holding: Vec<usize>,
    effects: Arc<Effects>,
}

/// What came of each table in a run. Marks are only ever set, so that no order of documents makes a difference.
#[derive(Debug, Default)]
pub(crate) struct Effects(Vec<Effect>);

#[derive(Debug, Default)]
struct Effect {
    /// It holds for some document.
    holds: AtomicBool,
    /// Its rule ran on some document for which it holds.
    looked_for: AtomicBool,
    /// Some document for which it holds could not be read: nobody knows what it would accept there.
    unread: AtomicBool,
    /// It accepted a finding.
    used: AtomicBool,
}

impl Effects {
    pub(crate) fn of(config: &Config) -> Arc<Effects> {
        let effects = config.ignored.iter().map(|_| Effect::default());
        Arc::new(Effects(effects.collect()))
    }
}

fn set(mark: &AtomicBool) {
    mark.store(true, Ordering::Relaxed);
}

fn is_set(mark: &AtomicBool) -> bool {
    mark.load(Ordering::Relaxed)
}

impl Ignored {
    /// Whether its last day has passed.
    pub fn is_expired(&self, today: Option<Date>) -> bool {
        let until = self.until.as_ref().map(|at| at.value);
        today.zip(until).is_some_and(|(today, until)| today > until)
    }

    fn accepts(&self, element: &ElementPath<'_>) -> bool {
        (self.at.as_ref()).is_none_or(|at| at.value.holds(element))
    }
}

impl Accepted {
    /// None if no table holds.
    pub(crate) fn new(
        config: &Arc<Config>,
        holding: Vec<usize>,
        effects: &Arc<Effects>,
    ) -> Option<Arc<Accepted>> {
        for index in &holding {
            if let Some(effect) = effects.0.get(*index) {
                set(&effect.holds);
            }
        }
        let accepted = || Accepted {
            config: Arc::clone(config),
            holding: holding.clone(),
            effects: Arc::clone(effects),
        };
        (!holding.is_empty()).then(|| Arc::new(accepted()))
    }

    fn tables(&self) -> impl Iterator<Item = (&Ignored, &Effect)> {
        let table = |index: &usize| {
            let ignored = self.config.ignored.get(*index)?;
            Some((ignored, self.effects.0.get(*index)?))
        };
        self.holding.iter().filter_map(table)
    }

    /// Marks the findings that are accepted, but for those that a comment accepts already. Of several tables that accept
    /// one, the first is used.
    pub(crate) fn mark(&self, findings: &mut [Finding]) {
        let open = findings
            .iter_mut()
            .filter(|f| !f.suppressed && is_acceptable(f.rule));
        for finding in open {
            let of_rule = |(ignored, _): &(&Ignored, _)| ignored.rule.value == finding.rule;
            let mut tables = self.tables().filter(of_rule).peekable();
            if tables.peek().is_none() {
                continue;
            }
            let element = ElementPath::of(&finding.element);
            if let Some((ignored, effect)) = tables.find(|(ignored, _)| ignored.accepts(&element)) {
                set(&effect.used);
                finding.suppressed = true;
                let reason = ignored.reason.as_ref();
                finding.accepted = Some(Acceptance {
                    by: Acceptor::Configuration,
                    reason: reason.map(|reason| reason.value.as_str().into()),
                });
            }
        }
    }

    /// Notes which rules were looked for in a document.
    pub(crate) fn note(&self, ran: Ran<'_>) {
        for (ignored, effect) in self.tables() {
            if ran.has(ignored.rule.value) {
                set(&effect.looked_for);
            }
        }
    }

    /// Notes that a document could not be read.
    pub(crate) fn note_unread(&self) {
        for (_, effect) in self.tables() {
            set(&effect.unread);
        }
    }
}

/// What is wrong with the tables of a configuration after a run. `covered`: the run looked at all files of which they
/// may speak.
pub(crate) fn complaints(
    config: &Config,
    effects: &Effects,
    covered: bool,
    today: Option<Date>,
) -> Vec<Finding> {
    let mut complaints = Vec::new();
    for (ignored, effect) in config.ignored.iter().zip(&effects.0) {
        if config.require_reason && ignored.reason.is_none() {
            let finding = Finding::new(
                id::SUPPRESSION_WITHOUT_REASON,
                ignored.rule.span,
                "this [[ignore]] gives no reason",
            );
            complaints.push(finding.help("add `reason = \"…\"`"));
        }
        if ignored.is_expired(today) {
            complaints.push(expired(config, ignored));
        } else if covered {
            complaints.extend(unused(config, ignored, effect));
        }
    }
    complaints
}

fn expired(config: &Config, ignored: &Ignored) -> Finding {
    let (span, day) = match &ignored.until {
        Some(until) => (until.span, until.value.to_string()),
        None => (ignored.rule.span, String::new()),
    };
    let message = format!(
        "this [[ignore]] of {} expired on {day}",
        ignored.rule.value.name()
    );
    let mut finding = Finding::new(id::EXPIRED_SUPPRESSION, span, message)
        .label("the last day on which it held")
        .help("mend what it accepted and remove it, or set a later day");
    // A later day may be meant as well.
    finding.fix = removal(&config.source, ignored, Safety::Unsafe);
    finding
}

fn unused(config: &Config, ignored: &Ignored, effect: &Effect) -> Option<Finding> {
    let rule = ignored.rule.value.name();
    let message = match (is_set(&effect.holds), is_set(&effect.looked_for)) {
        _ if is_set(&effect.used) || is_set(&effect.unread) => return None,
        (false, _) => "this [[ignore]] holds for no file".to_owned(),
        (true, false) => return None,
        (true, true) => match &ignored.at {
            Some(at) => format!("there is no {rule} to ignore at {}", at.value),
            None => format!("there is no {rule} to ignore"),
        },
    };
    let mut finding = Finding::new(id::UNUSED_SUPPRESSION, ignored.rule.span, message)
        .help("remove the [[ignore]], or correct it");
    finding.fix = removal(&config.source, ignored, Safety::Safe);
    Some(finding)
}

/// Takes a table out with its lines, and an empty one behind them; none where it is written in another form.
fn removal(source: &Source, ignored: &Ignored, safety: Safety) -> Option<Fix> {
    let text = source.text();
    let (before, table) = text.split_at_checked(ignored.span.start as usize)?;
    let start = before.trim_end_matches([' ', '\t']).len();
    let is_alone = start == 0 || before[..start].ends_with('\n');
    if !table.starts_with("[[") || !is_alone {
        return None;
    }
    let end = line_end(text, ignored.span.end as usize);
    let rest = &text[end..];
    let blank = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n'));
    let end = blank.map_or(end, |rest| text.len() - rest.len());
    Some(Fix {
        title: "remove the [[ignore]]".to_owned(),
        safety,
        edits: vec![Edit {
            span: Span::new(start as u32, end as u32),
            content: String::new(),
        }],
    })
}

/// Where the line ends that holds a byte, its line break included.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}
