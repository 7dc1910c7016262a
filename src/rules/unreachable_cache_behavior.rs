//! `unreachable-cache-behavior`: an earlier path pattern takes all requests of a behavior.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::value::path_pattern::Wide;

/// So many behaviors are compared with each other. The quota is 75.
const MOST_COMPARED: usize = 250;

/// Most documents have no more patterns with a wildcard.
const USUAL: usize = 16;

/// The patterns that stand before another and have a wildcard: without one, a pattern covers nothing but itself.
#[derive(Default)]
pub(crate) struct Earlier<'d>(Vec<(Wide<'d>, Element<'d>)>);

impl<'d> Earlier<'d> {
    /// The first of the earlier patterns that covers one, of the behavior at a place. Of one that stands twice, another
    /// rule speaks.
    ///
    /// The pairs are quadratic in the number of behaviors, so only the first [`MOST_COMPARED`] take part: the work is
    /// bounded by a constant, about 31,000 comparisons of two patterns of at most 255 characters. The rest costs nothing.
    pub(crate) fn covering(
        &mut self,
        place: usize,
        pattern: Element<'d>,
        written: &'d str,
    ) -> Option<Element<'d>> {
        if place >= MOST_COMPARED {
            return None;
        }
        let covering = self.0.iter().find(|(wide, _)| wide.includes(written));
        let covering = covering.map(|(_, earlier)| *earlier);
        if let Some(wide) = Wide::with_wildcard(written) {
            if self.0.is_empty() {
                self.0.reserve(USUAL);
            }
            self.0.push((wide, pattern));
        }
        covering
    }
}

pub(crate) fn report(pattern: Element<'_>, earlier: Element<'_>) -> Finding {
    let (shown, wide) = (pattern.shown_value(), earlier.shown_value());
    Finding::new(
        id::UNREACHABLE_CACHE_BEHAVIOR,
        pattern.subject_span(),
        format!("the path pattern {shown} is never reached"),
    )
    .at(pattern.path())
    .label("comes too late")
    .also(earlier.subject_span(), "matches all its paths")
    .note("CloudFront takes the first behavior whose pattern matches, in the order of the document")
    .help(format!(
        "move this behavior before the one with {wide}, or delete it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Settings, check};
    use crate::source::Source;

    /// A document with so many narrow patterns behind a wide one.
    fn found(narrow: usize) -> usize {
        let behavior = |pattern: String| {
            format!("<CacheBehavior><PathPattern>{pattern}</PathPattern></CacheBehavior>")
        };
        let behaviors: String = std::iter::once(behavior("/a/*".to_owned()))
            .chain((0..narrow).map(|n| behavior(format!("/a/{n}"))))
            .collect();
        let text = format!(
            "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><CacheBehaviors>\
             <Items>{behaviors}</Items></CacheBehaviors></DistributionConfig>"
        );
        let source = Source::from_bytes("test.xml", text.into_bytes());
        let findings = check(&source, None, &Settings::default()).findings;
        let own = findings
            .iter()
            .filter(|f| f.rule == id::UNREACHABLE_CACHE_BEHAVIOR);
        own.count()
    }

    #[test]
    fn the_work_has_a_bound() {
        assert_eq!(found(MOST_COMPARED - 2), MOST_COMPARED - 2);
        assert_eq!(found(MOST_COMPARED - 1), MOST_COMPARED - 1);
        assert_eq!(found(MOST_COMPARED), MOST_COMPARED - 1);
    }
}
