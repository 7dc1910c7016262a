//! Path patterns of cache behaviors: `*` is any run of characters, also none; `?` is exactly one; all else is itself,
//! and case counts.
//!
//! "CloudFront behavior is the same with or without the leading `/`" (API reference, CacheBehavior.PathPattern). Every
//! path begins with a slash, so patterns and paths are compared without their first one: `*.jpg` and `/*.jpg` mean the
//! same, and so do `*` and `/*`. By the same sentence `*/a` is `/*/a`, which leaves out the path `/a`.

use crate::check::same;

/// Longest pattern that is compared, in characters, without its leading slash. CloudFront accepts 255 with it.
const LONGEST: usize = 255;

/// The pattern without its leading slash, which has no meaning. A second slash has one.
pub(crate) fn normalised(pattern: &str) -> &str {
    pattern.strip_prefix('/').unwrap_or(pattern)
}

/// A text that two patterns share if and only if they match the same paths: without the leading slash, and with each
/// run of wildcards written as its `?`s and then at most one `*`.
///
/// It says as much as the set of paths does. The shortest paths tell the letters and the number of `?` between them;
/// one more character that no pattern names, added between two letters, tells whether a `*` stands there.
#[cfg(test)]
pub(crate) fn canonical(pattern: &str) -> String {
    let mut canonical = String::with_capacity(pattern.len());
    let mut star = false;
    for c in normalised(pattern).chars() {
        match c {
            '*' => star = true,
            '?' => canonical.push('?'),
            literal => {
                if std::mem::take(&mut star) {
                    canonical.push('*');
                }
                canonical.push(literal);
            }
        }
    }
    if star {
        canonical.push('*');
    }
    canonical
}

/// Whether `earlier` matches every path that `later` matches, so that a behavior with `later` is never reached.
///
/// The answer is exact for patterns of up to 255 characters without the leading slash; for longer ones, which
/// CloudFront refuses, it is "no". Takes time in the product of the two lengths and memory in their sum.
///
/// How: write `later` without its stars and call each character a *place*. Cut `earlier` at its stars into blocks. The
/// first block must fit at the first places and the last at the last ones; the others follow each other, each at the
/// leftmost places after the one before. A block fits where each of its letters meets the same letter, and no star of
/// `later` stands between its letters (nor before those of the first block, nor after those of the last).
///
/// Why that decides it: nothing but a wildcard of `earlier` matches a character that it does not name, say `#`, and
/// that wildcard matches any other as well. So `later` need only be looked at with `#` for each `?` and some number of
/// `#` for each star. Call a star empty or long after that number, long being more than the length of a block.
///
/// - *If all blocks fit, all these texts match.* However long a star is, the letters of a block stay together, for none
///   stands between them. More `#` around them is what its outer `?`s or the stars of `earlier` take.
/// - *If a block does not fit, some text does not match.* To match blocks leftmost is as good as any way, and the fewer
///   places are left, the harder is the rest. Let the blocks so far end at place `f` at best. Choose the stars after
///   `f` long, with two exceptions. Where the letters of the block would fit but for its leading `?`s, which reach back
///   beyond `f`, the stars from `f` up to the last such place are empty: so few places cannot hold the `?`s, and the
///   block's letters cannot match before it. Where the block fits first, the stars under its trailing `?`s are empty,
///   or, where its letters would fit but for too few places at the end, all that follow: a match that ends sooner has
///   no letters behind them. So no match has a star between its letters, the first one is the leftmost fit and ends at
///   a place, or there is none; and the stars after its end are still free to be chosen for the next block.
#[cfg(test)]
pub(crate) fn includes(earlier: &str, later: &str) -> bool {
    Wide::new(earlier).includes(later)
}

/// See [`includes`].
fn decide(earlier: &str, later: &str) -> bool {
    match (bounded(earlier), bounded(later)) {
        (Some(earlier), Some(later)) => covers(&earlier, &Places::of_pattern(&later)),
        _ => false,
    }
}

