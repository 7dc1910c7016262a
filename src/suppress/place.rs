//! Paths of elements in which findings are accepted: `…/Origin[Id=legacy]`.

use std::collections::BTreeSet;
use std::fmt;

use crate::schema::{Location, ShapeId, roots};
use crate::suggest;

/// Where elements are: a path as findings have it, from the root with a slash in front, from anywhere without. `…`, `...`
/// or `**` stands for any elements, also none, `*` for one; so does a single `*` in front for any beginning. It means the
/// element and all inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementPattern {
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// Any elements inside each other, also none.
    Any,
    /// One element.
    One {
        /// None: of any name.
        name: Option<String>,
        /// What tells it from other items, between the brackets; none: whichever.
        identity: Option<String>,
    },
}

/// Why a text is no path, or one that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPlace {
    /// Goes on from the text: `has no …`.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl ElementPattern {
    /// Reads a path and looks it up in the schema of all versions.
    ///
    /// # Errors
    /// Why no element can ever be there.
    pub fn read(text: &str) -> Result<ElementPattern, NoPlace> {
        let steps = steps(text)?;
        find(&steps)?;
        Ok(ElementPattern {
            text: text.to_owned(),
            steps,
        })
    }

    /// Whether an element is this one or inside it.
    pub(crate) fn holds(&self, path: &ElementPath<'_>) -> bool {
        let (mut at, mut element) = (0, 0);
        // Behind the last step that stands for any elements: from which element on it was tried.
        let mut again: Option<(usize, usize)> = None;
        while let Some(step) = self.steps.get(at) {
            match (step, path.0.get(element)) {
                (Step::Any, _) => {
                    at += 1;
                    again = Some((at, element));
                }
                (Step::One { .. }, None) => return false,
                (Step::One { name, identity }, Some((own, inside))) => {
                    let fits = name.as_deref().is_none_or(|name| name == *own)
                        && (identity.is_none() || identity.as_deref() == *inside);
                    (at, element) = match (fits, &mut again) {
                        (true, _) => (at + 1, element + 1),
                        (false, None) => return false,
                        (false, Some((behind, from))) => {
                            *from += 1;
                            (*behind, *from)
                        }
                    };
                }
            }
        }
        true
    }
}

/// Where an element is: the elements around it from the root on, then itself, each with what tells it from other items.
pub(crate) struct ElementPath<'p>(Vec<(&'p str, Option<&'p str>)>);

