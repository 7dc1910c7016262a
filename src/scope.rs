//! What a check may know besides the element that it looks at.

use std::cell::{Cell, OnceCell, RefCell};

use crate::check::Settings;
use crate::distribution::{Distribution, endpoint_of};
use crate::document::{Document, Element, NONE};
use crate::fleet::{About, Facts};
use crate::policy::Policies;
use crate::rule::{Operation, OptionId};
use crate::value::host::Endpoint;
use crate::vocabulary::Check;

/// One document, what it is sent for, and the numbers that the user has set.
pub(crate) struct Scope<'d> {
    document: &'d Document<'d>,
    settings: &'d Settings,
    operation: Operation,
    distribution: OnceCell<Option<Distribution<'d>>>,
    /// The origin that was asked for last, and its endpoint: all rules ask at one origin before they come to the next.
    endpoint: Cell<(u32, Option<Endpoint<'d>>)>,
    /// What other documents of the run may contradict; none where nobody asks.
    facts: RefCell<Option<Facts>>,
}

impl<'d> Scope<'d> {
    pub(crate) fn new(
        document: &'d Document<'d>,
        settings: &'d Settings,
        operation: Operation,
    ) -> Scope<'d> {
        Scope {
            document,
            settings,
            operation,
            distribution: OnceCell::new(),
            endpoint: Cell::new((NONE, None)),
            facts: RefCell::new(None),
        }
    }

    /// Gathers what the document says to the others of its run.
    pub(crate) fn in_fleet(self) -> Scope<'d> {
        let facts = Facts::of(self.document, self.operation);
        Scope {
            facts: RefCell::new(facts),
            ..self
        }
    }

    /// Whether anybody asks for what the document says to others.
    pub(crate) fn is_in_fleet(&self) -> bool {
        self.facts.borrow().is_some()
    }

    /// What was gathered.
    pub(crate) fn into_facts(self) -> Option<Facts> {
        self.facts.into_inner()
    }

    /// Notes a value that a check counts in all documents.
    pub(crate) fn share(&self, check: &'static Check, element: Element<'_>) {
        if let Some(facts) = self.facts.borrow_mut().as_mut() {
            facts.share(check, element);
        }
    }

    /// Notes that the document has something, for rules that look at all documents.
    pub(crate) fn note_once(&self, about: About, element: Element<'_>) {
        if let Some(facts) = self.facts.borrow_mut().as_mut() {
            facts.note_once(about, element);
        }
    }

    /// What the document is sent for.
    pub(crate) fn operation(&self) -> Operation {
        self.operation
    }

    /// A number that the user may have set.
    pub(crate) fn number(&self, option: OptionId) -> i64 {
        self.settings.options.get(option)
    }

    /// Rules of the user.
    pub(crate) fn policies(&self) -> &'d Policies {
        &self.settings.policies
    }

    /// The distribution that the document configures, with origins, groups and behaviors; made when it is first asked for.
    pub(crate) fn distribution(&self) -> Option<&Distribution<'d>> {
        self.distribution
            .get_or_init(|| Distribution::of(self.document))
            .as_ref()
    }

    /// What kind of server an `Origin` of the document is; see [`endpoint_of`].
    pub(crate) fn endpoint_of(&self, origin: Element<'_>) -> Option<Endpoint<'d>> {
        let (last, endpoint) = self.endpoint.get();
        if last == origin.id() {
            return endpoint;
        }
        let endpoint = endpoint_of(self.document.element(origin.id()));
        self.endpoint.set((origin.id(), endpoint));
        endpoint
    }
}
