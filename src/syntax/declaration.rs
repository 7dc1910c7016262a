//! The XML declaration, and whether the encoding that it names is the one the bytes are in.

use std::ops::Range;

use super::chars::{BLANK, excerpt, is};
use super::scan::Error;
use crate::finding::Finding;
use crate::rule::id::{INVALID_ENCODING, MALFORMED_XML};
use crate::source::{Encoding, Source, Span};

/// A declaration that was read.
pub(super) struct Declaration {
    /// From `<?xml` to `?>`.
    pub(super) span: Span,
    /// The name in `encoding="…"`.
    pub(super) encoding: Option<Span>,
}

/// Reads and checks the declaration at the start of the text, if there is one.
pub(super) fn read(source: &Source) -> Result<Option<Declaration>, Error> {
    let text = source.text();
    if let Some(usual) = usual(source) {
        return Ok(Some(usual));
    }
    let Some(rest) = text.strip_prefix("<?xml") else {
        return Ok(None);
    };
    // `<?xml-stylesheet` is an instruction like any other.
    let next = rest.bytes().next().unwrap_or(b'?');
    if !is(next, BLANK) && next != b'?' && next != b'>' {
        return Ok(None);
    }
    let mut reader = Reader {
        text,
        pos: "<?xml".len(),
        items: Vec::new(),
    };
    reader.items()?;
    let declaration = reader.check()?;
    if let Some(name) = declaration.encoding {
        check_encoding(source, name)?;
    }
    Ok(Some(declaration))
}

/// The declaration that nearly all documents have, told without reading it piece by piece.
fn usual(source: &Source) -> Option<Declaration> {
    const USUAL: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    const NAME: Range<u32> = 30..35;
    let is_usual = source.encoding() == Encoding::Utf8 && source.text().starts_with(USUAL);
    is_usual.then(|| Declaration {
        span: Span::new(0, USUAL.len() as u32),
        encoding: Some(Span::new(NAME.start, NAME.end)),
    })
}

/// One `name="value"` of the declaration.
#[derive(Clone, Copy)]
struct Item {
    name: Span,
    value: Span,
}

struct Reader<'a> {
    text: &'a str,
    pos: usize,
    items: Vec<Item>,
}

/// The items in the order in which they must stand.
const ITEMS: [&str; 3] = ["version", "encoding", "standalone"];