impl<'p> ElementPath<'p> {
    /// Of a path as findings have it.
    pub(crate) fn of(path: &'p str) -> ElementPath<'p> {
        let path = path.strip_prefix('/').unwrap_or(path);
        ElementPath(elements(path).into_iter().map(split).collect())
    }
}

impl fmt::Display for ElementPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Name and identity of a step of a path.
fn split(element: &str) -> (&str, Option<&str>) {
    match element.split_once('[') {
        Some((name, rest)) => (name, Some(rest.strip_suffix(']').unwrap_or(rest))),
        None => (element, None),
    }
}

/// The elements of a path; identities may hold slashes.
fn elements(path: &str) -> Vec<&str> {
    let (mut inside, mut start) = (false, 0);
    let mut elements = Vec::new();
    for (at, c) in path.char_indices() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            '/' if !inside => {
                elements.push(&path[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    elements.push(&path[start..]);
    elements
}

fn steps(text: &str) -> Result<Vec<Step>, NoPlace> {
    let no_place = |message: &str| NoPlace {
        message: message.to_owned(),
        help: "write names of elements with slashes between them: \"…/Origin[Id=legacy]\""
            .to_owned(),
    };
    let (from_root, rest) = match text.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut steps = Vec::new();
    if !from_root {
        steps.push(Step::Any);
    }
    for (number, element) in elements(rest).into_iter().enumerate() {
        let (name, identity) = split(element);
        let closed = !element.contains('[') || element.ends_with(']');
        match name {
            "…" | "..." | "**" => steps.push(Step::Any),
            "*" if number == 0 && !from_root && identity.is_none() => {}
            "" => return Err(no_place("is no path of elements")),
            _ if !closed => return Err(no_place("has a bracket that is not closed")),
            _ => steps.push(Step::One {
                name: (name != "*").then(|| name.to_owned()),
                identity: identity.map(str::to_owned),
            }),
        }
    }
    match steps.iter().all(|step| *step == Step::Any) {
        true => Err(no_place("names no element; leave `at` out to mean all")),
        false => Ok(steps),
    }
}

/// An element of the schema: its name and its shape.
type Known = (&'static str, ShapeId);

/// Follows the steps through the schema.
fn find(steps: &[Step]) -> Result<(), NoPlace> {
    let top: BTreeSet<Known> = roots().iter().map(|root| (root.name, root.shape)).collect();
    // None is the outside of the root.
    let mut around: Option<(BTreeSet<Known>, String)> = None;
    let mut any = false;
    for step in steps {
        let Step::One { name, identity } = step else {
            any = true;
            continue;
        };
        let mut next = match &around {
            None => top.clone(),
            Some((around, _)) => around
                .iter()
                .flat_map(|(_, shape)| inside(*shape))
                .collect(),
        };
        if any {
            next = all_inside(next);
        }
        any = false;
        let mut found = next.clone();
        if let Some(name) = name {
            found.retain(|(known, _)| known == name);
        }
        let shown = name.as_deref().unwrap_or("*");
        if found.is_empty() {
            return Err(nowhere(
                around.as_ref().map(|(_, name)| &name[..]),
                shown,
                &next,
            ));
        }
        if let Some(identity) = identity {
            told_apart(shown, identity, &found)?;
        }
        around = Some((found, shown.to_owned()));
    }
    Ok(())
}

/// The elements that may stand in one of a shape, in any version.
fn inside(shape: ShapeId) -> Vec<Known> {
    let shape = shape.shape();
    let members = shape.members().iter();
    let members = members.filter(|member| member.location == Location::Body);
    let members = members.flat_map(|member| {
        member.shapes.iter().map(|(_, of)| match of.shape().item() {
            // Its items have the name of the member and stand in its place.
            Some((_, item)) if of.shape().is_flattened() => (member.name, item),
            _ => (member.name, *of),
        })
    });
    members.chain(shape.item()).collect()
}

/// Elements and all that may stand in them.
fn all_inside(mut all: BTreeSet<Known>) -> BTreeSet<Known> {
    let mut open: Vec<Known> = all.iter().copied().collect();
    while let Some((_, shape)) = open.pop() {
        open.extend(inside(shape).into_iter().filter(|known| all.insert(*known)));
    }
    all
}

fn nowhere(around: Option<&str>, name: &str, known: &BTreeSet<Known>) -> NoPlace {
    let names: BTreeSet<&str> = known.iter().map(|(name, _)| *name).collect();
    let message = match around {
        Some(around) => format!("leads nowhere: {around} has no {name}"),
        None => format!("leads nowhere: no {name} can be there"),
    };
    // A wrapper is forgotten easily.
    let through = known
        .iter()
        .find(|(_, shape)| inside(*shape).iter().any(|(inner, _)| *inner == name));
    let help = match (suggest::nearest(name, names.iter().copied()), through) {
        (Some(near), _) => format!("did you mean {near}?"),
        (None, Some((between, _))) => format!("did you mean {between}/{name}?"),
        (None, None) => match (around, names.len()) {
            (Some(around), 1..=12) => {
                format!("{around} holds {}", suggest::alternatives(names, "and"))
            }
            _ => "`cloudfront-lint schema DistributionConfig` shows what there is".to_owned(),
        },
    };
    NoPlace { message, help }
}

/// Whether items are told from each other in this way.
fn told_apart(name: &str, identity: &str, found: &BTreeSet<Known>) -> Result<(), NoPlace> {
    let keys: BTreeSet<&str> = found.iter().filter_map(|(_, s)| s.shape().key).collect();
    let is_position = !identity.is_empty() && identity.bytes().all(|b| b.is_ascii_digit());
    let key = identity.split_once('=').map(|(key, _)| key);
    if is_position || key.is_some_and(|key| keys.contains(key)) {
        return Ok(());
    }
    Err(NoPlace {
        message: format!(
            "leads nowhere: no {name} is told from others by {}",
            key.unwrap_or(identity)
        ),
        help: match keys.is_empty() {
            true => format!("{name} has its position only, such as {name}[2]"),
            false => format!("write {name}[{}=…]", suggest::alternatives(keys, "or")),
        },
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const ORIGIN: &str = "/DistributionConfig/Origins/Items/Origin[Id=legacy]";

    #[test]
    fn a_place_means_all_inside_it() {
        let holds = |pattern: &str, path: &str| {
            let pattern = ElementPattern::read(pattern).unwrap();
            pattern.holds(&ElementPath::of(path))
        };
        for pattern in [
            "…/Origin[Id=legacy]",
            ".../Origin[Id=legacy]",
            "**/Origin[Id=legacy]",
            "*/Origin[Id=legacy]",
            "Origin[Id=legacy]",
            "Origins/…/Origin",
            "Origins/*/Origin",
            "/DistributionConfig",
            "/*/Origins",
            "/DistributionConfig/…",
            ORIGIN,
        ] {
            assert!(holds(pattern, ORIGIN), "{pattern}");
            assert!(holds(pattern, &format!("{ORIGIN}/DomainName")), "{pattern}");
        }
        for pattern in [
            "Origin[Id=other]",
            "/Origins",
            "/StreamingDistributionConfig",
            "Origin/DomainName",
            "Aliases",
        ] {
            let read = ElementPattern::read(pattern);
            let origin = ElementPath::of(ORIGIN);
            assert!(read.is_err() || !read.unwrap().holds(&origin), "{pattern}");
        }
        assert!(holds(
            "…/CacheBehavior[PathPattern=/img/*]",
            "/DistributionConfig/CacheBehaviors/Items/CacheBehavior[PathPattern=/img/*]/TargetOriginId"
        ));
        assert!(holds(
            "CNAME[2]",
            "/DistributionConfig/Aliases/Items/CNAME[2]"
        ));
        assert!(!holds(
            "CNAME[2]",
            "/DistributionConfig/Aliases/Items/CNAME[12]"
        ));
        assert!(!holds("…/Origin", ""));
        // What was tried too early is tried again.
        let members = "/DistributionConfig/OriginGroups/Items/OriginGroup[Id=a]/Members/Items";
        assert!(holds("…/Items/…/Members/*", members));
        assert!(!holds("…/Members/Items/OriginGroupMember", members));
        assert!(holds("…/*/…/Items", members));
    }

    #[test]
    fn what_leads_nowhere_is_told() {
        let wrong = |pattern: &str| {
            let no_place = ElementPattern::read(pattern).unwrap_err();
            (no_place.message, no_place.help)
        };
        let (message, help) = wrong("…/Orign[Id=legacy]");
        assert_eq!(message, "leads nowhere: no Orign can be there");
        assert_eq!(help, "did you mean Origin?");
        let (message, help) = wrong("Origins/Origin[Id=legacy]");
        assert_eq!(message, "leads nowhere: Origins has no Origin");
        assert_eq!(help, "did you mean Items/Origin?");
        let (message, help) = wrong("Origin[Name=legacy]");
        assert_eq!(
            message,
            "leads nowhere: no Origin is told from others by Name"
        );
        assert_eq!(help, "write Origin[Id=…]");
        assert_eq!(
            wrong("/Origins").0,
            "leads nowhere: no Origins can be there"
        );
        for none in ["", "/", "…", "a//b", "Origin[Id=x"] {
            assert!(ElementPattern::read(none).is_err(), "{none}");
        }
    }
}
