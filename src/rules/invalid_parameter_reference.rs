//! `invalid-parameter-reference`: a value names a parameter that is not defined, or too many parameters.

use std::collections::HashSet;
use std::ops::Range;

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover;
use crate::schema::Kind;
use crate::scope::Scope;
use crate::suggest;
use crate::vocabulary::evaluate::part_of_value;

/// A value names so many at most.
const MOST: usize = 2;
/// A name is compared with so many others at most, to suggest the nearest; five may be defined.
const MOST_COMPARED: usize = 20;
/// Texts of the user's own.
const FREE_TEXT: [&str; 2] = ["Comment", "Value"];

/// The parameters of a document, for lookups and in document order.
struct Parameters<'d> {
    /// Where they are defined, and what stands there.
    place: (Element<'d>, &'static str),
    known: HashSet<&'d str>,
    in_order: Vec<&'d str>,
    /// The name of one is still to be filled in, so it may be any.
    any_unknown: bool,
}

/// All values beside and below the TenantConfig of a distribution.
pub(crate) fn check(_: &Scope<'_>, tenants: Element<'_>, findings: &mut Vec<Finding>) {
    if let Some(config) = tenants.parent() {
        Parameters::of(tenants).check_all(config, findings);
    }
}

/// All values of a multi-tenant distribution without TenantConfig: no parameter is defined.
pub(crate) fn undefined(_: &Scope<'_>, mode: Element<'_>, findings: &mut Vec<Finding>) {
    let parameters = Parameters {
        place: (mode, "multi-tenant, but without TenantConfig"),
        known: HashSet::new(),
        in_order: Vec::new(),
        any_unknown: false,
    };
    if let Some(config) = mode.parent() {
        parameters.check_all(config, findings);
    }
}

impl<'d> Parameters<'d> {
    fn of(tenants: Element<'d>) -> Parameters<'d> {
        let definitions = tenants.child("ParameterDefinitions");
        let names: Vec<Element<'_>> = definitions
            .into_iter()
            .flat_map(Element::children)
            .filter_map(|definition| definition.child("Name"))
            .collect();
        let in_order: Vec<&str> = names.iter().map(|name| trimmed(name.value())).collect();
        Parameters {
            place: (
                definitions.unwrap_or(tenants),
                "the parameters of this document",
            ),
            known: in_order.iter().copied().collect(),
            in_order,
            any_unknown: names.into_iter().any(template_leftover::is_unknown),
        }
    }

    fn check_all(&self, config: Element<'_>, findings: &mut Vec<Finding>) {
        let document = config.document();
        if !document.marks || self.any_unknown {
            return;
        }
        let values = (config.id()..config.node().end).map(|id| document.element(id));
        for element in values {
            // Elsewhere a placeholder is no value at all, which is reported for that.
            let is_text = element.shape().is_some_and(|shape| {
                matches!(shape.kind, Kind::String { .. }) && shape.values().is_empty()
            });
            let is_own = FREE_TEXT.contains(&element.name()) || element.is_sensitive();
            if is_text && !is_own && element.value().contains("{{") {
                self.check(element, findings);
            }
        }
    }

    fn check(&self, element: Element<'_>, findings: &mut Vec<Finding>) {
        let value = trimmed(element.value());
        let new = |part: Range<usize>, message: String| {
            let span = part_of_value(element, part);
            Finding::new(id::INVALID_PARAMETER_REFERENCE, span, message).at(element.path())
        };
        let mut count = 0;
        let mut surplus = None;
        for (part, name) in References::of(value) {
            count += 1;
            if count == MOST + 1 {
                surplus = Some(part.clone());
            }
            // A value with more is reported for that alone, so that its findings are few.
            if count > MOST || self.known.contains(name) {
                continue;
            }
            let shown = quoted(name);
            let compared = self.in_order.iter().copied().take(MOST_COMPARED);
            let help = match suggest::nearest(name, compared) {
                Some(near) => format!("did you mean {{{{{near}}}}}?"),
                None => format!("define {shown} in TenantConfig, or delete it here"),
            };
            findings.push(
                new(part, format!("no parameter is named {shown}"))
                    .label("not defined")
                    .also(self.place.0.name_span(), self.place.1)
                    .help(help),
            );
        }
        if let Some(part) = surplus {
            let name = element.shown_name();
            let message =
                format!("{name} names {count} parameters, but at most {MOST} are allowed");
            findings.push(
                new(part, message)
                    .label(format!("number {}", MOST + 1))
                    .help("put what belongs together into one parameter"),
            );
        }
    }
}

/// What stands as `{{name}}` in a text: its place and the name.
struct References<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> References<'t> {
    fn of(text: &'t str) -> References<'t> {
        References { text, at: 0 }
    }
}

impl<'t> Iterator for References<'t> {
    type Item = (Range<usize>, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + rest.find("{{")?;
        let inside = start + 2;
        let end = inside + self.text.get(inside..)?.find("}}")?;
        self.at = end + 2;
        Some((start..end + 2, self.text.get(inside..end)?.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::References;

    fn names(text: &str) -> Vec<&str> {
        References::of(text).map(|(_, name)| name).collect()
    }

    #[test]
    fn references() {
        assert_eq!(names("{{a}}.{{ b }}/{{c}}"), ["a", "b", "c"]);
        assert_eq!(names("{{}}"), [""]);
        for text in ["", "{a}", "{{a", "a}}", "{{ä}"] {
            assert_eq!(names(text), [""; 0], "{text}");
        }
        assert_eq!(References::of("ä{{b}}").next(), Some((2..7, "b")));
    }
}
