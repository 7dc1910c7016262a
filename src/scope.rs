//! What a check may know besides the element that it looks at.

use std::cell::OnceCell;

use crate::check::Settings;
use crate::distribution::Distribution;
use crate::document::Document;
use crate::rule::{Operation, OptionId};

/// One document, what it is sent for, and the numbers that the user has set.
pub(crate) struct Scope<'d> {
    document: &'d Document<'d>,
    settings: &'d Settings,
    operation: Operation,
    distribution: OnceCell<Option<Distribution<'d>>>,
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
}
