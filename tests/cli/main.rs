//! The built program from outside: arguments and files in, exit status and text out.

// Tests may say what they expect.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod against;
mod against_git;
mod baseline;
mod check;
mod commands;
mod config;
mod determinism;
mod diff;
mod documents;
mod dry_run;
mod fix;
mod fleet;
mod formats;
mod hostile;
mod limits;
mod outputs;
mod policy;
mod selection;
mod shell;
mod snapshots;
mod staging;
mod status;
mod support;
mod suppress;
mod update;
mod walk;
