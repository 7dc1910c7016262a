//! Sets of HTTP methods, as `AllowedMethods` and `CachedMethods` list them.

use crate::check::{same, trimmed};
use crate::document::Element;
use crate::schema::name;
use crate::suggest;

/// All that a behavior may allow, in the order of AWS's documentation.
const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"];

/// A set of methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Methods(u8);

impl Methods {
    /// GET and HEAD.
    pub(crate) const READ: Methods = Methods(0b11);
    /// GET, HEAD and OPTIONS.
    pub(crate) const READ_AND_OPTIONS: Methods = Methods(0b111);
    /// All seven.
    pub(crate) const ALL: Methods = Methods(0b111_1111);

    /// What the items of a list are. None where that is not known: there are no items, or one is no method or a
    /// placeholder, of which other rules speak.
    pub(crate) fn in_list(list: Element<'_>) -> Option<Methods> {
        let mut set = 0;
        for item in list.get(name::ITEMS)?.children() {
            if item.node().shape.is_some() {
                set |= Methods::of(item)?.0;
            }
        }
        (set != 0).then_some(Methods(set))
    }

    /// The set of one method.
    pub(crate) fn of(item: Element<'_>) -> Option<Methods> {
        let value = trimmed(item.value());
        let place = METHODS
            .iter()
            .position(|method| same(method.as_bytes(), value.as_bytes()))?;
        Some(Methods(1 << place))
    }

    /// Whether all of another set is in this one.
    pub(crate) fn contains(self, other: Methods) -> bool {
        other.0 & !self.0 == 0
    }

    /// What is in this set and not in another.
    pub(crate) fn without(self, other: Methods) -> Methods {
        Methods(self.0 & !other.0)
    }

    /// In words: `GET, HEAD and OPTIONS`.
    pub(crate) fn shown(self) -> String {
        let names = METHODS.iter().enumerate();
        let names = names.filter(|(place, _)| self.0 >> place & 1 == 1);
        suggest::alternatives(names.map(|(_, name)| *name), "and")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        let options = Methods::READ_AND_OPTIONS.without(Methods::READ);
        assert_eq!(options.shown(), "OPTIONS");
        assert_eq!(Methods::READ.shown(), "GET and HEAD");
        assert!(Methods::ALL.contains(options) && !Methods::READ.contains(options));
        assert!(Methods::READ.contains(Methods::READ));
    }
}
