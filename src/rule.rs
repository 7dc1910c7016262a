//! Rules as data: the table that the build script makes from `rules/lint/*.md`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::finding::{ApiError, Confidence, Level};
use crate::policy::registry;
use crate::schema::{ApiVersion, Root, VersionRange};
use crate::vocabulary::Pattern;

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
    /// About the files that steer a run.
    Configuration,
    /// Rules of a user.
    Policy,
}

impl Group {
    /// All groups in the order in which they are listed.
    pub const ALL: [Group; 12] = [
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
        Group::Configuration,
        Group::Policy,
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
            Group::Configuration => "configuration",
            Group::Policy => "policy",
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
    /// Operations for which it answers something else.
    pub errors: &'static [(Operation, ApiError)],
    /// The API versions it speaks about.
    pub versions: VersionRange,
    /// It cannot be switched off: without it a document that was never read would pass.
    pub mandatory: bool,
    /// Whether it knows repairs, and which; not every finding has one.
    pub fixes: Option<Fixes>,
    /// Rows of the catalogue of constraints that it checks.
    pub constraints: &'static [&'static str],
    /// The page: Markdown after the front matter.
    pub page: &'static str,
    /// The policy that it is from; none if it is built in.
    pub origin: Option<Origin>,
}

/// What the repairs of a rule may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fixes {
    /// All of them keep what the document means.
    Safe,
    /// All of them may change what the document means.
    Unsafe,
    /// Some are safe, others not.
    Sometimes,
}

impl Fixes {
    /// The name used in rule files and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Fixes::Safe => "safe",
            Fixes::Unsafe => "unsafe",
            Fixes::Sometimes => "sometimes",
        }
    }
}

/// Where the project is published: `repository` in Cargo.toml, the one place that says it.
pub const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// A rule: one of [`RULES`], or one of a user's policy.
///
/// Rules are the same if they have the same name. The rule of a policy may be named before the policy is read; what it
/// says is known to the one that [`Policies`](crate::Policies) have.
#[derive(Clone, Copy)]
pub struct RuleId {
    /// Index in [`RULES`]; above that, the number of the name in the registry.
    name: u32,
    /// Number of the description in the registry; 0 for rules that are built in.
    definition: u32,
}

impl RuleId {
    /// A rule that is built in, by its place in [`RULES`].
    pub(crate) const fn built_in(index: u32) -> RuleId {
        RuleId {
            name: index,
            definition: 0,
        }
    }

    /// The rule of a policy, by its numbers in the registry.
    pub(crate) fn of_policy(name: u32, definition: u32) -> RuleId {
        RuleId {
            name: RULES.len() as u32 + name,
            definition,
        }
    }

    /// The rule's description.
    pub fn meta(self) -> &'static Rule {
        match RULES.get(self.name as usize) {
            Some(rule) => rule,
            None => registry::rule(self.definition),
        }
    }

    /// The address of its page, as it is in this version; rules of policies have none.
    pub fn url(self) -> Option<String> {
        let name = RULES.get(self.name as usize)?.name;
        let version = env!("CARGO_PKG_VERSION");
        Some(format!("{REPOSITORY}/blob/v{version}/rules/lint/{name}.md"))
    }

    /// The rule's name.
    pub fn name(self) -> &'static str {
        self.meta().name
    }

    /// All rules that are built in, sorted by name.
    pub fn all() -> impl Iterator<Item = RuleId> {
        (0..RULES.len() as u32).map(RuleId::built_in)
    }

    /// Looks a rule up by name. Every name of the form `team/rule-name` is that of a policy's rule, which may not have
    /// been read.
    pub fn find(name: &str) -> Option<RuleId> {
        if name.contains('/') {
            return registry::named(name);
        }
        RULES
            .binary_search_by(|rule| rule.name.cmp(name))
            .ok()
            .map(|i| RuleId::built_in(i as u32))
    }

    /// Whether it is the rule of a policy.
    pub fn is_of_policy(self) -> bool {
        self.name as usize >= RULES.len()
    }
}

impl PartialEq for RuleId {
    fn eq(&self, other: &RuleId) -> bool {
        self.name == other.name
    }
}

impl Eq for RuleId {}

impl Hash for RuleId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// By name, those of policies behind the others.
impl Ord for RuleId {
    fn cmp(&self, other: &RuleId) -> Ordering {
        match self.is_of_policy() && other.is_of_policy() && self.name != other.name {
            // The numbers depend on which policy was read first.
            true => self.name().cmp(other.name()),
            false => self.name.cmp(&other.name),
        }
    }
}

