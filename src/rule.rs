//! Rules as data: the table that the build script makes from `rules/lint/*.md`.

use std::fmt;

use crate::finding::{ApiError, Confidence, Level};
use crate::schema::{ApiVersion, VersionRange};

/// What a rule needs to see and what its findings mean. Rules of a group can be selected and ignored together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Refused while reading (`MalformedXML`, `MalformedInput`), or lost silently.
    Schema,
    /// Refused by CloudFront's own checks.
    Service,
    /// Needs the older document.
    Update,
    /// Needs the other documents of the run.
    Fleet,
    /// Accepted, almost surely not meant.
    Suspicious,
    /// Accepted, weakens protection.
    Security,
    /// Accepted, slower than it need be.
    Performance,
    /// Accepted, dearer than it need be.
    Cost,
    /// Accepted, on its way out.
    Deprecated,
    /// Accepted, unusual form.
    Style,
}

impl Group {
    /// All groups in the order in which they are listed.
    pub const ALL: [Group; 10] = [
        Group::Schema,
        Group::Service,
        Group::Update,
        Group::Fleet,
        Group::Suspicious,
        Group::Security,
        Group::Performance,
        Group::Cost,
        Group::Deprecated,
        Group::Style,
    ];

    /// The name used on the command line and in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Group::Schema => "schema",
            Group::Service => "service",
            Group::Update => "update",
            Group::Fleet => "fleet",
            Group::Suspicious => "suspicious",
            Group::Security => "security",
            Group::Performance => "performance",
            Group::Cost => "cost",
            Group::Deprecated => "deprecated",
            Group::Style => "style",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One rule, as its file `rules/lint/<name>.md` describes it.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case; says what is wrong.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Its group.
    pub group: Group,
    /// Its level unless a finding says otherwise.
    pub level: Level,
    /// How sure it is unless a finding says otherwise.
    pub confidence: Confidence,
    /// What the API would answer unless a finding says otherwise.
    pub error: Option<ApiError>,
    /// The API versions it speaks about.
    pub versions: VersionRange,
    /// It cannot be switched off: without it a document that was never read would pass.
    pub mandatory: bool,
    /// Rows of the catalogue of constraints that it checks.
    pub constraints: &'static [&'static str],
    /// The page: Markdown after the front matter.
    pub page: &'static str,
}

/// Index of a rule in [`RULES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub(crate) u16);

impl RuleId {
    /// The rule's description.
    pub fn meta(self) -> &'static Rule {
        &RULES[self.0 as usize]
    }

    /// The rule's name.
    pub fn name(self) -> &'static str {
        self.meta().name
    }

    /// All rules, sorted by name.
    pub fn all() -> impl Iterator<Item = RuleId> {
        (0..RULES.len() as u16).map(RuleId)
    }

    /// Looks a rule up by name.
    pub fn find(name: &str) -> Option<RuleId> {
        RULES
            .binary_search_by(|rule| rule.name.cmp(name))
            .ok()
            .map(|i| RuleId(i as u16))
    }
}

/// One error the API answers, as `rules/errors.toml` describes it.
#[derive(Debug)]
pub struct ErrorCode {
    /// The `Code` element of the `ErrorResponse`.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Operations that answer it.
    pub operations: &'static [&'static str],
    /// First API version that lists it; none where no version is known.
    pub since: Option<ApiVersion>,
    /// Date on which it was added in place to a version that existed already (`YYYY-MM-DD`).
    pub added: Option<&'static str>,
    /// What one has to see to predict it: `document`, `older`, `fleet` or `account`.
    pub needs: &'static str,
    /// When it comes.
    pub meaning: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/rules.rs"));
