//! Where a finding is, as other programs look for it: paths from the root of a checkout, addresses, lines and columns in
//! the unit of a format.

use std::borrow::Cow;
use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};

use super::text;
use crate::source::{Source, Span};
use crate::walk::STDIN_NAME;

/// The directory from which other programs count paths. Without one, names stay as they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Root(Option<Directories>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Directories {
    /// From where the names of the report begin.
    here: PathBuf,
    roots: Vec<PathBuf>,
}

impl Root {
    /// Names of the report begin `here`; other programs look for them from a root, which has one or more names. All are
    /// absolute.
    pub fn new(here: PathBuf, roots: Vec<PathBuf>) -> Root {
        Root(Some(Directories { here, roots }))
    }

    /// A path from the root, or an absolute one if it leads elsewhere; `/` between its parts.
    pub(super) fn path<'n>(&self, name: &'n str) -> Cow<'n, str> {
        let Some(Directories { here, roots }) = &self.0 else {
            return Cow::Borrowed(name);
        };
        if name == STDIN_NAME {
            return Cow::Borrowed(name);
        }
        let path = resolved(&here.join(name));
        let mut below = roots.iter().filter_map(|root| path.strip_prefix(root).ok());
        let path = below.next().unwrap_or(&path);
        // Elsewhere a backslash is a letter of a name.
        Cow::Owned(path.to_string_lossy().replace(MAIN_SEPARATOR, "/"))
    }

    /// The same as an address: relative to the root, or an absolute `file:` one.
    pub(super) fn uri(&self, name: &str) -> Uri {
        let path = self.path(name);
        let path = path.strip_prefix("./").unwrap_or(&path);
        let has_drive = path.as_bytes().get(1) == Some(&b':') && Path::new(path).is_absolute();
        match (path.starts_with('/'), has_drive) {
            (false, false) => Uri::Relative(encoded(path)),
            (true, _) => Uri::Absolute(format!("file://{}", encoded(path))),
            (false, true) => {
                Uri::Absolute(format!("file:///{}:{}", &path[..1], encoded(&path[2..])))
            }
        }
    }
}

/// Without `.` and `..`, as the words say: links are not followed.
fn resolved(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            other => out.push(other),
        }
    }
    out
}

/// The address of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Uri {
    Relative(String),
    Absolute(String),
}

/// With everything but letters, digits, `-._~` and `/` as `%` and its bytes (RFC 3986).
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// What a format counts columns in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Unicode scalar values.
    Characters,
    /// UTF-16 code units.
    Utf16,
    /// Bytes of the file, which is UTF-8. Those of a byte order mark count, as readers of lines do not drop it.
    Bytes,
}

/// A line and a column, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) line: u32,
    pub(super) column: u32,
}

/// From a place to the first one behind the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) start: Point,
    pub(super) end: Point,
}

impl Region {
    /// Of a text; the beginning of the file where the text is gone.
    pub(super) fn new(source: Option<&Source>, span: Span, unit: Unit) -> Region {
        let Some(source) = source else {
            let start = Point { line: 1, column: 1 };
            return Region { start, end: start };
        };
        let start = text::floor(source.text(), span.start);
        let end = text::floor(source.text(), span.end).max(start);
        Region {
            start: point(source, start, unit),
            end: point(source, end, unit),
        }
    }

    /// Whether it begins and ends on one line.
    pub(super) fn is_in_one_line(self) -> bool {
        self.start.line == self.end.line
    }
}

fn point(source: &Source, offset: u32, unit: Unit) -> Point {
    let position = source.position(offset);
    let column = match unit {
        Unit::Characters => position.column,
        Unit::Utf16 => source.utf16_column(offset) + 1,
        Unit::Bytes => {
            offset - source.line_span(position.line).start + 1 + mark(source, position.line)
        }
    };
    Point {
        line: position.line,
        column,
    }
}

/// Bytes of a byte order mark on a line.
fn mark(source: &Source, line: u32) -> u32 {
    let is_utf8 = source.encoding() == crate::source::Encoding::Utf8;
    match line {
        1 if is_utf8 => source.position(0).offset as u32,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_in_the_unit_of_the_format() {
        // An emoji with a modifier, a letter with a combining mark, a tab.
        let text = "<a>\r\n\t<é>👍🏽e\u{301}x</é>\r\n</a>";
        let at = text.find('x').map_or(0, |at| at as u32);
        let source = Source::from_bytes("x", text.into());
        let column = |unit| {
            Region::new(Some(&source), Span::new(at, at + 1), unit)
                .start
                .column
        };
        assert_eq!(column(Unit::Characters), 9);
        assert_eq!(column(Unit::Utf16), 11);
        assert_eq!(column(Unit::Bytes), 17);
    }

    #[test]
    fn a_mark_is_bytes_of_the_first_line_and_nothing_else() {
        let source = Source::from_bytes("x", b"\xEF\xBB\xBF<a>\n<b/></a>".to_vec());
        let column = |at, unit| Region::new(Some(&source), Span::at(at), unit).start.column;
        assert_eq!(column(1, Unit::Bytes), 5);
        assert_eq!(column(1, Unit::Utf16), 2);
        assert_eq!(column(5, Unit::Bytes), 2);
        // Nobody counts bytes of UTF-16 in lines: those of the same text in UTF-8.
        let utf16: Vec<u8> = "\u{FEFF}<é/>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let source = Source::from_bytes("x", utf16);
        assert_eq!(
            Region::new(Some(&source), Span::at(3), Unit::Bytes)
                .start
                .column,
            4
        );
    }

    #[cfg(unix)]
    #[test]
    fn paths_begin_at_the_root() {
        let root = Root::new(
            "/repo/cdn".into(),
            vec!["/repo".into(), "/link/repo".into()],
        );
        for (name, path) in [
            ("a.xml", "cdn/a.xml"),
            ("./b/../a.xml", "cdn/a.xml"),
            ("../x/a.xml", "x/a.xml"),
            ("/repo/a.xml", "a.xml"),
            ("/link/repo/a.xml", "a.xml"),
            ("../../tmp/a.xml", "/tmp/a.xml"),
            ("/repository/a.xml", "/repository/a.xml"),
            ("a\\b.xml", "cdn/a\\b.xml"),
            (STDIN_NAME, STDIN_NAME),
        ] {
            assert_eq!(root.path(name), path);
            assert_eq!(Root::default().path(name), name);
        }
    }

    #[cfg(unix)]
    #[test]
    fn addresses_are_encoded() {
        let root = Root::default();
        let relative = |uri: &str| Uri::Relative(uri.to_owned());
        assert_eq!(root.uri("./a b.xml"), relative("a%20b.xml"));
        assert_eq!(
            root.uri("100%/é#?.xml"),
            relative("100%25/%C3%A9%23%3F.xml")
        );
        // Not the scheme `HEAD`.
        assert_eq!(root.uri("HEAD:a.xml"), relative("HEAD%3Aa.xml"));
        assert_eq!(
            root.uri("/tmp/a b.xml"),
            Uri::Absolute("file:///tmp/a%20b.xml".to_owned())
        );
    }
}
