//! `unknown-element`: an element is not allowed where it stands and would be dropped.

use std::collections::HashMap;

use crate::check::members_in;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::{self, ApiVersion, Kind, Location, Shape};
use crate::suggest;

/// Names that other tools use for an element, where they are not just another way to write it.
const OTHER_TOOLS: [(&str, &str); 6] = [
    ("loggingconfig", "Logging"),
    ("orderedcachebehavior", "CacheBehaviors"),
    ("viewermtls", "ViewerMtlsConfig"),
    ("origingroup", "OriginGroups"),
    ("httpheaders", "Headers"),
    ("trustedkeygroup", "TrustedKeyGroups"),
];

/// Advice for a name is looked up once per parent; a document with more distinct unknown names gets none for the rest.
const MOST_NAMES: usize = 500;

/// What is known about an unknown name.
#[derive(Clone, Debug, Default)]
struct Advice {
    label: String,
    note: Option<String>,
    help: Option<String>,
}

/// Reports unknown elements, with what is known of each name.
#[derive(Default)]
pub(crate) struct Reporter<'d> {
    known: HashMap<(*const Shape, &'d str), Advice>,
}

impl<'d> Reporter<'d> {
    /// `element` is not allowed under its parent.
    pub(crate) fn report(&mut self, element: Element<'d>) -> Finding {
        if element.node().hidden {
            return in_secret(element);
        }
        let name = element.shown_name();
        let parent = element.parent().map_or("the document", |p| p.shown_name());
        let advice = self.advice(element);
        let mut finding = Finding::new(
            id::UNKNOWN_ELEMENT,
            element.name_span(),
            format!("{name} is not allowed here, in {parent}"),
        )
        .at(element.path())
        .label(advice.label)
        .note("CloudFront drops elements that it does not know, so the setting would be lost");
        finding.notes.splice(0..0, advice.note);
        finding.help = advice.help;
        finding
    }

    fn advice(&mut self, element: Element<'d>) -> Advice {
        let Some(shape) = element.parent().and_then(|p| p.shape()) else {
            return Advice::default();
        };
        let key = (std::ptr::from_ref(shape), element.name());
        if let Some(advice) = self.known.get(&key) {
            return advice.clone();
        }
        if self.known.len() >= MOST_NAMES {
            return Advice {
                label: "not allowed here".into(),
                ..Advice::default()
            };
        }
        let advice = advise(element, shape);
        self.known.insert(key, advice.clone());
        advice
    }
}

/// An element inside a secret is part of it: nothing is said about its name.
fn in_secret(element: Element<'_>) -> Finding {
    let parent = element.parent().map_or("the element", |p| p.shown_name());
    Finding::new(
        id::UNKNOWN_ELEMENT,
        element.name_span(),
        format!("{parent} holds a value, no elements"),
    )
    .at(element.path())
    .label("an element in a value")
    .note("CloudFront drops elements that it does not know, so part of the value would be lost")
    .help("write `&lt;` for the character `<` in the value")
}

/// The first thing that explains the name, the surest first.
fn advise(element: Element<'_>, parent: &'static Shape) -> Advice {
    let version = element.document().version();
    no_elements_at_all(element, parent)
        .or_else(|| other_version(element, parent, version))
        .or_else(|| not_in_the_body(element, parent))
        .or_else(|| other_spelling(element, parent, version))
        .or_else(|| other_place(element, version))
        .or_else(|| near_name(element, parent, version))
        .unwrap_or_else(|| Advice {
            label: "no such element".into(),
            note: None,
            help: Some(format!("allowed here: {}", allowed(parent, version))),
        })
}

/// The parent holds a value.
fn no_elements_at_all(element: Element<'_>, parent: &'static Shape) -> Option<Advice> {
    let holds_elements = matches!(parent.kind, Kind::Structure { .. } | Kind::List { .. });
    let name = element.parent()?.shown_name();
    (!holds_elements).then(|| Advice {
        label: format!("{name} holds a value, no elements"),
        ..Advice::default()
    })
}

