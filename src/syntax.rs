//! Text to [`Document`]. The only module that knows a parser.
//!
//! [`scan`] goes first: one linear pass that enforces the limits and names every well-formedness error with its place.
//! The tree builder behind it is quadratic on attributes and cubic on nested namespace declarations, and reports most
//! errors at 1:1, so it only ever sees what the scan let through.

mod chars;
mod declaration;
mod malformed;
mod plain;
mod scan;
mod sniff;
#[cfg(test)]
mod tests;
mod xml;

use crate::document::Document;
use crate::finding::Finding;
use crate::limits::Limits;
use crate::secrets;
use crate::source::Source;

pub(crate) use malformed::too_large;
pub(crate) use sniff::sniff;

/// Reads a document.
///
/// # Errors
/// The first thing that keeps the text from being read, as a finding of one of the mandatory rules.
pub(crate) fn parse<'s>(source: &'s Source, limits: &Limits) -> Result<Document<'s>, Box<Finding>> {
    if let Some(document) = parse_plain(source, limits) {
        return Ok(document);
    }
    scan::scan(source, limits)
        .and_then(|scan| {
            let mut document = xml::build(source, scan.elements)?;
            document.comments = scan.comments;
            Ok(document)
        })
        .map_err(|finding| Box::new(secrets::hush(source, *finding)))
}

/// The short way; none if the text is not plain, or anything at all is wrong with it.
fn parse_plain<'s>(source: &'s Source, limits: &Limits) -> Option<Document<'s>> {
    let elements = plain::elements(source, limits)?;
    let document = xml::build(source, elements).ok()?;
    let most = limits.max_depth;
    // So few cannot stand deeper.
    let fits = document.nodes.len() <= most || document.depth() <= most;
    fits.then_some(document)
}
