//! The short way for plain documents.
//!
//! The scan exists for what the tree builder takes too long over, takes too kindly, or places badly. A text in which
//! none of that can occur goes straight to the tree builder; if that refuses it, the scan says why and where.

use memchr::{memchr, memchr_iter, memchr3};

use super::{declaration, malformed};
use crate::limits::Limits;
use crate::source::Source;

/// Short texts are not searched for tags: there is room for an element in each so many bytes, and more where needed.
const ELEMENT: usize = 24;
/// Texts of so many bytes are short.
const SHORT: usize = 64 << 10;
/// No tag is shorter.
const SHORTEST_TAG: usize = 3;

/// For how many elements there should be room, if the text is plain.
pub(super) fn elements(source: &Source, limits: &Limits) -> Option<usize> {
    let text = source.text();
    let sound = source.decode_error().is_none() && source.len_bytes() <= limits.max_size;
    if !sound || malformed::check_beginning(text).is_err() {
        return None;
    }
    let declaration = declaration::read(source).ok()?;
    let rest = &text.as_bytes()[declaration.map_or(0, |found| found.span.end as usize)..];
    // Comments, CDATA, DOCTYPE, instructions, late declarations and character references all need one of these.
    let marked = memchr3(b'!', b'?', b'#', rest).is_some();
    if marked || !has_plain_attribute(rest, limits) || has_odd_colon(rest) {
        return None;
    }
    if rest.len() <= SHORT && rest.len() / SHORTEST_TAG <= limits.max_nodes {
        return Some(rest.len() / ELEMENT);
    }
    let tags = memchr_iter(b'<', rest).count();
    (tags <= limits.max_nodes).then_some(tags)
}

/// One attribute at most: the namespace of the root. That leaves no room for a repeated one, for missing blanks between
/// two, or for declarations by the thousand. An `=` in a value costs such a document the short way, no more.
fn has_plain_attribute(rest: &[u8], limits: &Limits) -> bool {
    let Some(equals) = memchr(b'=', rest) else {
        return true;
    };
    let value = &rest[equals + 1..];
    let filled = matches!(value, [b'"', c, ..] | [b'\'', c, ..] if !matches!(c, b'"' | b'\''));
    let ours = value
        .get(1..)
        .is_some_and(|uri| uri.starts_with(b"http://cloudfront.amazonaws.com/"));
    filled
        && ours
        && limits.max_attributes > 0
        && limits.max_namespaces > 0
        && memchr(b'=', value).is_none()
}

/// Names that begin with a colon and `p:xmlns`, which the tree builder takes for other names.
fn has_odd_colon(rest: &[u8]) -> bool {
    memchr_iter(b':', rest).any(|at| {
        let after = &rest[at + 1..];
        matches!(rest[..at].last(), Some(b'<' | b'/')) || after.starts_with(b"xmlns")
    })
}
