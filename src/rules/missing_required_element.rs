//! `missing-required-element`: a required element is missing.

use std::collections::HashMap;

use crate::check::is_all_blank;
use crate::document::{Element, push_step};
use crate::edit::{lists, repair};
use crate::finding::{Confidence, Finding, Fix, Safety};
use crate::rule::id;
use crate::rules::empty_items;
use crate::schema::{ApiVersion, Kind, Member};
use crate::suggest;
use crate::update::Update;

/// `parent` lacks `member`; nothing if another rule says so.
pub(crate) fn report(parent: Element<'_>, member: &'static Member) -> Option<Finding> {
    // Old documents name their bucket in it: `invalid-legacy-origin` knows what is answered.
    if member.name == "Origin" {
        return None;
    }
    let (name, missing) = (parent.shown_name(), member.name);
    let mut path = parent.api_path();
    push_step(missing, &mut path);
    let mut finding = Finding::new(
        id::MISSING_REQUIRED_ELEMENT,
        parent.name_span(),
        format!("{name} is incomplete: missing {missing}"),
    )
    .at(parent.path())
    .about(missing)
    .label(format!("expected {missing} inside"))
    .note(format!("the API calls the place {path}"));
    let near = misspelt(parent, missing);
    if let Some(near) = near {
        let label = match near.name() == missing {
            true => "in another namespace".to_owned(),
            false => format!("did you mean {missing}?"),
        };
        finding = finding.also(near.name_span(), label);
    }
    if may_stand_empty(parent) {
        finding = finding.confidence(Confidence::Inferred).note(format!(
            "AWS's documentation also calls an empty {name} a way to have none"
        ));
    }
    if near.is_none() {
        finding.fix = harmless(parent, member);
    }
    Some(finding.help(match near {
        Some(near) if near.name() == missing => {
            format!("write {missing} in the namespace of the root")
        }
        Some(near) => format!("rename {} to {missing}", near.shown_name()),
        None => how_to_add(parent, member),
    }))
}

/// Takes what an update lacks from the older document, where it stands there: no other value is put in its place.
pub(crate) fn compare(update: &Update<'_>, findings: &mut [Finding]) {
    let mut own = findings
        .iter_mut()
        .filter(|f| f.rule == id::MISSING_REQUIRED_ELEMENT)
        .peekable();
    let (Some(comparison), Some(_)) = (update.comparison(), own.peek()) else {
        return;
    };
    let elements: HashMap<u32, Element<'_>> = (update.new.elements())
        .map(|element| (element.name_span().start, element))
        .collect();
    for finding in own {
        let missing = &finding.subject[..];
        let parent = elements.get(&finding.span.start);
        // The number is counted, not copied.
        let Some(&parent) = parent.filter(|_| missing != "Quantity") else {
            continue;
        };
        let older = comparison.counterpart(parent);
        let older = older.and_then(|older| older.child(missing));
        let is_there = |old: &Element<'_>| old.has_children() || !is_all_blank(old.value());
        if let Some(older) = older.filter(is_there)
            && misspelt(parent, missing).is_none()
        {
            finding.fix = copied(parent, older);
            finding.help = Some(format!("write {missing} as it is in the older document"));
            *finding = update.also_old(finding.clone(), older, "as it is today");
        }
    }
}

/// Copies a member of the older document. The items of a list may have changed since.
fn copied(parent: Element<'_>, older: Element<'_>) -> Option<Fix> {
    let name = older.shown_name();
    let safety = match name {
        "Items" => Safety::Unsafe,
        _ => Safety::Safe,
    };
    let title = format!("copy {name} from the older document");
    Fix::new(title, safety, lists::copy_members(parent, &[older]))
}

/// A child that is not known here and whose name is nearly the missing one.
fn misspelt<'d>(parent: Element<'d>, missing: &str) -> Option<Element<'d>> {
    // Only the first few: a document full of unknown names is not a slip of the pen.
    let unknown = parent.children().filter(|c| c.shape().is_none()).take(16);
    unknown
        .into_iter()
        .find(|c| suggest::nearest(c.name(), [missing]).is_some())
}

/// A structure that has nothing inside and whose member says that this means "none".
fn may_stand_empty(parent: Element<'_>) -> bool {
    let empty = !parent.has_children() && is_all_blank(parent.value());
    let member = parent
        .parent()
        .and_then(|p| p.shape())
        .and_then(|s| s.member(parent.name()));
    empty && member.is_some_and(|m| m.may_be_empty)
}

