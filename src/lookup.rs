//! Finds things by a text. A few are compared one by one, in place, which is faster than hashing; many are hashed.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::check::same;

/// Up to so many things are compared one by one.
const FEW: usize = 16;

/// Texts that are so few that nothing need be looked up to tell whether one of them stands twice.
pub(crate) struct Few<'t> {
    texts: [&'t str; Few::MOST],
    count: usize,
}

impl<'t> Few<'t> {
    const MOST: usize = 8;

    pub(crate) fn new() -> Few<'t> {
        Few {
            texts: [""; Few::MOST],
            count: 0,
        }
    }

    /// Whether a text is one of them, letter by letter.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.any(|known| same(known.as_bytes(), text.as_bytes()))
    }

    /// Whether a text is one of them in any case.
    pub(crate) fn contains_in_any_case(&self, text: &str) -> bool {
        self.any(|known| known.len() == text.len() && known.eq_ignore_ascii_case(text))
    }

    /// Adds a text; false if they would not be few any more.
    pub(crate) fn add(&mut self, text: &'t str) -> bool {
        let free = self.texts.get_mut(self.count);
        let has_room = free.is_some();
        if let Some(free) = free {
            *free = text;
            self.count += 1;
        }
        has_room
    }

    fn any(&self, is_it: impl Fn(&str) -> bool) -> bool {
        let texts = self.texts.iter().take(self.count);
        texts.copied().any(is_it)
    }
}

/// Things by a text; the first of a text stays.
pub(crate) struct Lookup<'t, T> {
    few: [Option<(&'t str, T)>; FEW],
    count: usize,
    many: Option<HashMap<Cow<'t, str>, T>>,
    ignore_case: bool,
}

impl<'t, T: Copy> Lookup<'t, T> {
    /// Texts are the same if they are, letter by letter.
    pub(crate) fn new() -> Lookup<'t, T> {
        Lookup::ignoring_case(false)
    }

    /// The case of ASCII letters makes no difference, if so wanted.
    pub(crate) fn ignoring_case(ignore_case: bool) -> Lookup<'t, T> {
        Lookup {
            few: [const { None }; FEW],
            count: 0,
            many: None,
            ignore_case,
        }
    }

    /// Whether nothing was inserted.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// What has the text.
    #[inline]
    pub(crate) fn get(&self, text: &str) -> Option<T> {
        if self.count > FEW {
            return self.get_of_many(text);
        }
        let same = |known: &str| match self.ignore_case {
            true => known.eq_ignore_ascii_case(text),
            false => same(known.as_bytes(), text.as_bytes()),
        };
        let mut few = self.few[..self.count.min(FEW)].iter().flatten();
        few.find(|(known, _)| same(known)).map(|(_, thing)| *thing)
    }

    #[inline(never)]
    fn get_of_many(&self, text: &str) -> Option<T> {
        let many = self.many.as_ref()?;
        match self.ignore_case {
            true => many.get(text.to_ascii_lowercase().as_str()).copied(),
            false => many.get(text).copied(),
        }
    }

    /// What has the text already; if nothing has it, the thing has it from now on.
    #[inline]
    pub(crate) fn insert(&mut self, text: &'t str, thing: T) -> Option<T> {
        let earlier = self.get(text);
        if earlier.is_some() {
            return earlier;
        }
        match self.few.get_mut(self.count) {
            Some(free) => *free = Some((text, thing)),
            None => self.insert_into_many(text, thing),
        }
        self.count += 1;
        None
    }

    #[inline(never)]
    fn insert_into_many(&mut self, text: &'t str, thing: T) {
        let mut many = self.many.take().unwrap_or_else(|| {
            let few = self.few.iter().flatten();
            few.map(|(t, thing)| (self.key(t), *thing)).collect()
        });
        many.insert(self.key(text), thing);
        self.many = Some(many);
    }

    fn key(&self, text: &'t str) -> Cow<'t, str> {
        match self.ignore_case {
            true => Cow::Owned(text.to_ascii_lowercase()),
            false => Cow::Borrowed(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_text_stays() {
        let texts: Vec<String> = (0..3 * FEW).map(|n| format!("text {n}")).collect();
        for ignore_case in [false, true] {
            let mut lookup = Lookup::ignoring_case(ignore_case);
            for (n, text) in texts.iter().enumerate() {
                assert_eq!(lookup.get(text), None);
                assert_eq!(lookup.insert(text, n), None);
                assert_eq!(lookup.insert(text, n + 1), Some(n));
                assert_eq!(lookup.get("text 0"), Some(0));
                assert_eq!(lookup.get("TEXT 0"), ignore_case.then_some(0));
            }
            for (n, text) in texts.iter().enumerate() {
                assert_eq!(lookup.get(text), Some(n));
            }
        }
    }
}