impl PartialOrd for RuleId {
    fn partial_cmp(&self, other: &RuleId) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RuleId({})", self.name())
    }
}

/// Where the rule of a policy stands.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The file, as it was named.
    pub file: String,
    /// Line of the rule, from 1.
    pub line: usize,
}

/// What a document is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// `CreateDistribution` and its like.
    Create,
    /// `UpdateDistribution` and its like.
    Update,
    /// `CopyDistribution`.
    Copy,
}

impl Operation {
    /// All operations.
    pub const ALL: [Operation; 3] = [Operation::Create, Operation::Update, Operation::Copy];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Create => "create",
            Operation::Update => "update",
            Operation::Copy => "copy",
        }
    }

    /// The operation of the API that takes a body with this root; none if there is no such operation.
    pub fn call(self, root: &Root) -> Option<&'static str> {
        let [create, update, copy] = root.calls;
        match self {
            Operation::Create => create,
            Operation::Update => update,
            Operation::Copy => copy,
        }
    }

    /// The operation on distributions whose errors count for what a document with this root configures; none if it is no
    /// distribution.
    pub fn api_name(self, root: &str) -> Option<&'static str> {
        Some(match (self, root) {
            (Operation::Create, "DistributionConfig") => "CreateDistribution",
            (Operation::Create, "DistributionConfigWithTags") => "CreateDistributionWithTags",
            (Operation::Create, "StreamingDistributionConfig") => "CreateStreamingDistribution",
            (Operation::Create, "StreamingDistributionConfigWithTags") => {
                "CreateStreamingDistributionWithTags"
            }
            (Operation::Update, "DistributionConfig" | "DistributionConfigWithTags") => {
                "UpdateDistribution"
            }
            (
                Operation::Update,
                "StreamingDistributionConfig" | "StreamingDistributionConfigWithTags",
            ) => "UpdateStreamingDistribution",
            (Operation::Copy, "DistributionConfig" | "DistributionConfigWithTags") => {
                "CopyDistribution"
            }
            _ => return None,
        })
    }
}

/// How far a request gets at the service before an error is answered. A document with errors of several stages is
/// answered with those of the first alone; those of `Model` are answered all together, others one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Who calls, and how often.
    Account,
    /// Whether there is a body.
    Body,
    /// Whether the body can be read as XML and as the request.
    Read,
    /// Whether it fits the service's model: required members, legal values, lengths.
    Model,
    /// What the service checks by itself.
    Semantic,
}

impl Stage {
    /// The name used in `rules/errors.toml` and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Account => "account",
            Stage::Body => "body",
            Stage::Read => "read",
            Stage::Model => "model",
            Stage::Semantic => "semantic",
        }
    }

    /// In words.
    pub fn meaning(self) -> &'static str {
        match self {
            Stage::Account => "before the document is looked at",
            Stage::Body => "when there is no body",
            Stage::Read => "while the document is read",
            Stage::Model => {
                "while the document is compared with the model; all violations in one answer"
            }
            Stage::Semantic => {
                "in the service's own checks, after the document was read; one at a time"
            }
        }
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
    /// What is answered instead by operations that do not list it.
    pub instead: &'static [(Operation, &'static str)],
    /// When it is answered.
    pub stage: Stage,
    /// First API version that lists it; none where no version is known.
    pub since: Option<ApiVersion>,
    /// Date on which it was added in place to a version that existed already (`YYYY-MM-DD`).
    pub added: Option<&'static str>,
    /// What one has to see to predict it: `document`, `older`, `fleet` or `account`.
    pub needs: &'static str,
    /// When it comes.
    pub meaning: &'static str,
    /// What a dry run leaves open for every call that lists the error, as `whether …`.
    pub question: Option<&'static str>,
}

impl ErrorCode {
    /// Looks an error up by its code.
    pub fn find(code: &str) -> Option<&'static ErrorCode> {
        ERRORS
            .binary_search_by(|error| error.code.cmp(code))
            .ok()
            .map(|i| &ERRORS[i])
    }

    /// What the API answers in place of this code when a document with this root is sent for an operation.
    pub fn answer(&'static self, operation: Operation, root: &str) -> ApiError {
        let listed = operation
            .api_name(root)
            .is_none_or(|api| self.operations.is_empty() || self.operations.contains(&api));
        let instead = self
            .instead
            .iter()
            .find(|(of, _)| *of == operation && !listed);
        let error = instead
            .and_then(|(_, code)| ErrorCode::find(code))
            .unwrap_or(self);
        ApiError {
            code: error.code,
            status: error.status,
        }
    }
}

