//! How far a run is and what took how long, for those who look on. Nothing of it reaches the report.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many of the slowest documents are kept.
const SLOWEST: usize = 10;

/// What a run tells while it lasts.
#[derive(Debug, Default)]
pub struct Watch {
    total: AtomicUsize,
    done: AtomicUsize,
    fleet: AtomicU64,
    /// The slowest documents, slowest first; none if nobody asked for times.
    slowest: Option<Mutex<Vec<(Duration, String)>>>,
}

impl Watch {
    /// One that counts, and takes times if they are asked for.
    pub fn new(timings: bool) -> Watch {
        Watch {
            slowest: timings.then(Mutex::default),
            ..Watch::default()
        }
    }

    /// How many inputs there are; 0 until they are found.
    pub fn total(&self) -> usize {
        self.total.load(Ordering::Relaxed)
    }

    /// How many of them are done.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// How long documents were compared with each other.
    pub fn fleet(&self) -> Duration {
        Duration::from_nanos(self.fleet.load(Ordering::Relaxed))
    }

    /// The documents that took longest, slowest first; empty if nobody asked for times.
    pub fn slowest(&self) -> Vec<(Duration, String)> {
        let slowest = self.slowest.as_ref().map(lock);
        slowest.map_or_else(Vec::new, |slowest| slowest.clone())
    }

    /// So many inputs have been found.
    pub(crate) fn expect(&self, inputs: usize) {
        self.total.store(inputs, Ordering::Relaxed);
    }

    /// Does the work on an input.
    pub(crate) fn input<T>(&self, name: &str, work: impl FnOnce() -> T) -> T {
        let start = self.slowest.as_ref().map(|_| Instant::now());
        let outcome = work();
        if let (Some(slowest), Some(start)) = (&self.slowest, start) {
            keep(&mut lock(slowest), start.elapsed(), name);
        }
        self.done.fetch_add(1, Ordering::Relaxed);
        outcome
    }

    /// Does the work on all documents together.
    pub(crate) fn together(&self, work: impl FnOnce()) {
        let start = Instant::now();
        work();
        let nanos = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.fleet.store(nanos, Ordering::Relaxed);
    }
}

fn lock(
    slowest: &Mutex<Vec<(Duration, String)>>,
) -> std::sync::MutexGuard<'_, Vec<(Duration, String)>> {
    slowest.lock().unwrap_or_else(PoisonError::into_inner)
}

fn keep(slowest: &mut Vec<(Duration, String)>, took: Duration, name: &str) {
    let place = slowest.partition_point(|(other, _)| *other >= took);
    if place < SLOWEST {
        slowest.truncate(SLOWEST - 1);
        slowest.insert(place, (took, name.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_are_kept_in_order() {
        let mut slowest = Vec::new();
        for n in [3, 9, 1, 12, 7, 2, 11, 5, 4, 10, 8, 6] {
            keep(&mut slowest, Duration::from_secs(n), &n.to_string());
        }
        let names: Vec<&str> = slowest.iter().map(|(_, name)| &name[..]).collect();
        assert_eq!(names, ["12", "11", "10", "9", "8", "7", "6", "5", "4", "3"]);
    }

    #[test]
    fn times_are_taken_only_if_asked_for() {
        for timings in [false, true] {
            let watch = Watch::new(timings);
            watch.expect(2);
            assert_eq!(watch.input("a.xml", || 7), 7);
            assert_eq!((watch.done(), watch.total()), (1, 2));
            assert_eq!(watch.slowest().len(), usize::from(timings));
        }
    }
}
