//! Which rules count in a run, at which level, and from which level on a run fails.

use std::collections::BTreeMap;

use crate::finding::{Finding, Level};
use crate::rule::{Group, RuleId};
use crate::suggest;

/// A rule or a group of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// One rule.
    Rule(RuleId),
    /// All rules of a group.
    Group(Group),
    /// All rules.
    All,
}

impl Selector {
    /// Reads the name of a rule or a group, or `all`.
    ///
    /// # Errors
    /// A sentence that says the name is unknown, with the nearest one.
    pub fn parse(name: &str) -> Result<Selector, String> {
        if name == "all" {
            return Ok(Selector::All);
        }
        if let Some(rule) = RuleId::find(name) {
            return Ok(Selector::Rule(rule));
        }
        if let Some(group) = Group::ALL.into_iter().find(|g| g.name() == name) {
            return Ok(Selector::Group(group));
        }
        Err(match Selector::nearest(name) {
            Some(near) => format!("no rule or group of this name; did you mean {near}?"),
            None => "no rule or group of this name; `cloudfront-lint rules` lists them".into(),
        })
    }

    /// The known name that is nearest to one that is unknown.
    pub(crate) fn nearest(name: &str) -> Option<&'static str> {
        let known = RuleId::all()
            .map(RuleId::name)
            .chain(Group::ALL.iter().map(|g| g.name()));
        suggest::nearest(name, known)
    }

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Selector::Rule(rule) => rule.name(),
            Selector::Group(group) => group.name(),
            Selector::All => "all",
        }
    }

    /// How narrowly it speaks: a rule beats its group, a group beats all.
    pub(crate) fn weight(self, rule: RuleId) -> Option<u8> {
        match self {
            Selector::Rule(r) => (r == rule).then_some(3),
            Selector::Group(group) => (rule.meta().group == group).then_some(2),
            Selector::All => Some(1),
        }
    }
}

/// What one place says about rules: the command line, an override, a configuration file or a preset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Rules to run and no others; empty means that the place does not say.
    pub select: Vec<Selector>,
    /// Rules not to run. The narrower of two contradicting selectors wins; of two equally narrow ones, this.
    pub ignore: Vec<Selector>,
    /// Levels; none is off. The narrower selector wins, of two equally narrow ones the later.
    pub levels: Vec<(Selector, Option<Level>)>,
}

/// What becomes of the findings of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They do not count.
    Off,
    /// They count: at this level, or at their own.
    On(Option<Level>),
}

impl Standing {
    /// What is left of it for a rule: one that is mandatory is neither switched off nor lowered.
    pub(crate) fn of_rule(self, rule: RuleId) -> Standing {
        match self {
            _ if !rule.meta().mandatory => self,
            Standing::On(Some(level)) if level >= rule.meta().level => self,
            _ => Standing::On(None),
        }
    }
}

impl Choice {
    /// Says nothing.
    pub fn is_empty(&self) -> bool {
        self.select.is_empty() && self.ignore.is_empty() && self.levels.is_empty()
    }

    /// What it makes of the standing of places that count less.
    pub(crate) fn over(&self, under: Standing, rule: RuleId) -> Standing {
        let best = |selectors: &[Selector]| selectors.iter().filter_map(|s| s.weight(rule)).max();
        let level = |off: bool| {
            let levels = self
                .levels
                .iter()
                .filter(|(_, level)| level.is_none() == off);
            let weighed = levels.filter_map(|(s, level)| Some((s.weight(rule)?, *level)));
            // Of two equally narrow ones the later.
            weighed.max_by_key(|(weight, _)| *weight)
        };
        let (raised, lowered) = (level(false), level(true));
        let on = best(&self.select).max(raised.map(|(weight, _)| weight));
        let off = best(&self.ignore).max(lowered.map(|(weight, _)| weight));
        let level = raised.and_then(|(_, level)| level);
        let kept = match under {
            Standing::On(kept) => level.or(kept),
            Standing::Off => level,
        };
        match (on, off) {
            (None, None) if !self.select.is_empty() => Standing::Off,
            (None, None) => under,
            (on, off) if on > off => Standing::On(kept),
            _ => Standing::Off,
        }
    }
}

/// Which rules count, and at which level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// What several places say; later ones beat earlier ones. Empty: all rules at their own levels.
    pub choices: Vec<Choice>,
}

impl From<Choice> for Selection {
    fn from(choice: Choice) -> Selection {
        Selection {
            choices: Vec::from_iter((!choice.is_empty()).then_some(choice)),
        }
    }
}

impl Selection {
    /// What becomes of the findings of a rule. One that is mandatory is neither switched off nor lowered.
    pub fn standing(&self, rule: RuleId) -> Standing {
        let standing = self
            .choices
            .iter()
            .fold(Standing::On(None), |under, choice| choice.over(under, rule));
        standing.of_rule(rule)
    }

