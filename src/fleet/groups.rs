//! Places with the same text. Nearly every text stands alone, so that costs no list.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::LazyLock;

use super::Place;

/// A number that two texts share only if they are the same, as far as chance goes. Nobody can write texts for which it
/// is not so: it is another one in each process.
pub(crate) type Key = u64;

/// The key of nothing.
static START: LazyLock<Key> = LazyLock::new(|| RandomState::new().hash_one(0));

/// The key of some bytes.
pub(super) fn key(bytes: &[u8]) -> Key {
    key_after(*START, bytes)
}

/// The key of what has the key `before`, and of some bytes behind it. Every document pays for it: it takes eight bytes at
/// a time.
pub(super) fn key_after(before: Key, bytes: &[u8]) -> Key {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let start = mixed(before ^ bytes.len() as u64);
    let words = words.iter().chain([&last]);
    words.fold(start, |key, word| mixed(key ^ u64::from_le_bytes(*word)))
}

/// Each bit of the number has its share in all bits of the result.
fn mixed(number: u64) -> u64 {
    const ODD: u128 = 0x9E37_79B9_7F4A_7C15;
    let product = u128::from(number) * ODD;
    (product >> 64) as u64 ^ product as u64
}

/// Things by a key.
pub(super) type ByKey<T> = HashMap<Key, T, BuildHasherDefault<IsHash>>;

/// A map with room for so many things.
pub(super) fn by_key<T>(room: usize) -> ByKey<T> {
    HashMap::with_capacity_and_hasher(room, BuildHasherDefault::default())
}

/// Takes a key for its own hash.
#[derive(Default)]
pub(super) struct IsHash(u64);

impl Hasher for IsHash {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Places by their text; of each document the first of a text counts.
#[derive(Default)]
pub(crate) struct Groups {
    known: ByKey<Slot>,
    shared: Vec<Vec<Place>>,
}

/// Where a text stands. Small, for there are as many as texts.
#[derive(Clone, Copy)]
struct Slot {
    /// The document; or [`SHARED`], if it stands in several.
    member: u32,
    /// The fact; or an index of [`Groups::shared`].
    fact: u32,
}

const SHARED: u32 = u32::MAX;

impl Slot {
    fn one(place: Place) -> Slot {
        Slot {
            member: place.member as u32,
            fact: place.fact as u32,
        }
    }

    fn shared(index: usize) -> Slot {
        Slot {
            member: SHARED,
            fact: index as u32,
        }
    }

    /// Its only place, or an index of [`Groups::shared`].
    fn place(self) -> Result<Place, usize> {
        let (member, fact) = (self.member as usize, self.fact as usize);
        match self.member {
            SHARED => Err(fact),
            _ => Ok(Place { member, fact }),
        }
    }
}

impl Groups {
    /// Takes places in their order; there may be about so many texts.
    pub(super) fn new(places: impl Iterator<Item = (Key, Place)>, expected: usize) -> Groups {
        let mut groups = Groups::default();
        for (key, place) in places {
            if groups.known.is_empty() {
                groups.known.reserve(expected);
            }
            groups.insert(key, place);
        }
        groups
    }

    fn insert(&mut self, key: Key, place: Place) {
        let slot = self.known.entry(key).or_insert(Slot::one(place));
        match slot.place() {
            Ok(known) if known.member == place.member => {}
            Ok(known) => {
                *slot = Slot::shared(self.shared.len());
                self.shared.push(vec![known, place]);
            }
            Err(index) => {
                let group = &mut self.shared[index];
                if group.last().is_some_and(|last| last.member != place.member) {
                    group.push(place);
                }
            }
        }
    }

    /// The first place of a text.
    pub(crate) fn first(&self, key: Key) -> Option<Place> {
        match self.known.get(&key)?.place() {
            Ok(place) => Some(place),
            Err(index) => self.shared[index].first().copied(),
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
        let alone = self
            .known
            .into_values()
            .filter_map(|slot| slot.place().ok());
        all.extend(alone.map(|place| vec![place]));
        all.sort_unstable();
        all
    }
}