impl Reader<'_> {
    /// Reads the items and the `?>`.
    fn items(&mut self) -> Result<(), Error> {
        loop {
            let blanks = self.skip_blanks() > 0;
            let rest = &self.text[self.pos..];
            if rest.starts_with("?>") {
                self.pos += 2;
                return Ok(());
            }
            let name = self.word();
            match rest.bytes().next() {
                None | Some(b'>' | b'<') => return Err(self.without_end()),
                _ if name.is_empty() => return Err(self.unexpected()),
                _ if !blanks => return Err(self.no_blank(name)),
                _ => {}
            }
            let value = self.value(name)?;
            self.add(Item { name, value })?;
        }
    }

    /// Accepts an item if it is known and comes in its turn.
    fn add(&mut self, item: Item) -> Result<(), Error> {
        let name = self.slice(item.name);
        let Some(rank) = ITEMS.iter().position(|known| *known == name) else {
            let message = format!("`{}` does not belong in the XML declaration", excerpt(name));
            return Err(malformed(item.name, message)
                .label("neither version, encoding nor standalone")
                .help("remove it")
                .into());
        };
        for earlier in &self.items {
            let other = self.slice(earlier.name);
            if other == name {
                return Err(malformed(
                    item.name,
                    format!("`{name}` is given twice in the XML declaration"),
                )
                .label("given again")
                .also(earlier.name, "first given here")
                .help("remove one of the two")
                .into());
            }
            if ITEMS[rank + 1..].contains(&other) {
                return Err(
                    malformed(item.name, format!("`{name}` must come before `{other}`"))
                        .label("too late")
                        .also(earlier.name, "comes first here")
                        .help("the order is version, encoding, standalone")
                        .into(),
                );
            }
        }
        self.items.push(item);
        Ok(())
    }

    /// Checks the values when all items are read.
    fn check(&self) -> Result<Declaration, Error> {
        let span = Span::new(0, self.pos as u32);
        let find = |name| self.items.iter().find(|item| self.slice(item.name) == name);
        let Some(version) = find("version") else {
            return Err(malformed(span, "the XML declaration has no version")
                .label("`version` is missing")
                .help(
                    "write `<?xml version=\"1.0\" encoding=\"UTF-8\"?>`, or remove the declaration",
                )
                .into());
        };
        if self.slice(version.value) != "1.0" {
            let message = format!(
                "XML version `{}` is not supported",
                self.shown(version.value)
            );
            return Err(malformed(version.value, message)
                .label("must be `1.0`")
                .help("write `version=\"1.0\"`")
                .into());
        }
        if let Some(standalone) =
            find("standalone").filter(|item| !matches!(self.slice(item.value), "yes" | "no"))
        {
            let message = format!("`standalone` cannot be `{}`", self.shown(standalone.value));
            return Err(malformed(standalone.value, message)
                .label("must be `yes` or `no`")
                .help("remove `standalone`; it has no meaning here")
                .into());
        }
        let encoding = find("encoding").map(|item| item.value);
        Ok(Declaration { span, encoding })
    }

    /// The value of the item whose name was just read.
    fn value(&mut self, name: Span) -> Result<Span, Error> {
        self.skip_blanks();
        let shown = self.shown(name);
        let Some(rest) = self.text[self.pos..].strip_prefix('=') else {
            return Err(malformed(
                name,
                format!("`{shown}` has no value in the XML declaration"),
            )
            .label("not followed by `=`")
            .help(format!("write `{shown}=\"…\"`"))
            .into());
        };
        self.pos = self.text.len() - rest.len();
        self.skip_blanks();
        let rest = &self.text[self.pos..];
        let quote = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => quote,
            c => {
                let length = c.map_or(0, char::len_utf8) as u32;
                let span = Span::new(self.pos as u32, self.pos as u32 + length);
                return Err(malformed(
                    span,
                    format!("the value of `{shown}` in the XML declaration is not in quotes"),
                )
                .label("neither `\"` nor `'`")
                .help(format!("write `{shown}=\"…\"` with straight quotes"))
                .into());
            }
        };
        let start = self.pos + 1;
        let value = &self.text[start..];
        let end = value.find([quote, '<', '>']).unwrap_or(value.len());
        if !value[end..].starts_with(quote) {
            return Err(malformed(
                Span::new(start as u32 - 1, start as u32),
                format!("the value of `{shown}` in the XML declaration has no closing quote"),
            )
            .label("opened here and never closed")
            .help(format!("write `{quote}` at the end of the value"))
            .into());
        }
        self.pos = start + end + 1;
        Ok(Span::new(start as u32, (start + end) as u32))
    }

    fn without_end(&self) -> Error {
        malformed(
            Span::new(0, 5),
            "the XML declaration does not end with `?>`",
        )
        .label("begins here")
        .also(
            Span::new(self.pos as u32, self.text.len().min(self.pos + 1) as u32),
            "`?>` is expected here",
        )
        .help("write `?>` at its end")
        .into()
    }

    fn unexpected(&self) -> Error {
        let c = self.text[self.pos..].chars().next().unwrap_or_default();
        let span = Span::new(self.pos as u32, (self.pos + c.len_utf8()) as u32);
        let message = format!(
            "unexpected {} in the XML declaration",
            super::chars::shown(c)
        );
        malformed(span, message)
            .label("not allowed here")
            .help("write `<?xml version=\"1.0\" encoding=\"UTF-8\"?>`, or remove the declaration")
            .into()
    }

    fn no_blank(&self, name: Span) -> Error {
        malformed(
            name,
            format!("there is no blank before `{}`", self.shown(name)),
        )
        .label("follows directly on a quote")
        .help("separate the items of the declaration by a blank")
        .into()
    }

    fn skip_blanks(&mut self) -> usize {
        let rest = &self.text.as_bytes()[self.pos..];
        let blanks = rest.iter().take_while(|&&byte| is(byte, BLANK)).count();
        self.pos += blanks;
        blanks
    }

    /// Letters; empty if there is none.
    fn word(&mut self) -> Span {
        let rest = &self.text.as_bytes()[self.pos..];
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let start = self.pos as u32;
        self.pos += length;
        Span::new(start, self.pos as u32)
    }

    fn slice(&self, span: Span) -> &str {
        &self.text[span.start as usize..span.end as usize]
    }

    fn shown(&self, span: Span) -> String {
        excerpt(self.slice(span))
    }
}