    /// Whether findings of the rule count.
    pub fn enabled(&self, rule: RuleId) -> bool {
        self.choices.is_empty() || self.standing(rule) != Standing::Off
    }

    /// Whether findings of any rule of a group count.
    pub(crate) fn enabled_in(&self, group: Group) -> bool {
        RuleId::all().any(|rule| rule.meta().group == group && self.enabled(rule))
    }

    /// Takes away the findings that were not asked for, and gives the others their level.
    pub(crate) fn apply(&self, findings: &mut Vec<Finding>) {
        if self.choices.is_empty() || findings.is_empty() {
            return;
        }
        let mut standings = BTreeMap::new();
        findings.retain_mut(|finding| {
            let rule = finding.rule;
            match *standings.entry(rule).or_insert_with(|| self.standing(rule)) {
                Standing::Off => return false,
                Standing::On(Some(level)) => finding.level = level,
                Standing::On(None) => {}
            }
            true
        });
    }
}

/// From which level on findings make a run fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailOn {
    /// Errors.
    #[default]
    Error,
    /// Warnings, too.
    Warning,
    /// All.
    Info,
    /// None.
    Never,
}

impl FailOn {
    /// All, the least strict last.
    pub const ALL: [FailOn; 4] = [FailOn::Error, FailOn::Warning, FailOn::Info, FailOn::Never];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            FailOn::Error => "error",
            FailOn::Warning => "warning",
            FailOn::Info => "info",
            FailOn::Never => "never",
        }
    }

    /// Looks it up by name.
    pub fn find(name: &str) -> Option<FailOn> {
        FailOn::ALL
            .into_iter()
            .find(|fail_on| fail_on.name() == name)
    }

    /// The lowest level that counts.
    pub fn lowest(self) -> Option<Level> {
        match self {
            FailOn::Error => Some(Level::Error),
            FailOn::Warning => Some(Level::Warning),
            FailOn::Info => Some(Level::Info),
            FailOn::Never => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::id;

    fn parse(name: &str) -> Selector {
        Selector::parse(name).unwrap()
    }

    fn choice(select: &[&str], ignore: &[&str], levels: &[(&str, Option<Level>)]) -> Choice {
        Choice {
            select: select.iter().map(|name| parse(name)).collect(),
            ignore: ignore.iter().map(|name| parse(name)).collect(),
            levels: levels
                .iter()
                .map(|(name, level)| (parse(name), *level))
                .collect(),
        }
    }

    #[test]
    fn narrower_selectors_win() {
        let selection = Selection::from(choice(&["schema"], &["unknown-element"], &[]));
        assert!(selection.enabled(id::MISSING_REQUIRED_ELEMENT));
        assert!(!selection.enabled(id::UNKNOWN_ELEMENT));
        assert!(!selection.enabled(id::QUANTITY_MISMATCH));
        let selection = Selection::from(choice(&["unknown-element"], &["schema"], &[]));
        assert!(selection.enabled(id::UNKNOWN_ELEMENT));
        assert!(selection.enabled(id::MALFORMED_XML), "mandatory rules stay");
    }

    #[test]
    fn levels_of_rules_and_groups() {
        let off = Selection::from(choice(
            &[],
            &[],
            &[("service", None), ("quantity-mismatch", Some(Level::Info))],
        ));
        let standing = off.standing(id::QUANTITY_MISMATCH);
        assert_eq!(standing, Standing::On(Some(Level::Info)));
        assert_eq!(off.standing(id::INVALID_ALIAS), Standing::Off);
        let standing = off.standing(id::UNKNOWN_ELEMENT);
        assert_eq!(standing, Standing::On(None));
    }

    #[test]
    fn later_choices_win_whatever_they_name() {
        let under = choice(&[], &[], &[("quantity-mismatch", Some(Level::Info))]);
        let over = choice(&[], &["service"], &[]);
        let selection = Selection {
            choices: vec![under.clone(), over.clone()],
        };
        assert_eq!(selection.standing(id::QUANTITY_MISMATCH), Standing::Off);
        let selection = Selection {
            choices: vec![over, under],
        };
        assert_eq!(
            selection.standing(id::QUANTITY_MISMATCH),
            Standing::On(Some(Level::Info))
        );
    }

    #[test]
    fn mandatory_rules_are_not_lowered() {
        let lowered = choice(&[], &[], &[("all", Some(Level::Info))]);
        let standing = Selection::from(lowered).standing(id::MALFORMED_XML);
        assert_eq!(standing, Standing::On(None));
    }

    #[test]
    fn unknown_names_get_a_suggestion() {
        assert!(
            Selector::parse("quantity-mismach")
                .unwrap_err()
                .contains("quantity-mismatch")
        );
    }
}
