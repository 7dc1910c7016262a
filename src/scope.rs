//! What a check may know besides the element that it looks at.

use std::cell::{Cell, OnceCell};

use crate::check::Settings;
use crate::distribution::{Distribution, endpoint_of};
use crate::document::{Document, Element, NONE};
use crate::rule::{Operation, OptionId};
use crate::value::host::Endpoint;

/// One document, what it is sent for, and the numbers that the user has set.
pub(crate) struct Scope<'d> {
    document: &'d Document<'d>,
    settings: &'d Settings,
    operation: Operation,
    distribution: OnceCell<Option<Distribution<'d>>>,
    /// The origin that was asked for last, and its endpoint: all rules ask at one origin before they come to the next.
    endpoint: Cell<(u32, Option<Endpoint<'d>>)>,
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
