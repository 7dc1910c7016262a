//! Bytes to text: decoding, spans, and lines and columns at the edge.

use std::sync::{Arc, OnceLock};

/// Bytes `start..end` of a source's text (UTF-8, without the byte order mark).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end`.
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The place before the byte at `offset`, without any text.
    pub const fn at(offset: u32) -> Span {
        Span::new(offset, offset)
    }

    /// Where a slice of a text stands in it.
    pub(crate) fn of(slice: &str, text: &str) -> Span {
        let start = (slice.as_ptr() as usize - text.as_ptr() as usize) as u32;
        Span::new(start, start + slice.len() as u32)
    }

    /// Number of bytes.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// True if there is no text in it.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// From the start of this span to the end of `other`.
    pub const fn to(self, other: Span) -> Span {
        Span::new(self.start, other.end)
    }

    /// True if the byte at `offset` lies in it.
    pub const fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }
}

/// How the bytes of a file are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, which includes ASCII.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// UTF-32 of either byte order: recognised, not read.
    Utf32,
}

impl Encoding {
    /// The usual name.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Utf32 => "UTF-32",
        }
    }
}

/// Why the bytes of a file could not be read to their end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The end of the text that could be read.
    pub span: Span,
    /// The offending bytes as hexadecimal pairs, `E9 72`.
    pub bytes: String,
    /// What is wrong, as a short phrase.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// A place as people and other tools count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Bytes into the file as it lies on disk.
    pub offset: u64,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

/// One document's text and the way back from it to the file.
#[derive(Debug)]
pub struct Source {
    name: Arc<str>,
    /// The text, preceded by its byte order mark if it came as UTF-8: cutting the mark off would move the whole text.
    buffer: String,
    /// Where the text begins in `buffer`.
    start: usize,
    encoding: Encoding,
    /// Bytes of the byte order mark in the file.
    mark: u8,
    len_bytes: u64,
    decode_error: Option<DecodeError>,
    index: OnceLock<Index>,
}

impl Source {
    /// Reads bytes as text. Never fails: text up to the first mistake is kept, and [`Source::decode_error`] tells the
    /// rest.
    pub fn from_bytes(name: impl Into<Arc<str>>, bytes: Vec<u8>) -> Source {
        let len_bytes = bytes.len() as u64;
        let (encoding, mark) = detect(&bytes);
        let (mut buffer, start, mut decode_error) = match encoding {
            Encoding::Utf8 => {
                let (buffer, error) = decode_utf8(bytes, usize::from(mark));
                (buffer, usize::from(mark), error)
            }
            Encoding::Utf16Le => decode_utf16(&bytes[usize::from(mark)..], u16::from_le_bytes),
            Encoding::Utf16Be => decode_utf16(&bytes[usize::from(mark)..], u16::from_be_bytes),
            Encoding::Utf32 => (String::new(), 0, Some(utf32_error(&bytes))),
        };
        if buffer.len() - start > MAX_TEXT {
            buffer.truncate(floor_boundary(&buffer, MAX_TEXT));
            decode_error = Some(DecodeError {
                span: Span::at((buffer.len() - start) as u32),
                bytes: String::new(),
                message: "the file is larger than 4 GiB".to_owned(),
                help: "split it".to_owned(),
            });
        }
        Source {
            name: name.into(),
            buffer,
            start,
            encoding,
            mark,
            len_bytes,
            decode_error,
            index: OnceLock::new(),
        }
    }

    /// The name given to it, usually a path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text without a byte order mark. All spans are bytes into it.
    pub fn text(&self) -> &str {
        &self.buffer[self.start..]
    }

    /// How the bytes were read.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Size of the file.
    pub fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    /// Why the text stops before the end of the file, if it does.
    pub fn decode_error(&self) -> Option<&DecodeError> {
        self.decode_error.as_ref()
    }

    /// Another text as the bytes of a file of this encoding, with a byte order mark if this one has it.
    pub(crate) fn encode(&self, text: &str) -> Vec<u8> {
        let units = |bytes: fn(u16) -> [u8; 2]| {
            let mark = (self.mark > 0).then_some(0xFEFF);
            mark.into_iter()
                .chain(text.encode_utf16())
                .flat_map(bytes)
                .collect()
        };
        match self.encoding {
            Encoding::Utf16Le => units(u16::to_le_bytes),
            Encoding::Utf16Be => units(u16::to_be_bytes),
            Encoding::Utf8 | Encoding::Utf32 => {
                let mark: &[u8] = if self.mark > 0 { b"\xEF\xBB\xBF" } else { b"" };
                [mark, text.as_bytes()].concat()
            }
        }
    }

