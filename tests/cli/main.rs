//! The built program from outside: arguments and files in, exit status and text out.

mod against;
mod check;
mod commands;
mod determinism;
mod documents;
mod hostile;
mod limits;
mod outputs;
mod selection;
mod snapshots;
mod status;
mod support;
mod walk;