/// A pattern that is compared with several others.
pub(crate) struct Wide<'p> {
    pattern: &'p str,
    /// What stands before its first wildcard; all of it if there is none.
    first: &'p [u8],
    /// What stands behind its last one.
    last: &'p [u8],
}

impl<'p> Wide<'p> {
    pub(crate) fn new(pattern: &'p str) -> Wide<'p> {
        let bytes = normalised(pattern).as_bytes();
        Wide::with_wildcard(pattern).unwrap_or(Wide {
            pattern,
            first: bytes,
            last: bytes,
        })
    }

    /// None if there is no wildcard in it.
    pub(crate) fn with_wildcard(pattern: &'p str) -> Option<Wide<'p>> {
        let is_wildcard = |b: &u8| matches!(b, b'*' | b'?');
        let bytes = normalised(pattern).as_bytes();
        let first = bytes.iter().position(is_wildcard)?;
        let last = bytes.iter().rposition(is_wildcard)?;
        Some(Wide {
            pattern,
            first: bytes.get(..first)?,
            last: bytes.get(last + 1..)?,
        })
    }

    /// As [`includes`]. The letters around the wildcards must begin and end the later pattern, too, which tells nearly
    /// all pairs apart.
    pub(crate) fn includes(&self, later: &str) -> bool {
        let bytes = normalised(later).as_bytes();
        let begins = bytes.get(..self.first.len());
        begins.is_some_and(|head| same(head, self.first))
            && bytes.ends_with(self.last)
            && decide(self.pattern, later)
    }
}

/// Whether some path matches both patterns. The answer is exact for patterns of up to 255 characters; for longer ones,
/// which CloudFront refuses, it is "no". Takes time in the product of the two lengths and memory in one.
pub(crate) fn overlap(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (bounded(one), bounded(other)) else {
        return false;
    };
    // Whether what is left of `one` and what is left of `other`, from each place on, have a text in common.
    let mut after = vec![false; other.len() + 1];
    for i in (0..=one.len()).rev() {
        let mut here = vec![false; other.len() + 1];
        for j in (0..=other.len()).rev() {
            let (a, b) = (one.get(i), other.get(j));
            here[j] = match (a, b) {
                (None, None) => true,
                // A star takes nothing, or what the other one has there.
                (Some('*'), _) => after[j] || b.is_some() && here[j + 1],
                (_, Some('*')) => here[j + 1] || a.is_some() && after[j],
                (Some(a), Some(b)) => (a == b || *a == '?' || *b == '?') && after[j + 1],
                _ => false,
            };
        }
        after = here;
    }
    after[0]
}

/// Whether the pattern matches a path, given with or without its leading slash and without a query string.
///
/// A pattern too long for CloudFront matches nothing. Takes time in the product of the two lengths, of which the
/// pattern's is at most 255.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    bounded(pattern).is_some_and(|pattern| covers(&pattern, &Places::of_path(path)))
}

/// The characters of a pattern that may be compared. Looks no further than the limit.
fn bounded(pattern: &str) -> Option<Vec<char>> {
    let pattern = normalised(pattern);
    let short = pattern.chars().nth(LONGEST).is_none();
    short.then(|| pattern.chars().collect())
}

/// A character that every path in question has.
struct Place {
    /// None if it is any character.
    letter: Option<char>,
    /// How many stars stand before it.
    stars: u32,
}

/// A pattern without its stars, or a path.
struct Places {
    places: Vec<Place>,
    /// How many stars there were.
    stars: u32,
}

impl Places {
    fn of_pattern(pattern: &[char]) -> Places {
        let mut places = Vec::with_capacity(pattern.len());
        let mut stars = 0;
        for &c in pattern {
            match c {
                '*' => stars += 1,
                c => places.push(Place {
                    letter: (c != '?').then_some(c),
                    stars,
                }),
            }
        }
        Places { places, stars }
    }

