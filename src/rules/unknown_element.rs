//! `unknown-element`: an element is not allowed where it stands and would be dropped.

use std::collections::{HashMap, HashSet};

use crate::check::{members_in, trimmed};
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{ApiError, Confidence, Finding, Fix, Level, Safety};
use crate::rule::id;
use crate::rules::invalid_enum_value::is_valid;
use crate::rules::template_leftover::is_unknown;
use crate::schema::{self, ApiVersion, Kind, Location, Root, RootClass, Shape};
use crate::suggest;

/// Names that other tools use for an element, where they are not just another way to write it. It is safe to rename what
/// holds the same value in both; a structure may be another one.
const OTHER_TOOLS: [(&str, &str, Safety); 9] = [
    ("ipv6enabled", "IsIPV6Enabled", Safety::Safe),
    ("lambdaarn", "LambdaFunctionARN", Safety::Safe),
    ("origincustomheaders", "CustomHeaders", Safety::Unsafe),
    ("loggingconfig", "Logging", Safety::Unsafe),
    ("orderedcachebehavior", "CacheBehaviors", Safety::Unsafe),
    ("viewermtls", "ViewerMtlsConfig", Safety::Unsafe),
    ("origingroup", "OriginGroups", Safety::Unsafe),
    ("httpheaders", "Headers", Safety::Unsafe),
    ("trustedkeygroup", "TrustedKeyGroups", Safety::Unsafe),
];

/// Advice for a name is looked up once per parent; a document with more distinct unknown names gets none for the rest.
const MOST_NAMES: usize = 500;

/// What is known about an unknown name.
#[derive(Clone, Debug, Default)]
struct Advice {
    label: String,
    note: Option<String>,
    help: Option<String>,
    repair: Option<Repair>,
}

