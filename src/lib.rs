//! Validates and lints the XML documents people send to Amazon CloudFront, before they are sent.
//!
//! The way of the data is one street: arguments → [`walk`] → [`Source`] → syntax → [`Document`] → [`check`] → triage →
//! [`Report`] → [`output`]. Nothing looks back.
//!
//! ```
//! use cloudfront_lint::{Settings, Source, check};
//!
//! let text = br#"<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
//!   <Paths><Quantity>2</Quantity><Items><Path>/index.html</Path></Items></Paths>
//!   <CallerReference>2026-01-31</CallerReference>
//! </InvalidationBatch>"#;
//! let source = Source::from_bytes("batch.xml", text.to_vec());
//! let checked = check(&source, None, &Settings::default());
//! assert_eq!(checked.findings[0].rule.name(), "quantity-mismatch");
//! assert_eq!(checked.findings[0].message, "Quantity says 2, but Items holds 1");
//! ```

mod against;
mod baseline;
mod check;
pub mod cli;
pub mod compare;
pub mod config;
mod diff;
mod distribution;
mod document;
mod dry_run;
mod edit;
mod explain;
mod finding;
mod fingerprint;
pub mod fix;
mod fleet;
mod limits;
mod lookup;
mod methods;
mod namespace;
pub mod output;
mod placeholder;
mod policy;
mod read;
mod report;
mod rule;
mod rules;
mod run;
pub mod schema;
mod scope;
mod secrets;
pub mod smallest;
mod source;
mod staging;
mod suggest;
mod suppress;
mod syntax;
mod triage;
mod update;
mod value;
pub mod vocabulary;
pub mod walk;
mod watch;
mod write;

pub use against::{Against, Git};
pub use baseline::Earlier;
pub use check::{Beside, Checked, Older, Primary, Settings, check, check_beside, read};
pub use config::{Config, Finder, Layer, Profile};
pub use document::{Children, Document, Element, Recognised};
pub use dry_run::{
    Call, Fault, MessageSource, Refusal, Rehearsal, Related, Response, Unknown, Verdict, dry_run,
    dry_run_copy, dry_run_promote,
};
pub use finding::{
    Acceptance, Acceptor, ApiError, Confidence, Edit, Finding, Fix, Label, Level, Safety,
};
pub use fingerprint::Fingerprint;
pub use fix::{Applied, Fixed, Fixing, LeftOut, Mode, fix};
pub use fleet::check_fleet;
pub use limits::Limits;
pub use placeholder::{Placeholder, Placeholders};
pub use policy::{BrokenPolicy, Policies};
pub use report::{Answered, Answers, Cause, Failure, FileReport, Repair, Report, Skipped};
pub use rule::{
    CONSTRAINTS, Constraint, ERRORS, ErrorCode, Fixes, Group, MESSAGES, Message, OPTIONS,
    Operation, OptionId, Origin, REPOSITORY, RULES, Rule, RuleId, RuleOption, RuleOptions, Stage,
};
pub use rules::SUBSCRIPTIONS;
pub use run::{Options, Profiles, answer, run, write_fixes};
pub use source::{Encoding, Position, Source, Span};
pub use staging::{Made, NotMade, Role, promoted, staging_of};
pub use suppress::{ElementPattern, NoPlace};
pub use triage::{Choice, FailOn, Selection, Selector, Standing};
pub use watch::Watch;
