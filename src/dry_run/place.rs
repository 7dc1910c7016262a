//! Places of findings in the files that people have: the document that is sent, or those of which it was made.

use super::Related;
use crate::finding::Finding;
use crate::source::{Position, Source, Span};
use crate::staging::{Made, Role};

/// Where spans of a document lie.
pub(super) struct Places<'a> {
    /// The document.
    source: &'a Source,
    /// How it was made, and the files of which.
    made: Option<(&'a Made, &'a [(Role, &'a Source)])>,
}

/// One place.
pub(super) struct Spot {
    /// None if it is in the document that is sent.
    pub(super) file: Option<String>,
    pub(super) start: Position,
    pub(super) end: Position,
}

impl<'a> Places<'a> {
    /// Of a document that is sent as it is.
    pub(super) fn of(source: &'a Source) -> Places<'a> {
        Places { source, made: None }
    }

    /// Of a document that was made of others.
    pub(super) fn in_made(made: &'a Made, files: &'a [(Role, &'a Source)]) -> Places<'a> {
        Places {
            source: made.source(),
            made: Some((made, files)),
        }
    }

    /// The place of a span of the document, or of another one that is given.
    pub(super) fn spot(&self, span: Span, other: Option<&Source>) -> Spot {
        if let Some(other) = other {
            return spot(other, span, true);
        }
        let Some((made, files)) = self.made else {
            return spot(self.source, span, false);
        };
        let origin = made.origin(span);
        let found = origin.and_then(|(role, span)| {
            let (_, source) = files.iter().find(|(of, _)| *of == role)?;
            Some(spot(source, span, true))
        });
        found.unwrap_or_else(|| spot(self.source, span, false))
    }

    /// The labels of a finding that are not in the file of its own place.
    pub(super) fn related(&self, finding: &Finding, own: Option<&str>) -> Vec<Related> {
        let labels = finding.labels.iter();
        let places = labels.map(|label| (label, self.spot(label.span, label.source.as_deref())));
        places
            .filter(|(_, spot)| spot.file.as_deref() != own)
            .map(|(label, spot)| Related {
                file: spot.file,
                start: spot.start,
                end: spot.end,
                message: label.message.clone(),
            })
            .collect()
    }
}

fn spot(source: &Source, span: Span, is_named: bool) -> Spot {
    Spot {
        file: is_named.then(|| source.name().to_owned()),
        start: source.position(span.start),
        end: source.position(span.end),
    }
}