/// What a declared encoding means for the bytes.
enum Declared {
    Utf8,
    Utf16,
    Utf16Le,
    Utf16Be,
    /// One that writes ASCII as ASCII does.
    AsciiSuperset,
    Unknown,
}

/// Compares the declared encoding with the one the bytes are in.
fn check_encoding(source: &Source, span: Span) -> Result<(), Error> {
    let name = source.slice(span);
    let actual = source.encoding();
    let matches = match (classify(name), actual) {
        (Declared::Unknown, _) => return Err(unknown_encoding(span, name)),
        (Declared::Utf8, Encoding::Utf8) => true,
        (Declared::Utf16, Encoding::Utf16Le | Encoding::Utf16Be) => true,
        (Declared::Utf16Le, Encoding::Utf16Le) | (Declared::Utf16Be, Encoding::Utf16Be) => true,
        (Declared::AsciiSuperset, Encoding::Utf8) => source.text().is_ascii(),
        _ => false,
    };
    if matches {
        return Ok(());
    }
    let message = format!(
        "the file declares `{}` but is in {}",
        excerpt(name),
        actual.name()
    );
    let finding = Finding::new(INVALID_ENCODING, span, message)
        .label("not the encoding of the bytes")
        .help(match actual {
            Encoding::Utf8 | Encoding::Utf32 => "write `encoding=\"UTF-8\"`",
            _ => "write `encoding=\"UTF-16\"`, or save the file as UTF-8",
        });
    let first = source.text().char_indices().find(|(_, c)| !c.is_ascii());
    Err(match first {
        Some((at, c)) if actual == Encoding::Utf8 => {
            let place = Span::new(at as u32, (at + c.len_utf8()) as u32);
            finding.also(place, "the first character that would be read differently")
        }
        _ => finding,
    }
    .into())
}

fn unknown_encoding(span: Span, name: &str) -> Error {
    Finding::new(
        INVALID_ENCODING,
        span,
        format!("unknown encoding `{}`", excerpt(name)),
    )
    .label("not the name of an encoding that is read")
    .help("save the file as UTF-8 and write `encoding=\"UTF-8\"`")
    .into()
}

fn classify(name: &str) -> Declared {
    let name = name.to_ascii_lowercase().replace('_', "-");
    match &*name {
        "utf-8" | "utf8" => Declared::Utf8,
        "utf-16" | "utf16" | "iso-10646-ucs-2" | "ucs-2" => Declared::Utf16,
        "utf-16le" => Declared::Utf16Le,
        "utf-16be" => Declared::Utf16Be,
        "us-ascii" | "ascii" | "latin1" | "latin-1" | "shift-jis" | "windows-31j" | "euc-jp"
        | "euc-kr" | "gbk" | "gb2312" | "gb18030" | "big5" | "koi8-r" | "koi8-u" | "macintosh" => {
            Declared::AsciiSuperset
        }
        _ if [
            "iso-8859-",
            "iso8859-",
            "windows-125",
            "windows-874",
            "cp125",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix)) =>
        {
            Declared::AsciiSuperset
        }
        _ => Declared::Unknown,
    }
}

fn malformed(span: Span, message: impl Into<String>) -> Finding {
    Finding::new(MALFORMED_XML, span, message)
}