/// One row of the catalogue `rules/constraints.toml`: a fact about what CloudFront accepts.
#[derive(Debug)]
pub struct Constraint {
    /// `C001` …
    pub id: &'static str,
    /// Paths of elements.
    pub element: &'static str,
    /// The bad case.
    pub violated: &'static str,
    /// What the API answers to each operation; empty where it accepts the document.
    pub errors: &'static [(Operation, &'static str)],
    /// Codes that it may answer instead.
    pub alternatives: &'static [&'static str],
    /// The API versions in which it holds.
    pub versions: VersionRange,
    /// What one has to see to tell: `document`, `older`, `fleet` or `account`.
    pub needs: &'static str,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it is from.
    pub source: &'static str,
    /// The rules that check it.
    pub rules: &'static [&'static str],
    /// Why no rule does.
    pub unchecked: Option<&'static str>,
    /// What a dry run leaves open where the element is filled in, as `whether {value} …`.
    pub question: Option<&'static str>,
    /// Only where the whole value of the element matches.
    pub question_of: Option<Pattern>,
}

impl Constraint {
    /// Looks a row up by its id.
    pub fn find(id: &str) -> Option<&'static Constraint> {
        CONSTRAINTS
            .binary_search_by(|row| row.id.cmp(id))
            .ok()
            .map(|i| &CONSTRAINTS[i])
    }
}

/// What the service says where a rule speaks, word for word: one row of `rules/messages.toml`.
#[derive(Debug)]
pub struct Message {
    /// The rule.
    pub rule: &'static str,
    /// The words, with placeholders in braces.
    pub text: &'static str,
    /// Only where one of these codes is answered; empty: whatever is.
    pub codes: &'static [&'static str],
    /// Only at elements of these names; empty: at any.
    pub elements: &'static [&'static str],
    /// Only where the finding says that this child is missing.
    pub lacks: Option<&'static str>,
    /// Only where the whole value of the element matches.
    pub value: Option<Pattern>,
    /// Only where the value breaks this bound of its length: `min` or `max`.
    pub bound: Option<&'static str>,
    /// Only where the element is an item of a list of plain values.
    pub list: bool,
    /// Only in these API versions.
    pub versions: VersionRange,
    /// Where it was seen.
    pub source: &'static str,
}

/// A list of values from `rules/table/`.
#[derive(Debug)]
pub(crate) struct Table {
    /// The day on which it was read, `YYYY-MM-DD`.
    #[allow(dead_code)]
    pub(crate) as_of: &'static str,
    /// Sorted, each with its meaning where that is known.
    pub(crate) values: &'static [(&'static str, Option<&'static str>)],
    /// Beginnings that are as good as a value.
    pub(crate) prefixes: &'static [&'static str],
}

/// A number of a rule that the user may set: mostly a quota that AWS raises on request.
#[derive(Debug)]
pub struct RuleOption {
    /// Kebab-case.
    pub name: &'static str,
    /// What holds unless the user says otherwise.
    pub default: i64,
    /// The rule that it belongs to.
    pub rule: &'static str,
}

/// Index of an option in [`OPTIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionId(pub(crate) u16);

impl OptionId {
    /// The option's description.
    pub fn meta(self) -> &'static RuleOption {
        &OPTIONS[self.0 as usize]
    }

    /// Looks an option up by name.
    pub fn find(name: &str) -> Option<OptionId> {
        let index = OPTIONS.iter().position(|option| option.name == name)?;
        Some(OptionId(index as u16))
    }
}

/// The numbers that the user has set.
#[derive(Clone, Debug, Default)]
pub struct RuleOptions(Vec<(OptionId, i64)>);

impl RuleOptions {
    /// Sets a number.
    pub fn set(&mut self, option: OptionId, number: i64) {
        self.0.push((option, number));
    }

    /// The number that holds; the last one that was set.
    pub fn get(&self, option: OptionId) -> i64 {
        let set = self.0.iter().rev().find(|(id, _)| *id == option);
        set.map_or(option.meta().default, |(_, number)| *number)
    }
}

include!(concat!(env!("OUT_DIR"), "/rules.rs"));
