//! `check --timings`: what took how long.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use crate::output::visible;
use crate::watch::Watch;

/// The stages of a run, one after the other.
pub(super) struct Stages {
    last: Instant,
    done: Vec<(&'static str, Duration)>,
}

impl Stages {
    /// The first stage begins.
    pub(super) fn start() -> Stages {
        Stages {
            last: Instant::now(),
            done: Vec::new(),
        }
    }

    /// A stage ends, and the next begins.
    pub(super) fn end(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.done.push((stage, now - self.last));
        self.last = now;
    }

    /// A part of the last stage is a stage of its own, after it.
    pub(super) fn split(&mut self, stage: &'static str, took: Duration) {
        if let Some((_, whole)) = self.done.last_mut() {
            *whole = whole.saturating_sub(took);
        }
        self.done.push((stage, took));
    }

    /// Prints them on standard error, with the slowest documents.
    pub(super) fn print(&self, watch: &Watch) {
        let total = self.done.iter().map(|(_, took)| *took).sum();
        let mut text = String::from("timings\n");
        for (stage, took) in self.done.iter().chain([&("total", total)]) {
            text += &line(*took, stage);
        }
        let slowest = watch.slowest();
        if slowest.len() > 1 {
            text += "slowest files\n";
        }
        for (took, name) in slowest.iter().filter(|_| slowest.len() > 1) {
            text += &line(*took, &visible(name));
        }
        // There is nowhere left to report that standard error is closed.
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

fn line(took: Duration, what: &str) -> String {
    format!("{:>12.3} ms  {what}\n", took.as_secs_f64() * 1e3)
}
