//! Presets: what a configuration begins with. The table is made from `rules/preset/*.toml` by the build script.

use super::layer::{At, Layer};
use crate::finding::Level;
use crate::rule::{Group, RuleId};
use crate::triage::{FailOn, Selector};

/// A preset, as its file `rules/preset/<name>.toml` describes it.
#[derive(Debug)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    select: &'static [Selector],
    levels: &'static [(Selector, Option<Level>)],
    fail_on: Option<FailOn>,
    /// Whether every accepted finding needs a reason; none: it does not say.
    pub require_reason: Option<bool>,
}

impl Preset {
    /// Looks a preset up by name.
    pub fn find(name: &str) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// What it says.
    pub fn layer(&self) -> Layer {
        let select: Vec<_> = self.select.iter().copied().map(At::nowhere).collect();
        Layer {
            select: (!select.is_empty()).then_some(At::nowhere(select)),
            rules: self.levels.iter().copied().map(At::nowhere).collect(),
            fail_on: self.fail_on.map(At::nowhere),
            ..Layer::default()
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/presets.rs"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Profile;
    use crate::triage::Standing;

    fn standing(preset: &str, rule: RuleId) -> Standing {
        let layer = Preset::find(preset).unwrap().layer();
        Profile::of([&layer]).selection.standing(rule)
    }

    #[test]
    fn the_default_changes_nothing() {
        for rule in RuleId::all() {
            assert_eq!(
                standing("default", rule),
                Standing::On(None),
                "{}",
                rule.name()
            );
        }
    }

    #[test]
    fn minimal_is_what_is_refused() {
        for rule in RuleId::all() {
            let meta = rule.meta();
            let whole = matches!(
                meta.group,
                Group::Schema | Group::Service | Group::Configuration
            );
            let wanted = match whole || meta.error.is_some() {
                true => Standing::On(None),
                false => Standing::Off,
            };
            assert_eq!(standing("minimal", rule), wanted, "{}", rule.name());
        }
    }

    #[test]
    fn strict_switches_nothing_off_and_lowers_nothing() {
        for rule in RuleId::all() {
            match standing("strict", rule) {
                Standing::Off => panic!("{} is off", rule.name()),
                Standing::On(None) => {}
                Standing::On(Some(level)) => {
                    assert!(level >= rule.meta().level, "{} is lowered", rule.name());
                }
            }
        }
    }
}
