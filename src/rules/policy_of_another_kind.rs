//! `policy-of-another-kind`: the id of a managed policy stands where another kind of policy belongs.

use crate::check::{same, trimmed};
use crate::document::Element;
use crate::finding::{ApiError, Finding};
use crate::rule::{Table, id, table};
use crate::schema::{NameId, name};
use crate::suggest;

/// A kind of policy that a cache behavior may name.
pub(crate) struct Kind {
    /// The element that names it.
    pub(crate) element: &'static str,
    id: NameId,
    /// In words, with its article.
    name: &'static str,
    /// What the API answers if there is no such policy.
    code: &'static str,
    /// Those that AWS manages, by id.
    managed: &'static Table,
}

static KINDS: [Kind; 3] = [
    Kind {
        element: "CachePolicyId",
        id: name::CACHE_POLICY_ID,
        name: "a cache policy",
        code: "NoSuchCachePolicy",
        managed: &table::MANAGED_CACHE_POLICIES,
    },
    Kind {
        element: "OriginRequestPolicyId",
        id: name::ORIGIN_REQUEST_POLICY_ID,
        name: "an origin request policy",
        code: "NoSuchOriginRequestPolicy",
        managed: &table::MANAGED_ORIGIN_REQUEST_POLICIES,
    },
    Kind {
        element: "ResponseHeadersPolicyId",
        id: name::RESPONSE_HEADERS_POLICY_ID,
        name: "a response headers policy",
        code: "NoSuchResponseHeadersPolicy",
        managed: &table::MANAGED_RESPONSE_HEADERS_POLICIES,
    },
];

impl Kind {
    /// The kind that an element names.
    pub(crate) fn named_by(element: Element<'_>) -> Option<&'static Kind> {
        let name = element.node().known_as;
        KINDS.iter().find(|kind| kind.id == name)
    }

    /// What the API answers if there is no such policy.
    pub(crate) fn error(&self) -> ApiError {
        ApiError {
            code: self.code,
            status: 404,
        }
    }

    /// Whether AWS manages a policy of this kind with such an id.
    pub(crate) fn manages(&self, id: &str) -> bool {
        self.with_id(id).is_some()
    }

    /// The managed policy with an id.
    fn with_id(&self, id: &str) -> Option<&'static str> {
        let ids = || self.managed.values.iter();
        // Hardly anybody writes them in capital letters.
        let written = ids().find(|(known, _)| same(known.as_bytes(), id.as_bytes()));
        let (_, name) = match written {
            None if id.bytes().any(|b| b.is_ascii_uppercase()) => {
                ids().find(|(known, _)| known.eq_ignore_ascii_case(id))?
            }
            written => written?,
        };
        *name
    }

    /// The id and name of the managed policy with such a name, which the console begins with `Managed-`.
    pub(crate) fn with_name(&self, name: &str) -> Option<(&'static str, &'static str)> {
        let name = name.strip_prefix("Managed-").unwrap_or(name);
        let policies = self.managed.values.iter();
        let names = policies.clone().filter_map(|(_, name)| *name);
        let near = suggest::nearest(name, names)?;
        let (id, _) = policies.clone().find(|(_, name)| *name == Some(near))?;
        Some((id, near))
    }
}

/// Whether AWS manages a policy with this id, of whatever kind.
pub(crate) fn is_managed(id: &str) -> bool {
    KINDS.iter().any(|kind| kind.with_id(id).is_some())
}

/// An id in an element that names policies of one kind.
pub(crate) fn report(wanted: &Kind, element: Element<'_>) -> Option<Finding> {
    let value = trimmed(element.value());
    let mut others = KINDS.iter().filter(|kind| kind.id != wanted.id);
    let (other, policy) = others.find_map(|other| Some((other, other.with_id(value)?)))?;
    let shown = wanted.element;
    Some(
        Finding::new(
            id::POLICY_OF_ANOTHER_KIND,
            element.subject_span(),
            format!("{shown} names {policy}, which is {}", other.name),
        )
        .at(element.path())
        .api(Some(wanted.error()))
        .label(format!("not {}", wanted.name))
        .note(format!(
            "{} is the id of the managed policy {policy}, the same in every account",
            element.shown_value()
        ))
        .help(format!(
            "write the id of {}; this one belongs into {}",
            wanted.name, other.element
        )),
    )
}