    /// The text of a span, clamped to the text and to whole characters.
    pub fn slice(&self, span: Span) -> &str {
        if let Some(text) = self.text().get(span.start as usize..span.end as usize) {
            return text;
        }
        let end = self.floor(span.end);
        let start = self.floor(span.start).min(end);
        &self.text()[start..end]
    }

    /// Where a byte of the text stands in the file.
    pub fn position(&self, offset: u32) -> Position {
        let offset = self.floor(offset);
        let line = self.index().line(offset);
        let line_start = self.index().starts[line] as usize;
        let column = self.units(offset).chars - self.units(line_start).chars;
        Position {
            offset: self.file_offset(offset),
            line: line as u32 + 1,
            column: column + 1,
        }
    }

    /// Column in bytes of the text, from 0, whatever the encoding of the file.
    pub fn byte_column(&self, offset: u32) -> u32 {
        let offset = self.floor(offset);
        (offset as u32).saturating_sub(self.index().starts[self.index().line(offset)])
    }

    /// Column in UTF-16 code units, from 0, as editors count.
    pub fn utf16_column(&self, offset: u32) -> u32 {
        let offset = self.floor(offset);
        let line_start = self.index().starts[self.index().line(offset)] as usize;
        self.units(offset).utf16 - self.units(line_start).utf16
    }

    /// Line of a byte of the text, from 1.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.index().line(self.floor(offset)) as u32 + 1
    }

    /// Number of lines; text after the last line break is a line even when it is empty.
    pub fn line_count(&self) -> u32 {
        self.index().starts.len() as u32
    }

    /// The text of a line, from 1, without its line break; beyond the last line, the end of the text.
    pub fn line_span(&self, line: u32) -> Span {
        let starts = &self.index().starts;
        let end_of_text = self.text().len() as u32;
        let line = line.max(1) as usize;
        let Some(&start) = starts.get(line - 1) else {
            return Span::at(end_of_text);
        };
        let Some(&next) = starts.get(line) else {
            return Span::new(start, end_of_text);
        };
        let text = &self.text()[start as usize..next as usize];
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        Span::new(start, start + text.len() as u32)
    }

    /// The nearest character boundary at or before `offset`.
    fn floor(&self, offset: u32) -> usize {
        floor_boundary(self.text(), offset as usize)
    }

    /// Bytes of the file before a character boundary of the text.
    fn file_offset(&self, offset: usize) -> u64 {
        let text = match self.encoding {
            Encoding::Utf8 | Encoding::Utf32 => offset as u64,
            Encoding::Utf16Le | Encoding::Utf16Be => 2 * u64::from(self.units(offset).utf16),
        };
        u64::from(self.mark) + text
    }

    fn units(&self, offset: usize) -> Units {
        self.index().units(self.text(), offset)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self.text()))
    }
}

/// Spans count bytes in 32 bits.
const MAX_TEXT: usize = u32::MAX as usize;

/// Distance of the checkpoints on which columns are counted: a column costs at most this many bytes of counting,
/// however long the line is.
const STEP: usize = 1024;

/// Characters and UTF-16 code units before a place.
#[derive(Clone, Copy, Debug, Default)]
struct Units {
    chars: u32,
    utf16: u32,
}

/// Line starts, and character counts at every [`STEP`]th byte unless the text is ASCII.
#[derive(Debug)]
struct Index {
    starts: Vec<u32>,
    checkpoints: Vec<Units>,
}

impl Index {
    fn new(text: &str) -> Index {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0)
            .chain(breaks.map(|at| at as u32 + 1))
            .collect();
        let mut checkpoints = Vec::new();
        if !text.is_ascii() {
            let mut sum = Units::default();
            for chunk in text.as_bytes().chunks(STEP) {
                checkpoints.push(sum);
                sum = sum.plus(chunk);
            }
            checkpoints.push(sum);
        }
        Index {
            starts,
            checkpoints,
        }
    }

    /// Index of the line that holds a byte.
    fn line(&self, offset: usize) -> usize {
        // The first start is 0, so at least one is not beyond the offset.
        self.starts
            .partition_point(|&start| start as usize <= offset)
            - 1
    }

    fn units(&self, text: &str, offset: usize) -> Units {
        match self.checkpoints.get(offset / STEP) {
            None => Units {
                chars: offset as u32,
                utf16: offset as u32,
            },
            Some(units) => units.plus(&text.as_bytes()[offset / STEP * STEP..offset]),
        }
    }
}

