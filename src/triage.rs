//! Which rules count in a run.

use crate::finding::Finding;
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
        let known = RuleId::all()
            .map(RuleId::name)
            .chain(Group::ALL.iter().map(|g| g.name()));
        Err(match suggest::nearest(name, known) {
            Some(near) => format!("no rule or group of this name; did you mean {near}?"),
            None => "no rule or group of this name; `cloudfront-lint rules` lists them".into(),
        })
    }

    /// How narrowly it speaks: a rule beats its group, a group beats all.
    fn weight(self, rule: RuleId) -> Option<u8> {
        match self {
            Selector::Rule(r) => (r == rule).then_some(3),
            Selector::Group(group) => (rule.meta().group == group).then_some(2),
            Selector::All => Some(1),
        }
    }
}

/// The rules that a run was asked for.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Rules to run; empty means all.
    pub select: Vec<Selector>,
    /// Rules not to run. The narrower of two contradicting selectors wins; of two equally narrow ones, this.
    pub ignore: Vec<Selector>,
}

impl Selection {
    /// Whether findings of the rule count.
    pub fn enabled(&self, rule: RuleId) -> bool {
        if rule.meta().mandatory {
            return true;
        }
        let best = |selectors: &[Selector]| {
            selectors
                .iter()
                .filter_map(|s| s.weight(rule))
                .max()
                .unwrap_or(0)
        };
        let selected = if self.select.is_empty() {
            1
        } else {
            best(&self.select)
        };
        selected > best(&self.ignore)
    }

    /// Whether findings of any rule of a group count.
    pub(crate) fn enabled_in(&self, group: Group) -> bool {
        RuleId::all().any(|rule| rule.meta().group == group && self.enabled(rule))
    }

    /// Takes away the findings that were not asked for.
    pub(crate) fn apply(&self, findings: &mut Vec<Finding>) {
        if !self.select.is_empty() || !self.ignore.is_empty() {
            findings.retain(|f| self.enabled(f.rule));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::id;

    #[test]
    fn narrower_selectors_win() {
        let parse = |name| Selector::parse(name).unwrap();
        let selection = Selection {
            select: vec![parse("schema")],
            ignore: vec![parse("unknown-element")],
        };
        assert!(selection.enabled(id::MISSING_REQUIRED_ELEMENT));
        assert!(!selection.enabled(id::UNKNOWN_ELEMENT));
        assert!(!selection.enabled(id::QUANTITY_MISMATCH));
        let selection = Selection {
            select: vec![parse("unknown-element")],
            ignore: vec![parse("schema")],
        };
        assert!(selection.enabled(id::UNKNOWN_ELEMENT));
        assert!(selection.enabled(id::MALFORMED_XML), "mandatory rules stay");
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
