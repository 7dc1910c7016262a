//! Finds things by a text. Few are compared one by one, which is faster than hashing; many are hashed.

use std::borrow::Cow;
use std::collections::HashMap;

/// Up to so many things are compared one by one.
const FEW: usize = 16;

/// Things by a text; the first of a text stays.
pub(crate) enum Lookup<'t, T> {
    Few(Vec<(Cow<'t, str>, T)>),
    Many(HashMap<Cow<'t, str>, T>),
}

impl<'t, T: Copy> Lookup<'t, T> {
    /// For at most so many things.
    pub(crate) fn with_room_for(count: usize) -> Lookup<'t, T> {
        match count {
            0..=FEW => Lookup::Few(Vec::with_capacity(count)),
            _ => Lookup::Many(HashMap::with_capacity(count)),
        }
    }

    /// What has the text.
    pub(crate) fn get(&self, text: &str) -> Option<T> {
        match self {
            Lookup::Few(list) => list
                .iter()
                .find(|(t, _)| t == text)
                .map(|(_, thing)| *thing),
            Lookup::Many(map) => map.get(text).copied(),
        }
    }

    /// What has the text already; if nothing has it, the thing has it from now on.
    pub(crate) fn insert(&mut self, text: impl Into<Cow<'t, str>>, thing: T) -> Option<T> {
        let text = text.into();
        let earlier = self.get(&text);
        if earlier.is_none() {
            match self {
                Lookup::Few(list) => list.push((text, thing)),
                Lookup::Many(map) => {
                    map.insert(text, thing);
                }
            }
        }
        earlier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_text_stays() {
        for room in [2, FEW, FEW + 1] {
            let mut lookup = Lookup::with_room_for(room);
            assert_eq!(lookup.insert("a", 1), None);
            assert_eq!(lookup.insert("b".to_owned(), 2), None);
            assert_eq!(lookup.insert("a", 3), Some(1));
            assert_eq!(
                [lookup.get("a"), lookup.get("b"), lookup.get("c")],
                [Some(1), Some(2), None]
            );
        }
    }
}