impl Units {
    /// Counts the characters that begin in `bytes`, so that a chunk may cut a character.
    fn plus(self, bytes: &[u8]) -> Units {
        let (mut begun, mut wide) = (0, 0);
        // Sums of a few bytes stay within a byte, which lets the compiler count many bytes at once.
        for chunk in bytes.chunks(128) {
            let (mut chunk_begun, mut chunk_wide) = (0u8, 0u8);
            for &byte in chunk {
                chunk_begun += u8::from(byte & 0xC0 != 0x80);
                chunk_wide += u8::from(byte >= 0xF0);
            }
            begun += u32::from(chunk_begun);
            wide += u32::from(chunk_wide);
        }
        Units {
            chars: self.chars + begun,
            utf16: self.utf16 + begun + wide,
        }
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Encoding and length of the byte order mark (XML 1.0, appendix F).
fn detect(bytes: &[u8]) -> (Encoding, u8) {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => (Encoding::Utf32, 4),
        [b'<', 0, 0, 0, ..] | [0, 0, 0, b'<', ..] => (Encoding::Utf32, 0),
        [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
        [b'<', 0, ..] => (Encoding::Utf16Le, 0),
        [0, b'<', ..] => (Encoding::Utf16Be, 0),
        _ => (Encoding::Utf8, 0),
    }
}

fn decode_utf8(bytes: Vec<u8>, mark: usize) -> (String, Option<DecodeError>) {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return (text, None),
        Err(error) => error,
    };
    let valid = error.utf8_error().valid_up_to();
    let length = error.utf8_error().error_len();
    let mut bytes = error.into_bytes();
    let wrong = bytes[valid..].iter().take(length.unwrap_or(4)).copied();
    let wrong: Vec<u8> = wrong.collect();
    let whole_file_is = known_format(&bytes);
    bytes.truncate(valid);
    // Valid up to here, so nothing is replaced.
    let text = String::from_utf8(bytes).unwrap_or_default();
    let (message, help) = match whole_file_is {
        Some(format) => (
            format!("the file is {format}, not text"),
            "check the name of the file".to_owned(),
        ),
        None if length.is_none() => (
            format!("the file ends within a character ({})", hex(&wrong)),
            "the file seems to be cut off: fetch or save it again".to_owned(),
        ),
        None => explain_byte(text.get(mark..).unwrap_or_default(), &wrong),
    };
    let end = match whole_file_is {
        Some(_) => 0,
        None => text.len().saturating_sub(mark).min(MAX_TEXT),
    };
    let error = DecodeError {
        span: Span::at(end as u32),
        bytes: hex(&wrong),
        message,
        help,
    };
    (text, Some(error))
}

/// What an invalid byte in UTF-8 text probably is.
fn explain_byte(text: &str, wrong: &[u8]) -> (String, String) {
    let bytes = hex(wrong);
    let noun = if wrong.len() == 1 { "byte" } else { "bytes" };
    let message = format!("the {noun} {bytes} cannot be read as UTF-8");
    let declared =
        declared_encoding(text).map(|span| &text[span.start as usize..span.end as usize]);
    let help = match (declared, latin1(wrong)) {
        (Some(name), _) if !is_utf8(name) => format!(
            "the file declares `{name}`, but only UTF-8 and UTF-16 are read: save the file as UTF-8 and write \
             `encoding=\"UTF-8\"`"
        ),
        (_, Some(letter)) => format!(
            "in Windows-1252 and ISO-8859-1 it is `{letter}`: the file was probably saved in one of these; save it as \
             UTF-8"
        ),
        _ => "save the file as UTF-8".to_owned(),
    };
    (message, help)
}

/// The letter that a lone byte is in both ISO-8859-1 and Windows-1252.
fn latin1(wrong: &[u8]) -> Option<char> {
    match *wrong {
        [byte @ 0xA1..=0xFF] if byte != 0xAD => Some(char::from(byte)),
        _ => None,
    }
}

fn is_utf8(name: &str) -> bool {
    name.eq_ignore_ascii_case("UTF-8") || name.eq_ignore_ascii_case("UTF8")
}

/// Files that are no text at all, by their first bytes.
fn known_format(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1F, 0x8B, ..] => Some("compressed by gzip"),
        [b'P', b'K', 3, 4, ..] => Some("a zip archive"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some("compressed by zstd"),
        [0x89, b'P', b'N', b'G', ..] => Some("a PNG image"),
        [0x4C, 0x6F, 0xA7, 0x94, ..] => Some("in EBCDIC"),
        _ => None,
    }
}