/// Values for members that nobody would leave open: the ports that all servers have, and what is off if nothing is said.
/// What enables something, or names it, is never guessed.
const DEFAULTS: [(&str, &str); 5] = [
    ("Compress", "false"),
    ("HTTPPort", "80"),
    ("HTTPSPort", "443"),
    ("IncludeCookies", "false"),
    ("SmoothStreaming", "false"),
];

/// Adds the element with a value that does nothing. An empty comment says what no comment says.
fn harmless(parent: Element<'_>, member: &'static Member) -> Option<Fix> {
    let name = member.name;
    let version = parent.document().version();
    let title = format!("add {name}");
    let default = DEFAULTS.iter().find(|(known, _)| *known == name);
    match member.shape_in(version)?.shape().kind {
        // Items that are not wrapped yet get both at once.
        Kind::Integer if name == "Quantity" && !has_unwrapped_items(parent) => {
            let count = parent.items().count();
            if count == 0 && empty_items::are_needed(parent) {
                return None;
            }
            // A list without anything in it may have lost its items.
            let safety = if count > 0 {
                Safety::Safe
            } else {
                Safety::Unsafe
            };
            let edits = repair::insert(parent, member.id, &count.to_string());
            Fix::new(format!("add Quantity {count}"), safety, edits)
        }
        Kind::String { values: &[], .. } if member.may_be_empty => {
            let safety = match name {
                "Comment" => Safety::Safe,
                _ => Safety::Unsafe,
            };
            Fix::new(title, safety, repair::insert(parent, member.id, ""))
        }
        Kind::Structure { members, .. } => {
            let inside = switched_off(members, version)?;
            Fix::risky(title, repair::insert_structure(parent, member.id, &inside))
        }
        _ => Fix::risky(title, repair::insert(parent, member.id, default?.1)),
    }
}

fn how_to_add(parent: Element<'_>, member: &'static Member) -> String {
    let name = member.name;
    let version = parent.document().version();
    let Some(shape) = member.shape_in(version).map(|s| s.shape()) else {
        return format!("add {name}");
    };
    match shape.kind {
        _ if name == "Quantity" => format!("add <Quantity>{}</Quantity>", items_in(parent)),
        Kind::Boolean => format!("add <{name}>true</{name}> or <{name}>false</{name}>"),
        Kind::String { values, .. } if !values.is_empty() => {
            let legal = values
                .iter()
                .filter(|v| v.versions.contains(version))
                .map(|v| v.value);
            format!("add <{name}> with {}", suggest::alternatives(legal, "or"))
        }
        Kind::List { item, .. } => format!("add <{name}> with {item} elements inside"),
        Kind::Structure { members, .. } => match switched_off(members, version) {
            Some(inside) => {
                let inside = inside
                    .iter()
                    .map(|(member, value)| format!("<{member}>{value}</{member}>"));
                format!("add <{name}>{}</{name}>", inside.collect::<String>())
            }
            None => format!("add <{name}>…</{name}>"),
        },
        _ if member.may_be_empty => format!("add <{name}>, which may be empty: <{name}></{name}>"),
        _ => format!("add <{name}>…</{name}>"),
    }
}

/// What stands in a structure that has nothing and does nothing: `<Enabled>false</Enabled><Quantity>0</Quantity>`. None
/// if it needs more than that.
fn switched_off(
    members: &[Member],
    version: ApiVersion,
) -> Option<Vec<(&'static str, &'static str)>> {
    let mut inside = Vec::new();
    for member in members.iter().filter(|m| m.is_required(version)) {
        let name = member.name;
        let value = match member.shape_in(version)?.shape().kind {
            Kind::Boolean => "false",
            Kind::Integer if name == "Quantity" => "0",
            Kind::String { .. } if member.may_be_empty => "",
            _ => return None,
        };
        inside.push((name, value));
    }
    (!inside.is_empty()).then_some(inside)
}

fn has_unwrapped_items(parent: Element<'_>) -> bool {
    parent.children().any(|child| child.node().position > 0)
}

/// The items of a list, also those that are not wrapped yet.
fn items_in(parent: Element<'_>) -> usize {
    let unwrapped = parent.children().filter(|c| c.node().position > 0).count();
    parent.items().count() + unwrapped
}
