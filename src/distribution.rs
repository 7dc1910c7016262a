//! One distribution as its parts refer to each other: origins, origin groups, cache behaviors and their targets.

use crate::check::trimmed;
use crate::document::{Document, Element};
use crate::lookup::Lookup;
use crate::rules::template_leftover;
use crate::schema::{NameId, name};
use crate::value::host::{self, Endpoint, HostProblem};

/// The configuration of a distribution, of API version 2012-05-05 or later.
pub(crate) struct Distribution<'d> {
    /// `DistributionConfig`.
    pub(crate) config: Element<'d>,
    /// In document order.
    pub(crate) origins: Vec<Origin<'d>>,
    /// In document order.
    pub(crate) groups: Vec<OriginGroup<'d>>,
    /// The default behavior first, then the others in document order.
    pub(crate) behaviors: Vec<Behavior<'d>>,
    /// Origins, and then groups, by id; the first of an id.
    targets: Lookup<'d, Target>,
}

/// An item of `Origins`.
pub(crate) struct Origin<'d> {
    /// `Origin`.
    pub(crate) element: Element<'d>,
    /// Its `Id`; empty if it has none.
    pub(crate) id: &'d str,
    /// Its `DomainName`; empty if it has none.
    pub(crate) domain: &'d str,
}

/// An item of `OriginGroups`.
pub(crate) struct OriginGroup<'d> {
    /// `OriginGroup`.
    pub(crate) element: Element<'d>,
    /// Its `Id`; empty if it has none.
    pub(crate) id: &'d str,
    /// `OriginId` of its members.
    pub(crate) members: Vec<Element<'d>>,
}

/// `DefaultCacheBehavior` or an item of `CacheBehaviors`.
#[derive(Clone, Copy)]
pub(crate) struct Behavior<'d> {
    /// The element.
    pub(crate) element: Element<'d>,
    /// `TargetOriginId`, if there is one with a value.
    pub(crate) target: Option<Element<'d>>,
    /// `PathPattern`; none for the default behavior.
    pub(crate) pattern: Option<Element<'d>>,
}

/// What an id stands for: an index of [`Distribution::origins`] or [`Distribution::groups`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Origin(usize),
    Group(usize),
}

impl<'d> Distribution<'d> {
    /// Reads the distribution that a document configures.
    pub(crate) fn of(document: &'d Document<'d>) -> Option<Distribution<'d>> {
        let payload = document.payload();
        let config = match payload.name() {
            "DistributionConfig" => payload,
            _ => payload.get(name::DISTRIBUTION_CONFIG)?,
        };
        let items = |list: NameId| config.get(list).into_iter().flat_map(Element::items);
        let room = |list: NameId| items(list).count();
        let mut origins = Vec::with_capacity(room(name::ORIGINS));
        origins.extend(items(name::ORIGINS).map(Origin::of));
        let groups: Vec<OriginGroup<'d>> =
            items(name::ORIGIN_GROUPS).map(OriginGroup::of).collect();
        let mut behaviors = Vec::with_capacity(1 + room(name::CACHE_BEHAVIORS));
        let default = config.get(name::DEFAULT_CACHE_BEHAVIOR).into_iter();
        behaviors.extend(
            default
                .chain(items(name::CACHE_BEHAVIORS))
                .map(Behavior::of),
        );
        let mut targets = Lookup::new();
        for (index, origin) in origins.iter().enumerate().filter(|(_, o)| !o.id.is_empty()) {
            targets.insert(origin.id, Target::Origin(index));
        }
        for (index, group) in groups.iter().enumerate().filter(|(_, g)| !g.id.is_empty()) {
            targets.insert(group.id, Target::Group(index));
        }
        Some(Distribution {
            config,
            origins,
            groups,
            behaviors,
            targets,
        })
    }

    /// What an id stands for.
    pub(crate) fn target(&self, id: &str) -> Option<Target> {
        self.targets.get(id)
    }

    /// What a behavior sends its requests to; none if its `TargetOriginId` names nothing.
    pub(crate) fn target_of(&self, behavior: Element<'_>) -> Option<Target> {
        let id = behavior.get(name::TARGET_ORIGIN_ID)?;
        self.target(trimmed(id.value()))
    }

    /// The S3 origins that a behavior reaches: its own, or the two of its group. A group of more than two is refused, so
    /// the others are passed over, and the work for each behavior has a bound.
    pub(crate) fn s3_origins_of(&self, behavior: Element<'_>) -> Vec<&Origin<'d>> {
        let origin = |index: usize| Some(&self.origins[index]).filter(|origin| origin.is_s3());
        match self.target_of(behavior) {
            Some(Target::Origin(index)) => origin(index).into_iter().collect(),
            Some(Target::Group(index)) => {
                let members = self.groups[index].members.iter().take(2);
                let member = |id: &Element<'d>| match self.target(trimmed(id.value()))? {
                    Target::Origin(index) => origin(index),
                    Target::Group(_) => None,
                };
                members.filter_map(member).collect()
            }
            None => Vec::new(),
        }
    }

    /// An S3 origin that a behavior reaches, if it reaches no other kind.
    pub(crate) fn only_s3_origin_of(&self, behavior: Element<'_>) -> Option<&Origin<'d>> {
        let wanted = match self.target_of(behavior)? {
            Target::Origin(_) => 1,
            Target::Group(_) => 2,
        };
        let origins = self.s3_origins_of(behavior);
        origins.first().copied().filter(|_| origins.len() == wanted)
    }

    /// The origins of a group, without members that name none.
    pub(crate) fn origins_in(&self, group: &OriginGroup<'d>) -> Vec<&Origin<'d>> {
        let member = |id: &Element<'d>| match self.target(trimmed(id.value()))? {
            Target::Origin(index) => Some(&self.origins[index]),
            Target::Group(_) => None,
        };
        group.members.iter().filter_map(member).collect()
    }
}