/// The name in `encoding="…"` of an XML declaration, as far as it can be found; the scan checks the declaration.
pub(crate) fn declared_encoding(text: &str) -> Option<Span> {
    let rest = text.strip_prefix("<?xml")?;
    let declaration = &rest[..rest.find('>')?.min(floor_boundary(rest, 512))];
    let name = declaration.find("encoding")? + "encoding".len();
    let value = declaration[name..].trim_start().strip_prefix('=')?;
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = &value[1..];
    let end = value.find(quote)?;
    let start = value.as_ptr().addr() - text.as_ptr().addr();
    Some(Span::new(start as u32, (start + end) as u32))
}

/// Text, its start (always 0) and the mistake.
fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, usize, Option<DecodeError>) {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2 + bytes.len() / 8);
    for c in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        match c {
            Ok(c) => text.push(c),
            Err(error) => {
                let error = surrogate_error(&text, error.unpaired_surrogate());
                return (text, 0, Some(error));
            }
        }
    }
    let error = (!odd.is_empty()).then(|| DecodeError {
        span: end_of(&text),
        bytes: hex(odd),
        message: format!("the file ends within a character ({})", hex(odd)),
        help: "UTF-16 has two bytes for each character: the file seems to be cut off".to_owned(),
    });
    (text, 0, error)
}

fn surrogate_error(text: &str, unit: u16) -> DecodeError {
    DecodeError {
        span: end_of(text),
        bytes: hex(&unit.to_be_bytes()),
        message: format!("half a character (U+{unit:04X}) cannot be read as UTF-16"),
        help: "save the file as UTF-8".to_owned(),
    }
}

fn utf32_error(bytes: &[u8]) -> DecodeError {
    DecodeError {
        span: Span::at(0),
        bytes: hex(&bytes[..bytes.len().min(4)]),
        message: "the file is in UTF-32, which XML tools do not read".to_owned(),
        help: "save the file as UTF-8".to_owned(),
    }
}

fn end_of(text: &str) -> Span {
    Span::at(text.len().min(MAX_TEXT) as u32)
}

fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utf16(text: &str, mark: bool, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let units = text.encode_utf16();
        let mark = mark.then_some(0xFEFF);
        mark.into_iter().chain(units).flat_map(unit).collect()
    }

    fn error(bytes: &[u8]) -> DecodeError {
        let source = Source::from_bytes("x", bytes.to_vec());
        source.decode_error().cloned().expect("a decode error")
    }

    #[test]
    fn reads_every_unicode_encoding() {
        let text = "<a>é😀</a>";
        let with_mark = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (with_mark, Encoding::Utf8),
            (utf16(text, true, u16::to_le_bytes), Encoding::Utf16Le),
            (utf16(text, false, u16::to_le_bytes), Encoding::Utf16Le),
            (utf16(text, true, u16::to_be_bytes), Encoding::Utf16Be),
            (utf16(text, false, u16::to_be_bytes), Encoding::Utf16Be),
        ] {
            let source = Source::from_bytes("x", bytes);
            assert_eq!(source.text(), text);
            assert_eq!(source.encoding(), encoding);
            assert_eq!(source.decode_error(), None);
        }
    }

    #[test]
    fn offsets_are_those_of_the_file() {
        let text = "<é😀/>";
        let at = text.find('/').unwrap() as u32;
        let offset = |bytes| Source::from_bytes("x", bytes).position(at).offset;
        assert_eq!(offset(text.as_bytes().to_vec()), 7);
        assert_eq!(offset([b"\xEF\xBB\xBF", text.as_bytes()].concat()), 10);
        assert_eq!(offset(utf16(text, false, u16::to_le_bytes)), 8);
        assert_eq!(offset(utf16(text, true, u16::to_be_bytes)), 10);
    }

    #[test]
    fn names_what_cannot_be_read() {
        let latin1 = error(b"<a>caf\xE9</a>");
        assert_eq!(latin1.span, Span::at(6));
        assert_eq!(latin1.bytes, "E9");
        assert_eq!(latin1.message, "the byte E9 cannot be read as UTF-8");
        assert!(latin1.help.contains("`é`"), "{}", latin1.help);
        let declared = error(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>");
        assert!(declared.help.contains("`ISO-8859-1`"), "{}", declared.help);
        assert!(error(b"\x1F\x8B\x08").message.contains("gzip"));
        assert!(error(b"<a>\xF0\x9F").message.contains("ends within"));
        assert!(error(b"\xFF\xFE<\0a").message.contains("ends within"));
        assert!(error(b"\xFF\xFE<\0\x3D\xD8/\0").message.contains("U+D83D"));
        assert!(error(b"<\0\0\0a\0\0\0").message.contains("UTF-32"));
    }

    #[test]
    fn keeps_the_text_before_a_mistake() {
        let source = Source::from_bytes("x", b"\xEF\xBB\xBF<a>\xFF".to_vec());
        assert_eq!(source.text(), "<a>");
        let error = source.decode_error().expect("a decode error");
        assert_eq!(source.position(error.span.start).offset, 6);
    }

    #[test]
    fn lines_end_before_their_break() {
        let source = Source::from_bytes("x", b"one\r\ntwo\n\nfour\rstill four\n".to_vec());
        let lines: Vec<&str> = (1..=source.line_count())
            .map(|line| source.slice(source.line_span(line)))
            .collect();
        assert_eq!(lines, ["one", "two", "", "four\rstill four", ""]);
        assert_eq!(source.line_span(99), Span::at(source.text().len() as u32));
        assert_eq!(source.line_of(u32::MAX), 5);
    }

    #[test]
    fn offsets_within_a_character_belong_to_it() {
        let source = Source::from_bytes("x", "é".into());
        assert_eq!(source.position(1), source.position(0));
        assert_eq!(source.slice(Span::new(1, 2)), "é");
        assert_eq!(source.slice(Span::new(9, 3)), "");
    }

    #[test]
    fn is_send_and_sync() {
        fn check<T: Send + Sync>() {}
        check::<Source>();
    }

    /// Pieces long enough together to cross checkpoints, with characters of every width.
    fn texts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\n".to_owned()),
            Just("\r\n".to_owned()),
            "[a-z<>&\r]{0,9}",
            "[é€😀]{0,3}",
            Just("é".repeat(700)),
            Just("x".repeat(600)),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn positions_agree_with_counting(
            text in texts(),
            form in 0..4usize,
            places in prop::collection::vec(any::<prop::sample::Index>(), 8),
        ) {
            let bytes = match form {
                0 => text.as_bytes().to_vec(),
                1 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
                2 => utf16(&text, true, u16::to_le_bytes),
                _ => utf16(&text, true, u16::to_be_bytes),
            };
            let mark = [0, 3, 2, 2][form];
            let source = Source::from_bytes("x", bytes);
            prop_assert_eq!(source.text(), &text);
            let places = places.iter().map(|place| place.index(text.len() + 1));
            for at in places.map(|at| floor_boundary(&text, at)).chain([text.len()]) {
                let before = &text[..at];
                let line = before.rsplit('\n').next().unwrap_or_default();
                let position = source.position(at as u32);
                prop_assert_eq!(position.line as usize, before.matches('\n').count() + 1);
                prop_assert_eq!(position.column as usize, line.chars().count() + 1);
                prop_assert_eq!(source.byte_column(at as u32) as usize, line.len());
                prop_assert_eq!(source.utf16_column(at as u32) as usize, line.encode_utf16().count());
                let units = before.encode_utf16().count() * 2;
                let offset = mark + if form < 2 { at } else { units };
                prop_assert_eq!(position.offset as usize, offset);
            }
        }

        #[test]
        fn any_bytes_are_accepted(bytes in prop::collection::vec(any::<u8>(), 0..200), at in any::<u32>()) {
            let source = Source::from_bytes("x", bytes);
            source.position(at);
            source.byte_column(at);
            source.utf16_column(at);
            source.line_span(at);
            source.slice(Span::new(at, at.wrapping_add(3)));
        }
    }
}
