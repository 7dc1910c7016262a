//! Places with the same text. Nearly every text stands alone, so that costs no list.

use std::collections::HashMap;

use super::Place;

/// Places by their text; of each document the first of a text counts.
#[derive(Default)]
pub(crate) struct Groups<'a> {
    known: HashMap<&'a str, Slot>,
    shared: Vec<Vec<Place>>,
}

/// Where a text stands.
#[derive(Clone, Copy)]
enum Slot {
    /// In one document.
    One(Place),
    /// In several; an index of `shared`.
    Shared(usize),
}

impl<'a> Groups<'a> {
    /// Takes places in their order; there may be about so many texts.
    pub(crate) fn new(
        places: impl Iterator<Item = (&'a str, Place)>,
        expected: usize,
    ) -> Groups<'a> {
        let mut groups = Groups::default();
        for (text, place) in places {
            if groups.known.is_empty() {
                groups.known.reserve(expected);
            }
            groups.insert(text, place);
        }
        groups
    }

    fn insert(&mut self, text: &'a str, place: Place) {
        let slot = self.known.entry(text).or_insert(Slot::One(place));
        match *slot {
            Slot::One(known) if known.member == place.member => {}
            Slot::One(known) => {
                *slot = Slot::Shared(self.shared.len());
                self.shared.push(vec![known, place]);
            }
            Slot::Shared(index) => {
                let group = &mut self.shared[index];
                if group.last().is_some_and(|last| last.member != place.member) {
                    group.push(place);
                }
            }
        }
    }

    /// The first place of a text.
    pub(crate) fn first(&self, text: &str) -> Option<Place> {
        match *self.known.get(text)? {
            Slot::One(place) => Some(place),
            Slot::Shared(index) => self.shared[index].first().copied(),
        }
    }

    /// Those that stand in several documents, each in order.
    pub(crate) fn shared(&self) -> &[Vec<Place>] {
        &self.shared
    }

    /// The same, for keeps.
    pub(crate) fn into_shared(self) -> Vec<Vec<Place>> {
        self.shared
    }

    /// All of them, in the order of their first places.
    pub(crate) fn into_all(self) -> Vec<Vec<Place>> {
        let mut all = self.shared;
        all.extend(self.known.into_values().filter_map(|slot| match slot {
            Slot::One(place) => Some(vec![place]),
            Slot::Shared(_) => None,
        }));
        all.sort_unstable();
        all
    }
}