/// What can be done about it.
#[derive(Clone, Copy, Debug)]
enum Repair {
    /// Rename it to a member that is not there yet.
    Rename(&'static str, Safety),
    /// Delete it.
    Delete(Safety),
}

/// Reports unknown elements, with what is known of each name.
#[derive(Default)]
pub(crate) struct Reporter<'d> {
    known: HashMap<(*const Shape, &'d str), Advice>,
    /// The element reported last: its siblings of the same name say nothing new.
    last: Option<Element<'d>>,
    /// Members that an element shall be renamed to, with the structure around them.
    renamed: HashSet<(u32, &'static str)>,
}

impl<'d> Reporter<'d> {
    /// `element` is not allowed under its parent. None if it repeats the sibling right before it, which counted it.
    pub(crate) fn report(&mut self, element: Element<'d>) -> Option<Finding> {
        let follows =
            |last: Element<'d>| last.node().next == element.id() && last.name() == element.name();
        let repeated = self.last.replace(element).is_some_and(follows);
        (!repeated).then(|| self.first_of_its_name(element))
    }

    fn first_of_its_name(&mut self, element: Element<'d>) -> Finding {
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
        finding.fix = advice.repair.and_then(|repair| self.fix(element, repair));
        match element.following_of_its_name() {
            0 => finding,
            more => finding.note(format!(
                "{} elements of this name stand here; this is the first",
                more + 1
            )),
        }
    }

    /// What is done about an element that has no sibling of its name behind it.
    fn fix(&mut self, element: Element<'d>, repair: Repair) -> Option<Fix> {
        if element.following_of_its_name() > 0 || element.node().hidden {
            return None;
        }
        match repair {
            Repair::Delete(safety) => {
                let title = format!("delete {}", element.shown_name());
                Fix::new(title, safety, repair::remove([element]))
            }
            Repair::Rename(name, safety) => {
                let parent = element.parent()?;
                let is_new = is_free(parent, name) && fits(element, parent, name);
                if !is_new || !self.renamed.insert((parent.id(), name)) {
                    return None;
                }
                let edits = repair::rename(element, name);
                Fix::new(format!("rename it to {name}"), safety, edits)
            }
        }
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

/// Whether a structure lacks a member, and nothing else stands in its place.
fn is_free(parent: Element<'_>, name: &str) -> bool {
    let members = parent.shape().map_or(&[][..], Shape::members);
    let place = members.iter().position(|member| member.name == name);
    let is_absent = place.is_some_and(|place| parent.node().present >> place & 1 == 0);
    // Which of two certificates was meant is for a person to say.
    let names_another = || {
        let default = parent.child("CloudFrontDefaultCertificate");
        default.is_some_and(|default| trimmed(default.value()) == "true")
    };
    is_absent && !(CERTIFICATES.contains(&name) && names_another())
}

/// Members that go with no other certificate.
const CERTIFICATES: [&str; 2] = ["ACMCertificateArn", "IAMCertificateId"];

/// Whether an element could stand under another name, as far as its value tells.
fn fits(element: Element<'_>, parent: Element<'_>, name: &str) -> bool {
    let version = element.document().version();
    let shape = parent.shape().and_then(|shape| shape.member(name));
    let Some(shape) = shape.and_then(|member| member.shape_in(version)) else {
        return false;
    };
    let (shape, value) = (shape.shape(), trimmed(element.value()));
    match shape.kind {
        Kind::Structure { .. } | Kind::List { .. } => value.is_empty(),
        _ if element.has_children() => false,
        _ if is_unknown(element) => true,
        Kind::Boolean => matches!(value, "true" | "false"),
        Kind::Integer => value.parse::<i32>().is_ok(),
        Kind::Long => value.parse::<i64>().is_ok(),
        Kind::String { values, .. } if !values.is_empty() => is_valid(element, values, value),
        _ => true,
    }
}

/// The first thing that explains the name, the surest first.
fn advise(element: Element<'_>, parent: &'static Shape) -> Advice {
    let version = element.document().version();
    later_version(element, parent, version)
        .or_else(|| not_in_the_body(element, parent))
        .or_else(|| other_spelling(element, parent, version))
        .or_else(|| other_root(element, parent))
        .or_else(|| other_place(element, version))
        .or_else(|| earlier_version(element, parent))
        .or_else(|| near_name(element, parent, version))
        .unwrap_or_else(|| Advice {
            label: "no such element".into(),
            note: None,
            help: Some(format!("allowed here: {}", allowed(parent, version))),
            repair: None,
        })
}

/// The parent will have such a member in a later API version.
fn later_version(
    element: Element<'_>,
    parent: &'static Shape,
    version: ApiVersion,
) -> Option<Advice> {
    let member = parent.member(element.name())?;
    let first = member.versions.first;
    if member.location != Location::Body || first <= version {
        return None;
    }
    let name = member.name;
    Some(Advice {
        label: format!("exists only from API version {first}"),
        note: Some(format!("checked against API version {version}")),
        help: Some(format!(
            "use the namespace {}, or delete {name}",
            first.namespace()
        )),
        repair: None,
    })
}

/// The parent had such a member in an earlier API version, and nothing else does now.
fn earlier_version(element: Element<'_>, parent: &'static Shape) -> Option<Advice> {
    let member = parent
        .member(element.name())
        .filter(|m| m.location == Location::Body)?;
    let (name, last) = (member.name, member.versions.last);
    Some(Advice {
        label: format!("existed only until API version {last}"),
        note: None,
        help: Some(format!(
            "delete it; `cloudfront-lint explain {name}` says more"
        )),
        repair: Some(Repair::Delete(Safety::Unsafe)),
    })
}

/// The name belongs beside the parent, in a body or an answer that holds both.
fn other_root(element: Element<'_>, parent: &'static Shape) -> Option<Advice> {
    let name = element.shown_name();
    let holds_both = |root: &&Root| {
        let shape = root.shape.shape();
        shape.member(parent.name).is_some() && shape.member(element.name()).is_some()
    };
    let root = schema::roots().iter().find(holds_both)?;
    Some(match root.class {
        RootClass::Config | RootClass::Request => Advice {
            label: format!("belongs in {}", root.name),
            note: None,
            help: Some(format!(
                "put {name} beside {} in {}",
                parent.name, root.name
            )),
            repair: None,
        },
        RootClass::Wrapper | RootClass::Response => Advice {
            label: format!("part of the answer {}", root.name),
            note: None,
            help: Some(format!(
                "delete {name}; it is set by CloudFront and cannot be sent"
            )),
            repair: Some(Repair::Delete(Safety::Unsafe)),
        },
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
        repair: Some(Repair::Delete(Safety::Unsafe)),
    })
}

/// The same letters in another form, as CloudFormation, Terraform and the SDKs write it.
fn other_spelling(
    element: Element<'_>,
    parent: &'static Shape,
    version: ApiVersion,
) -> Option<Advice> {
    let folded = suggest::fold(element.name());
    let find = |fits: &dyn Fn(&str) -> bool| {
        let mut names = members_in(parent, version).map(|m| m.name);
        names.find(|name| fits(name))
    };
    let by_form = find(&|name| suggest::fold(name) == folded).map(|name| (name, Safety::Safe));
    let by_table = || {
        let (_, meant, safety) = OTHER_TOOLS.iter().find(|(other, ..)| *other == folded)?;
        Some((find(&|name| name == *meant)?, *safety))
    };
    let (meant, safety) = by_form.or_else(by_table)?;
    Some(Advice {
        label: format!("the API writes {meant}"),
        note: Some(
            "names are compared letter by letter; other tools spell some of them otherwise".into(),
        ),
        help: Some(format!("rename it to {meant}")),
        repair: Some(Repair::Rename(meant, safety)),
    })
}

/// The name belongs elsewhere in documents of this kind.
fn other_place(element: Element<'_>, version: ApiVersion) -> Option<Advice> {
    let root = element.document().payload().shape()?;
    let places = schema::places_of(root, element.name(), version);
    if places.is_empty() {
        return None;
    }
    let name = element.shown_name();
    let places = suggest::alternatives(places.iter().take(3).map(String::as_str), "or");
    Some(Advice {
        label: format!("belongs in {places}"),
        note: None,
        help: Some(format!("move {name} into {places}")),
        repair: None,
    })
}

/// An element inside one that holds a value: the value is lost, and where one is required, the document is refused.
pub(crate) fn in_value(element: Element<'_>) -> Finding {
    let parent = element.parent().unwrap_or(element);
    let name = parent.shown_name();
    let message = format!("{name} holds a value, no elements");
    let finding = Finding::new(id::UNKNOWN_ELEMENT, element.name_span(), message)
        .at(element.path())
        .label("an element inside a value");
    let inner = element.value().trim();
    let unshown = inner.is_empty() || element.has_children();
    let finding = match unshown {
        _ if parent.is_sensitive() => {
            finding.help("write `&lt;` for the character `<` in the value")
        }
        true => finding.help(format!("write the value right into {name}")),
        false => finding.help(format!(
            "write <{name}>{}</{name}>",
            crate::document::cut(inner)
        )),
    };
    let is_text = parent
        .shape()
        .is_some_and(|s| matches!(s.kind, Kind::String { values: &[], .. }));
    let version = element.document().version();
    let member = parent
        .parent()
        .and_then(|p| p.shape())
        .and_then(|s| s.member(parent.name()));
    let required = member.is_some_and(|m| m.is_required(version) && !m.may_be_empty);
    match is_text && !required {
        true => finding
            .note("CloudFront drops elements that it does not know, so the value would be empty"),
        false => finding
            .confidence(Confidence::Documented)
            .level(Level::Error)
            .api(Some(ApiError {
                code: "MalformedInput",
                status: 400,
            })),
    }
}

fn near_name(element: Element<'_>, parent: &'static Shape, version: ApiVersion) -> Option<Advice> {
    let names = || members_in(parent, version).map(|m| m.name);
    let near = suggest::nearest(element.name(), names())?;
    let safety = match suggest::is_sure(element.name(), near, names()) {
        true => Safety::Safe,
        false => Safety::Unsafe,
    };
    Some(Advice {
        label: format!("did you mean {near}?"),
        note: None,
        help: Some(format!("rename it to {near}")),
        repair: Some(Repair::Rename(near, safety)),
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