    fn of_path(path: &str) -> Places {
        let place = |c| Place {
            letter: Some(c),
            stars: 0,
        };
        Places {
            places: normalised(path).chars().map(place).collect(),
            stars: 0,
        }
    }
}

/// Whether the pattern matches whatever the places and the stars between them stand for. See [`includes`].
fn covers(pattern: &[char], Places { places, stars }: &Places) -> bool {
    let mut blocks = pattern.split(|&c| c == '*');
    let first = blocks.next().unwrap_or_default();
    let Some(last) = blocks.next_back() else {
        // Without a star, all that the pattern matches has one length.
        return *stars == 0 && places.len() == first.len() && fits(first, places, Some(0));
    };
    let Some(end) = places.len().checked_sub(last.len()) else {
        return false;
    };
    if first.len() > end
        || !fits(first, places, Some(0))
        || !fits(last, &places[end..], Some(*stars))
    {
        return false;
    }
    let mut start = first.len();
    for block in blocks.filter(|block| !block.is_empty()) {
        let mut candidates = places[start..end].windows(block.len());
        match candidates.position(|candidate| fits(block, candidate, None)) {
            Some(skipped) => start += skipped + block.len(),
            None => return false,
        }
    }
    true
}

/// Whether a block fits at the first of these places, with no star between its letters: all must have the same number
/// of stars before them, and that one where it is given.
fn fits(block: &[char], places: &[Place], mut stars: Option<u32>) -> bool {
    block.iter().zip(places).all(|(&c, place)| {
        c == '?' || place.letter == Some(c) && *stars.get_or_insert(place.stars) == place.stars
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use proptest::prelude::*;

    use super::*;

    /// All texts over an alphabet, up to a length, shortest first.
    fn texts(alphabet: &[char], longest: usize) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut previous = 0;
        for _ in 0..longest {
            let end = texts.len();
            for at in previous..end {
                for c in alphabet {
                    texts.push(format!("{}{c}", texts[at]));
                }
            }
            previous = end;
        }
        texts
    }

    /// The states that follow a set of states of the pattern, a bit for each of its places, without reading anything.
    fn closed(pattern: &[char], mut states: u128) -> u128 {
        for (at, _) in pattern.iter().enumerate().filter(|(_, c)| **c == '*') {
            states |= (states >> at & 1) << (at + 1);
        }
        states
    }

    fn step(pattern: &[char], states: u128, read: char) -> u128 {
        let mut next = 0;
        for (at, &c) in pattern.iter().enumerate() {
            let here = states >> at & 1;
            match c {
                '*' => next |= here << at,
                '?' => next |= here << (at + 1),
                c if c == read => next |= here << (at + 1),
                _ => {}
            }
        }
        closed(pattern, next)
    }

    fn accepts(pattern: &[char], states: u128) -> bool {
        states >> pattern.len() & 1 == 1
    }

    /// The length of the shortest text that `later` matches and `earlier` does not, by the textbook: the subset
    /// construction of both, over their letters and one more.
    fn shortest_witness(earlier: &str, later: &str) -> Option<usize> {
        let [earlier, later] = [earlier, later].map(|p| p.chars().collect::<Vec<char>>());
        let letters: HashSet<char> = earlier.iter().chain(&later).copied().collect();
        let alphabet: Vec<char> = (letters.into_iter())
            .filter(|c| !"*?".contains(*c))
            .chain(['#'])
            .collect();
        let mut states = HashSet::from([(closed(&earlier, 1), closed(&later, 1))]);
        let mut seen = states.clone();
        for length in 0.. {
            if states.is_empty() {
                return None;
            }
            if (states.iter()).any(|(e, l)| accepts(&later, *l) && !accepts(&earlier, *e)) {
                return Some(length);
            }
            states = (states.iter())
                .flat_map(|s| alphabet.iter().map(move |c| (s, *c)))
                .map(|((e, l), c)| (step(&earlier, *e, c), step(&later, *l, c)))
                .filter(|next| next.1 != 0 && seen.insert(*next))
                .collect();
        }
        None
    }

    /// Matches by trying everything.
    fn naive(pattern: &[char], path: &[char]) -> bool {
        match (pattern, path) {
            ([], path) => path.is_empty(),
            (['*', rest @ ..], _) => (0..=path.len()).any(|n| naive(rest, &path[n..])),
            (['?', rest @ ..], [_, path @ ..]) => naive(rest, path),
            ([c, rest @ ..], [d, path @ ..]) => c == d && naive(rest, path),
            (_, []) => false,
        }
    }

    #[test]
    fn the_leading_slash_has_no_meaning() {
        assert_eq!(normalised("/images/*.jpg"), "images/*.jpg");
        assert_eq!(normalised("images/*.jpg"), "images/*.jpg");
        assert_eq!(normalised("//a"), "/a");
        assert_eq!(normalised(""), "");
        for (a, b) in [("/a", "a"), ("*.jpg", "/*.jpg"), ("*", "/*"), ("", "/")] {
            assert!(includes(a, b) && includes(b, a), "{a} {b}");
        }
        assert!(!includes("a", "//a"));
        assert!(!includes("*/a", "/a"));
    }

    #[test]
    fn patterns_of_the_developer_guide() {
        assert!(includes("images/*", "images/*.jpg"));
        assert!(!includes("images/*.jpg", "images/*"));
        assert!(!includes("*.gif", "images/*"));
        assert!(includes("a*.jpg", "a??.jpg"));
        assert!(!includes("*.jpg", "*.JPG"));
        assert!(includes("*.doc*", "*.doc?"));
        assert!(matches("images/*.jpg", "/images/product1/a.jpg"));
        assert!(matches("*.jpg", "/logo.jpg"));
        assert!(!matches("*.jpg", "/LOGO.JPG"));
        assert!(!matches("*.doc?", "/a.doc"));
        assert!(matches("*", "/"));
        // What stands in a path is no wildcard.
        assert!(!matches("/a", "/*"));
        assert!(matches("/4xx-errors/*", "/4xx-errors/page.html"));
    }

    #[test]
    fn overlaps_agree_with_all_short_words() {
        let patterns = texts(&['a', 'b', '*', '?'], 3);
        let words = texts(&['a', 'b', 'c'], 6);
        for one in &patterns {
            let matched: Vec<&String> = words.iter().filter(|w| matches(one, w)).collect();
            for other in &patterns {
                let both = matched.iter().any(|word| matches(other, word));
                assert_eq!(overlap(one, other), both, "{one} and {other}");
            }
        }
        assert!(overlap("/img/*", "*.jpg") && !overlap("/img/*", "/api/*"));
    }

    #[test]
    fn wildcards_against_wildcards() {
        for (a, b) in [("*?", "?*"), ("**", "*"), ("*?*?", "??*"), ("a*?b", "a?*b")] {
            assert!(includes(a, b) && includes(b, a), "{a} {b}");
        }
        assert!(!includes("?*", "*"));
        assert!(!includes("*a*", "??*b"));
        assert!(includes("*a*", "?a?"));
        assert!(!includes("*ab*", "*a*b*"));
        assert!(includes("*?a*", "xy*a"));
        assert!(!includes("*??a*", "x*a"));
        assert!(!includes("a?b", "a*b"));
        assert!(includes("*a??", "*abc"));
    }

    #[test]
    fn long_patterns_are_not_compared() {
        let longest = "a".repeat(LONGEST);
        assert!(includes("*", &longest) && includes(&longest, &longest));
        assert!(includes("*", &format!("/{longest}")));
        let long = "*a".repeat(1_000_000);
        assert!(!includes("*", &long) && !includes(&long, "a") && !matches(&long, "/a"));
        assert!(matches("/a*b*c", &format!("/a{}c", "b".repeat(1_000_000))));
    }

    #[test]
    fn agrees_with_all_short_words() {
        let patterns = texts(&['a', 'b', '*', '?'], 5);
        // `shortest_witness` finds no two of these patterns that agree on all words of 8 letters, with one letter that
        // neither has, and differ on a longer one: `*a???` and `aaaa*` come last.
        let words = texts(&['a', 'b', 'c'], 8);
        let matched = patterns.iter().map(|pattern| {
            let letters: Vec<char> = pattern.chars().collect();
            let mut bits = vec![0u64; words.len().div_ceil(64)];
            let mut states: Vec<u128> = Vec::with_capacity(words.len());
            for (at, word) in words.iter().enumerate() {
                // Each word comes after the one that it is a letter longer than.
                let reached = match word.chars().last() {
                    None => closed(&letters, 1),
                    Some(c) => step(&letters, states[(at - 1) / 3], c),
                };
                states.push(reached);
                bits[at / 64] |= u64::from(accepts(&letters, reached)) << (at % 64);
            }
            bits
        });
        let matched: Vec<Vec<u64>> = matched.collect();
        for (earlier, e) in patterns.iter().zip(&matched) {
            for (later, l) in patterns.iter().zip(&matched) {
                let all = l.iter().zip(e).all(|(l, e)| l & !e == 0);
                assert_eq!(includes(earlier, later), all, "{earlier} ⊇ {later}");
            }
        }
        // Patterns of one set of words, and no others, have one canonical form.
        let mut forms: HashMap<&[u64], String> = HashMap::new();
        for (pattern, words) in patterns.iter().zip(&matched) {
            let form = canonical(pattern);
            assert_eq!(forms.entry(words).or_insert_with(|| form.clone()), &form);
        }
        let distinct: HashSet<&String> = forms.values().collect();
        assert_eq!(distinct.len(), forms.len());
    }

    #[test]
    fn agrees_with_the_subset_construction() {
        let patterns = texts(&['a', 'b', '*', '?'], 4);
        for earlier in &patterns {
            for later in &patterns {
                let witness = shortest_witness(earlier, later);
                assert_eq!(
                    includes(earlier, later),
                    witness.is_none(),
                    "{earlier} ⊇ {later}"
                );
            }
        }
    }

    /// Two patterns that are more often related than random ones: the later is the earlier with some characters
    /// changed.
    fn related() -> impl Strategy<Value = (String, String)> {
        let letter = prop_oneof![3 => Just("a"), 2 => Just("b"), 2 => Just("?"), 2 => Just("*")];
        let change = prop_oneof![
            6 => Just(None),
            1 => Just(Some("")),
            3 => prop::sample::select(vec!["a", "b", "?", "*", "a*", "?b", "*b?", "a*b", "??"]).prop_map(Some),
        ];
        prop::collection::vec((letter, change), 0..14).prop_map(|both| {
            let earlier = both.iter().map(|(letter, _)| *letter).collect();
            // Letters stay, wildcards change: otherwise hardly any pair is included.
            let later = both.iter().map(|&(letter, change)| match change {
                Some(change) if "?*".contains(letter) => change,
                _ => letter,
            });
            (earlier, later.collect())
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn long_patterns_agree_with_the_subset_construction((earlier, later) in related()) {
            prop_assert_eq!(includes(&earlier, &later), shortest_witness(&earlier, &later).is_none());
            prop_assert_eq!(includes(&later, &earlier), shortest_witness(&later, &earlier).is_none());
        }

        #[test]
        fn unrelated_patterns_agree_with_the_subset_construction(earlier in "[ab?*]{0,10}", later in "[ab?*]{0,12}") {
            prop_assert_eq!(includes(&earlier, &later), shortest_witness(&earlier, &later).is_none());
        }

        #[test]
        fn canonical_patterns_mean_the_same(pattern in "/?[ab?*]{0,16}") {
            let form = canonical(&pattern);
            prop_assert!(includes(&form, &pattern) && includes(&pattern, &form));
            prop_assert_eq!(canonical(&form), form);
        }

        #[test]
        fn what_is_included_is_matched(pattern in "[ab/?*]{0,12}", path in "[ab/c]{0,16}") {
            // A path is a pattern without wildcards.
            prop_assert_eq!(matches(&pattern, &path), includes(&pattern, &path));
            let [p, w] = [&pattern, &path].map(|t| normalised(t).chars().collect::<Vec<char>>());
            prop_assert_eq!(matches(&pattern, &path), naive(&p, &w));
        }

        #[test]
        fn any_text_is_compared(a in any::<String>(), b in any::<String>()) {
            prop_assert!(includes("*", &a));
            includes(&a, &b);
            matches(&a, &b);
        }
    }
}
