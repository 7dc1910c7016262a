//! The hash by which GitHub follows an alert from commit to commit. Its upload step computes the same and complains of any
//! other value, so this does exactly what that does: one hash for each line, of the 100 UTF-16 code units from there on
//! that are neither blanks nor tabs.

use std::collections::HashMap;

use crate::source::Source;

const WINDOW: usize = 100;
const FACTOR: u64 = 37;
/// Stands behind the last unit of a file.
const END: u16 = 0xFFFF;
const LINE_FEED: u16 = 0x0A;
const RETURN: u16 = 0x0D;

/// The hashes of the lines of a file.
pub(super) struct LineHashes(Vec<(u64, u32)>);

impl LineHashes {
    /// None where the bytes of the file are not known any more.
    pub(super) fn of(source: &Source) -> Option<LineHashes> {
        if source.decode_error().is_some() {
            return None;
        }
        // GitHub reads every file as UTF-8, even one that is not.
        let bytes = source.encode(source.text());
        let text = String::from_utf8_lossy(&bytes);
        Some(LineHashes::of_units(text.encode_utf16()))
    }

    fn of_units(units: impl Iterator<Item = u16>) -> LineHashes {
        let mut hasher = Hasher::new();
        let mut after_return = false;
        for unit in units {
            let is_second_half = after_return && unit == LINE_FEED;
            after_return = unit == RETURN;
            match unit {
                0x20 | 0x09 => {}
                LINE_FEED if is_second_half => {}
                RETURN => hasher.take(LINE_FEED),
                _ => hasher.take(unit),
            }
        }
        hasher.take(END);
        hasher.finish()
    }

    /// The hash of a line, from 1, and how many lines had the same up to there.
    pub(super) fn line(&self, line: u32) -> Option<String> {
        let (hash, number) = self.0.get((line as usize).checked_sub(1)?)?;
        Some(format!("{hash:x}:{number}"))
    }
}

struct Hasher {
    /// The last units, from `at` on, and whether a line begins with each.
    window: [(u16, bool); WINDOW],
    at: usize,
    hash: u64,
    /// The factor of the unit that leaves the window.
    oldest: u64,
    begins_line: bool,
    lines: Vec<(u64, u32)>,
    seen: HashMap<u64, u32>,
}

impl Hasher {
    fn new() -> Hasher {
        Hasher {
            window: [(0, false); WINDOW],
            at: 0,
            hash: 0,
            oldest: FACTOR.wrapping_pow(WINDOW as u32),
            begins_line: true,
            lines: Vec::new(),
            seen: HashMap::new(),
        }
    }

    fn take(&mut self, unit: u16) {
        self.push(unit, self.begins_line);
        self.begins_line = unit == LINE_FEED;
    }

    /// A line is done when its first unit leaves the window.
    fn push(&mut self, unit: u16, begins_line: bool) {
        // `at` is always less than the length.
        let (gone, began_line) = std::mem::replace(&mut self.window[self.at], (unit, begins_line));
        if began_line {
            let number = self.seen.entry(self.hash).or_default();
            *number += 1;
            self.lines.push((self.hash, *number));
        }
        let shifted = self.hash.wrapping_mul(FACTOR).wrapping_add(u64::from(unit));
        self.hash = shifted.wrapping_sub(self.oldest.wrapping_mul(u64::from(gone)));
        self.at = (self.at + 1) % WINDOW;
    }

    fn finish(mut self) -> LineHashes {
        for _ in 0..WINDOW {
            self.push(0, false);
        }
        LineHashes(self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<String> {
        let hashes = LineHashes::of(&Source::from_bytes("x", text.into())).map(|hashes| {
            let lines = (1..).map_while(|line| hashes.line(line));
            lines.collect()
        });
        hashes.unwrap_or_default()
    }

    /// Values that GitHub publishes with its upload step.
    #[test]
    fn the_hashes_are_the_published_ones() {
        assert_eq!(hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            hashes(" a\nb\n  \t\tc\n d"),
            [
                "271789c17abda88f:1",
                "54703d4cd895b18:1",
                "180aee12dab6264:1",
                "a23a3dc5e078b07b:1"
            ]
        );
        let greetings = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        for text in [
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
            " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r",
            " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
            " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
        ] {
            assert_eq!(hashes(text), greetings, "{text:?}");
        }
        let repeated = hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10));
        assert_eq!(repeated[0], "a7f2ff13bc495cf2:1");
        assert_eq!(repeated[5], "a7f2ff13bc495cf2:6");
        assert_eq!(
            repeated[6..],
            [
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ]
        );
    }

    #[test]
    fn a_file_that_could_not_be_read_to_its_end_has_none() {
        assert!(LineHashes::of(&Source::from_bytes("x", b"<a>\xFF</a>".to_vec())).is_none());
    }
}