/// The parent has such a member in other API versions.
fn other_version(
    element: Element<'_>,
    parent: &'static Shape,
    version: ApiVersion,
) -> Option<Advice> {
    let member = parent
        .member(element.name())
        .filter(|m| m.location == Location::Body && !m.exists_in(version))?;
    let name = member.name;
    let versions = member.versions;
    let (label, help) = if versions.first > version {
        let first = versions.first;
        (
            format!("exists only from API version {first}"),
            format!("use the namespace {}, or delete {name}", first.namespace()),
        )
    } else {
        let last = versions.last;
        (
            format!("exists only until API version {last}"),
            format!("{name} is gone; see `cloudfront-lint explain {name}`"),
        )
    };
    let note = format!("the namespace says API version {version}");
    Some(Advice {
        label,
        note: Some(note),
        help: Some(help),
    })
}

/// The parent has such a member, but it travels outside the document.
fn not_in_the_body(element: Element<'_>, parent: &'static Shape) -> Option<Advice> {
    let (label, help) = match parent.member(element.name()).map(|m| m.location) {
        Some(Location::Header(header)) => (
            "travels as a header".to_owned(),
            format!("send it as the HTTP header {header}"),
        ),
        Some(Location::Uri(_)) => (
            "travels in the URL".to_owned(),
            "it is part of the URL of the call".to_owned(),
        ),
        _ if element.name() == "ETag" => (
            "travels as a header".to_owned(),
            "send its value as the HTTP header If-Match".to_owned(),
        ),
        _ => return None,
    };
    Some(Advice {
        label,
        note: None,
        help: Some(help),
    })
}

/// The same letters in another form, as CloudFormation, Terraform and the SDKs write it.
fn other_spelling(
    element: Element<'_>,
    parent: &'static Shape,
    version: ApiVersion,
) -> Option<Advice> {
    let folded = suggest::fold(element.name());
    let by_form = members_in(parent, version)
        .map(|m| m.name)
        .find(|name| suggest::fold(name) == folded);
    let by_table = || {
        let meant = OTHER_TOOLS.iter().find(|(other, _)| *other == folded)?.1;
        members_in(parent, version)
            .map(|m| m.name)
            .find(|name| *name == meant)
    };
    let meant = by_form.or_else(by_table)?;
    Some(Advice {
        label: format!("the API writes {meant}"),
        note: Some(
            "names are compared letter by letter; other tools spell some of them otherwise".into(),
        ),
        help: Some(format!("rename it to {meant}")),
    })
}

/// The name belongs elsewhere in documents of this kind.
fn other_place(element: Element<'_>, version: ApiVersion) -> Option<Advice> {
    let root = element.document().payload().shape()?;
    let places = schema::structures_with(root, element.name(), version);
    if places.is_empty() {
        return None;
    }
    let name = element.shown_name();
    let places = suggest::alternatives(places.iter().take(3).copied(), "or");
    Some(Advice {
        label: format!("belongs in {places}"),
        note: None,
        help: Some(format!("move {name} into {places}")),
    })
}

fn near_name(element: Element<'_>, parent: &'static Shape, version: ApiVersion) -> Option<Advice> {
    let near = suggest::nearest(element.name(), members_in(parent, version).map(|m| m.name))?;
    Some(Advice {
        label: format!("did you mean {near}?"),
        note: None,
        help: Some(format!("rename it to {near}")),
    })
}

fn allowed(parent: &'static Shape, version: ApiVersion) -> String {
    let names: Vec<&str> = members_in(parent, version).map(|m| m.name).collect();
    match names.len() {
        0 => "nothing".into(),
        1..=12 => suggest::alternatives(names, "and"),
        more => format!("{} and {} more", names[..8].join(", "), more - 8),
    }
}
