//! A progress bar on a terminal, once a run has lasted a second.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::watch::Watch;

/// A run that ends sooner shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the bar looks at the run.
const BEAT: Duration = Duration::from_millis(100);

/// A bar that goes away when this is dropped.
pub(super) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Shows how far the run is, where somebody can see it.
    pub(super) fn of(watch: &Arc<Watch>, reads_stdin: bool) -> Option<Progress> {
        // Whoever types the document needs the terminal.
        let is_typed = reads_stdin && io::stdin().is_terminal();
        if is_typed || !has_spectator() {
            return None;
        }
        let (end, ended) = mpsc::channel();
        let watch = Arc::clone(watch);
        let thread = thread::Builder::new().spawn(move || {
            if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                show(&watch, || {
                    ended.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout)
                });
            }
        });
        // Without a thread there is no bar, and nothing else is missing.
        let running = Some((end, thread.ok()?));
        Some(Progress { running })
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.running.take() {
            drop(end);
            let _ = thread.join();
        }
    }
}

/// Whether a person looks at standard error. Hooks and CI jobs can have a terminal that nobody sees.
fn has_spectator() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    io::stderr().is_terminal() && !is_dumb && !is_set("CI") && !is_set("PRE_COMMIT")
}

/// Draws until the run has ended.
fn show(watch: &Watch, goes_on: impl Fn() -> bool) {
    let bar =
        ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_elapsed(PATIENCE);
    let mut known = None;
    loop {
        let total = watch.total() as u64;
        if known != Some(total) {
            known = Some(total);
            bar.set_style(style(total));
            bar.set_length(total);
        }
        bar.set_position(watch.done() as u64);
        bar.tick();
        if !goes_on() {
            break;
        }
    }
    bar.finish_and_clear();
}

fn style(total: u64) -> ProgressStyle {
    let template = match total {
        0 => "looking for files, {elapsed}",
        _ => "{bar:30} {pos} of {len} files, {elapsed}",
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
