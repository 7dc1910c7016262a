//! Which checks a structure needs, remembered from one structure to the next.
//!
//! That follows from its shape, from the members it has and from what its document is sent for, and nearly all structures
//! of a run are in this like one that was met before. What is remembered changes no result, only how fast it is there.

use std::cell::Cell;

use crate::policy::Policies;
use crate::rule::Operation;
use crate::rules;
use crate::schema::{ApiVersion, ShapeId};
use crate::vocabulary::evaluate::Prepared;
use crate::vocabulary::{Check, Subscription};

/// How many kinds of structures are remembered; a power of two.
const KINDS: usize = 128;
/// How many checks are remembered for them; with more, all are forgotten.
const CHECKS: usize = 4096;

/// Structures of a kind need the same checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) shape: ShapeId,
    pub(super) version: ApiVersion,
    pub(super) operation: Operation,
    pub(super) in_fleet: bool,
    /// The members that it has.
    pub(super) present: u64,
    /// Those that are not empty.
    pub(super) filled: u64,
}

impl Kind {
    /// Where it is remembered, unless another kind is remembered there.
    fn slot(&self) -> usize {
        const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
        let members = self.present ^ self.filled.rotate_left(32);
        let mixed = (members ^ self.shape.index() as u64).wrapping_mul(ODD);
        (mixed >> (u64::BITS - KINDS.ilog2())) as usize
    }

    fn checks(self) -> impl Iterator<Item = &'static Subscription> {
        let all = rules::for_structure(self.shape, self.present, self.filled, self.version);
        all.filter(move |subscription| self.is_time_for(subscription.check))
    }

    /// The checks of a user that can find something at such a structure.
    pub(super) fn checks_of(
        self,
        policies: &Policies,
    ) -> impl Iterator<Item = &'static Subscription> {
        let all = policies.for_structure(self.shape, self.present, self.filled, self.version);
        all.filter(move |subscription| self.is_time_for(subscription.check))
    }

    fn is_time_for(&self, check: &Check) -> bool {
        (check.operations.is_empty() || check.operations.contains(&self.operation))
            && (self.in_fleet || !check.test.is_of_many())
    }
}

/// What one thread remembers.
pub(super) struct Wanted {
    kinds: Vec<Option<(Kind, (u32, u32))>>,
    checks: Vec<Prepared>,
}

thread_local! {
    static REMEMBERED: Cell<Option<Wanted>> = const { Cell::new(None) };
}

impl Wanted {
    /// What this thread has remembered so far; to be given back with [`Wanted::keep`].
    pub(super) fn remembered() -> Wanted {
        REMEMBERED.take().unwrap_or_else(|| Wanted {
            kinds: vec![None; KINDS],
            checks: Vec::new(),
        })
    }

    /// Remembers it for the next document.
    pub(super) fn keep(self) {
        REMEMBERED.set(Some(self));
    }

    /// The checks that can find something at a structure of a kind.
    pub(super) fn at(&mut self, kind: Kind) -> &[Prepared] {
        let slot = kind.slot();
        let (start, end) = match self.kinds[slot] {
            Some((known, place)) if known == kind => place,
            _ => self.remember(kind, slot),
        };
        &self.checks[start as usize..end as usize]
    }

    #[cold]
    fn remember(&mut self, kind: Kind, slot: usize) -> (u32, u32) {
        if self.checks.len() > CHECKS {
            self.kinds.fill(None);
            self.checks.clear();
        }
        let start = self.checks.len() as u32;
        self.checks.extend(kind.checks().map(Prepared::from));
        let place = (start, self.checks.len() as u32);
        self.kinds[slot] = Some((kind, place));
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SUBSCRIPTIONS;

    #[test]
    fn what_is_remembered_is_what_would_be_found() {
        let mut wanted = Wanted::remembered();
        let shapes = || (0..SUBSCRIPTIONS.len()).map(|shape| ShapeId(shape as u16));
        // More kinds than are remembered, each asked for several times.
        for (round, shape) in (0..6).flat_map(|round| shapes().map(move |shape| (round, shape))) {
            let kind = Kind {
                shape,
                version: ApiVersion::LATEST,
                operation: [Operation::Create, Operation::Update][round % 2],
                in_fleet: round % 3 == 0,
                present: u64::MAX >> (round % 4),
                filled: u64::MAX << (round % 4),
            };
            let fresh: Vec<_> = kind.checks().map(|s| Prepared::from(s).address()).collect();
            for _ in 0..2 {
                let known = wanted.at(kind).iter().map(Prepared::address);
                assert_eq!(known.collect::<Vec<_>>(), fresh);
            }
        }
        wanted.keep();
    }
}