impl<'d> Origin<'d> {
    fn of(element: Element<'d>) -> Origin<'d> {
        Origin {
            element,
            id: value_at(element, name::ID),
            domain: value_at(element, name::DOMAIN_NAME),
        }
    }

    /// What kind of server it is, as far as its domain tells.
    pub(crate) fn endpoint(&self) -> Option<Endpoint<'d>> {
        endpoint_of(self.element)
    }

    /// Whether it is reached as an S3 bucket; a bucket that serves a website is a custom origin.
    pub(crate) fn is_s3(&self) -> bool {
        self.element.get(name::S3_ORIGIN_CONFIG).is_some()
    }
}

impl<'d> OriginGroup<'d> {
    pub(crate) fn of(element: Element<'d>) -> OriginGroup<'d> {
        let members = element
            .get(name::MEMBERS)
            .into_iter()
            .flat_map(Element::items);
        OriginGroup {
            element,
            id: value_at(element, name::ID),
            members: members
                .filter_map(|member| member.get(name::ORIGIN_ID))
                .collect(),
        }
    }
}

impl<'d> Behavior<'d> {
    fn of(element: Element<'d>) -> Behavior<'d> {
        let filled = |name: NameId| element.get(name).filter(|c| !trimmed(c.value()).is_empty());
        Behavior {
            element,
            target: filled(name::TARGET_ORIGIN_ID),
            pattern: filled(name::PATH_PATTERN),
        }
    }
}

/// What kind of server an `Origin` is, as far as its `DomainName` tells: none if that is missing, not known yet, or no
/// name that a host can have, so that `invalid-origin-domain` alone speaks of it.
pub(crate) fn endpoint_of(origin: Element<'_>) -> Option<Endpoint<'_>> {
    let domain = origin.get(name::DOMAIN_NAME)?;
    let name = trimmed(domain.value());
    let is_host = matches!(
        host::check_host(name),
        Ok(()) | Err((HostProblem::TrailingDot | HostProblem::SingleLabel, _))
    );
    (is_host && !template_leftover::is_unknown(domain)).then(|| host::classify(name))
}

/// Whether a child has a value, and not a placeholder that may stand for none.
pub(crate) fn has_value(element: Element<'_>, name: &str) -> bool {
    let has = |child| !template_leftover::is_wholly_unknown(child);
    !value_of(element, name).is_empty() && element.child(name).is_some_and(has)
}

fn value_at(element: Element<'_>, name: NameId) -> &str {
    element.get(name).map_or("", |child| trimmed(child.value()))
}

/// The value of a child without blanks around it; empty if there is none.
pub(crate) fn value_of<'d>(element: Element<'d>, name: &str) -> &'d str {
    element
        .child(name)
        .map_or("", |child| trimmed(child.value()))
}
