//! The hash by which GitHub follows an alert from commit to commit. Its upload step computes the same and complains of any
//! other value, so this does exactly what that does: one hash for each line, of the 100 UTF-16 code units from there on
//! that are neither blanks nor tabs. Where a secret is among them there is none, since a hash tells who guesses that he is
//! right; the upload step computes it where it is needed.

use std::collections::HashMap;

use crate::fingerprint::{Hidden, Text};
use crate::report::FileReport;
use crate::source::{Encoding, Span};

const WINDOW: usize = 100;
const FACTOR: u64 = 37;
/// Stands behind the last unit of a file.
const END: u16 = 0xFFFF;
const LINE_FEED: u16 = 0x0A;

/// The hashes of the lines of a file.
pub(super) struct LineHashes(Vec<Line>);

struct Line {
    hash: u64,
    /// How many lines had the same up to here.
    number: u32,
    /// Whether a secret is in the hash.
    is_secret: bool,
}

impl LineHashes {
    /// None where the file, or what of it is secret, is not known.
    pub(super) fn of(file: &FileReport) -> Option<LineHashes> {
        let source = file.source.as_deref()?;
        if source.decode_error().is_some() || !file.parsed {
            return None;
        }
        let hidden = Hidden::of(Text::of(file));
        if source.encoding() == Encoding::Utf8 {
            // A byte order mark is the first character of the first line.
            let mark = (source.position(0).offset > 0).then_some((0, '\u{FEFF}'));
            let chars = mark.into_iter().chain(source.text().char_indices());
            return Some(LineHashes::of_chars(chars, |place| hidden.touches(place)));
        }
        // GitHub reads every file as UTF-8, even one that is not; places are others then.
        let is_secret = hidden.touches(Span::new(0, u32::MAX));
        let bytes = source.encode(source.text());
        let text = String::from_utf8_lossy(&bytes);
        Some(LineHashes::of_chars(text.char_indices(), |_| is_secret))
    }

    fn of_chars(
        chars: impl Iterator<Item = (usize, char)>,
        is_secret: impl Fn(Span) -> bool,
    ) -> LineHashes {
        let mut hasher = Hasher::new(is_secret);
        let (mut after_return, mut end) = (false, 0);
        for (at, c) in chars {
            let is_second_half = after_return && c == '\n';
            after_return = c == '\r';
            match c {
                ' ' | '\t' => {}
                '\n' if is_second_half => {}
                '\r' => hasher.take(LINE_FEED, at),
                _ => c
                    .encode_utf16(&mut [0; 2])
                    .iter()
                    .for_each(|unit| hasher.take(*unit, at)),
            }
            end = at + c.len_utf8();
        }
        hasher.take(END, end);
        hasher.finish(end)
    }

    /// The hash of a line, from 1, and how many lines had the same up to there; none if a secret is in it.
    pub(super) fn line(&self, line: u32) -> Option<String> {
        let line = self.0.get((line as usize).checked_sub(1)?)?;
        (!line.is_secret).then(|| format!("{:x}:{}", line.hash, line.number))
    }
}

struct Hasher<F> {
    /// The last units, from `at` on, and where a line begins with each.
    window: [(u16, Option<usize>); WINDOW],
    at: usize,
    hash: u64,
    /// The factor of the unit that leaves the window.
    oldest: u64,
    begins_line: bool,
    lines: Vec<Line>,
    seen: HashMap<u64, u32>,
    is_secret: F,
}

impl<F: Fn(Span) -> bool> Hasher<F> {
    fn new(is_secret: F) -> Hasher<F> {
        Hasher {
            window: [(0, None); WINDOW],
            at: 0,
            hash: 0,
            oldest: FACTOR.wrapping_pow(WINDOW as u32),
            begins_line: true,
            lines: Vec::new(),
            seen: HashMap::new(),
            is_secret,
        }
    }

    /// Takes the next unit, which stands at an offset of the text.
    fn take(&mut self, unit: u16, offset: usize) {
        self.push(unit, self.begins_line.then_some(offset), offset);
        self.begins_line = unit == LINE_FEED;
    }

    /// A line is done when its first unit leaves the window.
    fn push(&mut self, unit: u16, line: Option<usize>, offset: usize) {
        // `at` is always less than the length.
        let (gone, line) = std::mem::replace(&mut self.window[self.at], (unit, line));
        if let Some(start) = line {
            let number = self.seen.entry(self.hash).or_default();
            *number += 1;
            self.lines.push(Line {
                hash: self.hash,
                number: *number,
                is_secret: (self.is_secret)(Span::new(start as u32, offset as u32)),
            });
        }
        let shifted = self.hash.wrapping_mul(FACTOR).wrapping_add(u64::from(unit));
        self.hash = shifted.wrapping_sub(self.oldest.wrapping_mul(u64::from(gone)));
        self.at = (self.at + 1) % WINDOW;
    }

    fn finish(mut self, end: usize) -> LineHashes {
        for _ in 0..WINDOW {
            self.push(0, None, end);
        }
        LineHashes(self.lines)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Source;

    fn file(bytes: &[u8]) -> FileReport {
        FileReport {
            source: Some(Arc::new(Source::from_bytes("x", bytes.to_vec()))),
            parsed: true,
            ..FileReport::default()
        }
    }

    fn hashes(text: &str) -> Vec<String> {
        let hashes = LineHashes::of(&file(text.as_bytes())).map(|hashes| {
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
    fn a_file_that_is_not_known_has_none() {
        assert!(LineHashes::of(&file(b"<a>\xFF</a>")).is_none());
        let unread = FileReport {
            parsed: false,
            ..file(b"<a>")
        };
        assert!(LineHashes::of(&unread).is_none());
    }

    #[test]
    fn no_secret_is_in_a_hash() {
        let filler = "x".repeat(WINDOW);
        let text = format!("far\n{filler}\nnear\n    secret\n{filler}\n");
        let mut file = file(text.as_bytes());
        let at = text.find("secret").unwrap_or_default() as u32;
        file.secrets = vec![Span::new(at, at + 6)];
        let hashes = LineHashes::of(&file);
        let lines: Vec<bool> = (1..=6)
            .map(|line| {
                hashes
                    .as_ref()
                    .is_some_and(|hashes| hashes.line(line).is_some())
            })
            .collect();
        assert_eq!(lines, [true, true, false, false, true, true]);
    }

    #[test]
    fn other_encodings_are_hashed_as_github_reads_them() {
        let utf16: Vec<u8> = "\u{FEFF}<a>\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let read = "\u{FFFD}\u{FFFD}<\0a\0>\0\n\0";
        let line = |bytes: &[u8]| LineHashes::of(&file(bytes)).and_then(|hashes| hashes.line(1));
        assert_eq!(line(&utf16), line(read.as_bytes()));
        assert_ne!(line(b"\xEF\xBB\xBF<a>"), line(b"<a>"));
        assert_eq!(line(b"\xEF\xBB\xBF<a>"), Some(hash_of("\u{FEFF}<a>")));
    }

    /// By the definition, for a text of one short line.
    fn hash_of(line: &str) -> String {
        let units = line.encode_utf16().chain([END]);
        let zeros = std::iter::repeat(0u16);
        let hash = units.chain(zeros).take(WINDOW).fold(0u64, |hash, unit| {
            hash.wrapping_mul(FACTOR).wrapping_add(u64::from(unit))
        });
        format!("{hash:x}:1")
    }
}
