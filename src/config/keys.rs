//! The keys of a configuration: one table that validates files and from which their JSON Schema is made.

use super::date::Date;
use super::layer::{At, Layer, Limit, RuleLevel};
use super::paths::PathPattern;
use super::preset::Preset;
use crate::placeholder::Placeholder;
use crate::rule::{Operation, OptionId, RuleId};
use crate::schema::ApiVersion;
use crate::source::Span;
use crate::suppress::ElementPattern;
use crate::triage::{FailOn, Selector};

/// A key.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// One or two sentences.
    pub(crate) doc: &'static str,
    /// A value as TOML, or the lines of a table; empty within tables that have an example as a whole.
    pub(crate) example: &'static str,
    pub(crate) kind: Kind,
    /// Whether the table is meaningless without it.
    pub(crate) required: bool,
    /// Keeps the value; one of another kind never comes.
    pub(crate) keep: fn(&mut Part, At<Value>),
}

/// What may stand at a key.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Flag,
    Text,
    Texts,
    Place,
    Date,
    Preset,
    FailOn,
    ApiVersion,
    Operation,
    Rule,
    Selectors,
    Paths,
    Placeholders,
    Levels,
    Options,
    Limits,
    Tables(&'static [&'static [Key]]),
}

/// What stands there.
pub(crate) enum Value {
    Flag(bool),
    Text(String),
    Texts(Vec<At<String>>),
    Place(ElementPattern),
    Date(Date),
    Preset(&'static Preset),
    FailOn(FailOn),
    ApiVersion(ApiVersion),
    Operation(Operation),
    Rule(RuleId),
    Selectors(Vec<At<Selector>>),
    Paths(Vec<PathPattern>),
    Placeholders(Vec<Placeholder>),
    Levels(Vec<At<RuleLevel>>),
    Options(Vec<At<(OptionId, i64)>>),
    Limits(Vec<At<(Limit, u64)>>),
    Tables(Vec<Part>),
}

/// A table as it was read. The file as a whole, an override and an ignored finding each use their part of it.
#[derive(Default)]
pub(crate) struct Part {
    /// The table, to its last value.
    pub(crate) span: Span,
    pub(crate) preset: Option<At<&'static Preset>>,
    pub(crate) layer: Layer,
    pub(crate) files: Option<At<Vec<PathPattern>>>,
    pub(crate) exclude: Option<At<Vec<PathPattern>>>,
    pub(crate) overrides: Vec<Part>,
    pub(crate) ignored: Vec<Part>,
    pub(crate) rule: Option<At<RuleId>>,
    pub(crate) at: Option<At<ElementPattern>>,
    pub(crate) reason: Option<At<String>>,
    pub(crate) until: Option<At<Date>>,
    pub(crate) require_reason: Option<At<bool>>,
    pub(crate) baseline: Option<At<String>>,
    pub(crate) policies: Vec<At<String>>,
}

/// `keep!(Flag, |part, at| …)`: what to do with a value of one kind.
macro_rules! keep {
    ($kind:ident => $($field:ident).+) => {
        |part, at| {
            if let Value::$kind(value) = at.value {
                part.$($field).+ = Some(At { value, span: at.span });
            }
        }
    };
    ($kind:ident => all $($field:ident).+) => {
        |part, at| {
            if let Value::$kind(value) = at.value {
                part.$($field).+ = value;
            }
        }
    };
}

/// Keys of the file as a whole.
pub(crate) const FILE: &[&[Key]] = &[TOP, RULES, LAYER];
/// Keys of an override.
pub(crate) const OVERRIDE: &[&[Key]] = &[OVERRIDE_ONLY, RULES, LAYER];

const TOP: &[Key] = &[
    Key {
        name: "preset",
        example: r#""strict""#,
        doc: "What the configuration begins with; everything else is laid over it.",
        kind: Kind::Preset,
        required: false,
        keep: keep!(Preset => preset),
    },
    Key {
        name: "exclude",
        example: r#"["generated/", "*.gen.xml"]"#,
        doc: "Paths that are not looked at, as in .gitignore. A file that is named on the command line is looked at all the same, unless --force-exclude is given.",
        kind: Kind::Paths,
        required: false,
        keep: keep!(Paths => exclude),
    },
    Key {
        name: "require-reason",
        example: r#"true"#,
        doc: "Whether every accepted finding needs a reason.",
        kind: Kind::Flag,
        required: false,
        keep: keep!(Flag => require_reason),
    },
    Key {
        name: "baseline",
        example: r#""cloudfront-lint-baseline.jsonl""#,
        doc: "The file of findings that were accepted earlier, from the directory of this file on.",
        kind: Kind::Text,
        required: false,
        keep: keep!(Text => baseline),
    },
    Key {
        name: "policies",
        example: r#"["policies/"]"#,
        doc: "Files and directories with rules of your own, from the directory of this file on; *, ? and ** may stand in them.",
        kind: Kind::Texts,
        required: false,
        keep: keep!(Texts => all policies),
    },
    Key {
        name: "override",
        example: "files = [\"legacy/\"]\nrules = { deprecated-element = \"off\" }",
        doc: "What holds for some files only. Later overrides beat earlier ones.",
        kind: Kind::Tables(OVERRIDE),
        required: false,
        keep: keep!(Tables => all overrides),
    },
    Key {
        name: "ignore",
        example: "rule = \"unused-origin\"\nat = \"…/Origin[Id=legacy]\"\nreason = \"kept for a rollback\"\nuntil = 2027-01-31",
        doc: "A finding that is accepted.",
        kind: Kind::Tables(&[IGNORED]),
        required: false,
        keep: keep!(Tables => all ignored),
    },
];

const IGNORED: &[Key] = &[
    Key {
        name: "rule",
        example: "",
        doc: "The rule whose findings are accepted.",
        kind: Kind::Rule,
        required: true,
        keep: keep!(Rule => rule),
    },
    Key {
        name: "at",
        example: "",
        doc: "Where: a path of elements, such as …/Origin[Id=legacy], with all below it. Left out: everywhere.",
        kind: Kind::Place,
        required: false,
        keep: keep!(Place => at),
    },
    Key {
        name: "files",
        example: "",
        doc: "In which files, as in .gitignore. Left out: in all.",
        kind: Kind::Paths,
        required: false,
        keep: keep!(Paths => files),
    },
    Key {
        name: "reason",
        example: "",
        doc: "Why.",
        kind: Kind::Text,
        required: false,
        keep: keep!(Text => reason),
    },
    Key {
        name: "until",
        example: "",
        doc: "The last day on which it holds.",
        kind: Kind::Date,
        required: false,
        keep: keep!(Date => until),
    },
];

const OVERRIDE_ONLY: &[Key] = &[Key {
    name: "files",
    example: "",
    doc: "The files for which it holds, as in .gitignore.",
    kind: Kind::Paths,
    required: true,
    keep: keep!(Paths => files),
}];

const RULES: &[Key] = &[
    Key {
        name: "select",
        example: r#"["schema", "service"]"#,
        doc: "Rules or groups to run and no others.",
        kind: Kind::Selectors,
        required: false,
        keep: keep!(Selectors => layer.select),
    },
    Key {
        name: "rules",
        example: "fleet = \"off\"\nunused-origin = \"info\"",
        doc: "Levels of rules and groups; a rule beats its group, a group beats all.",
        kind: Kind::Levels,
        required: false,
        keep: keep!(Levels => all layer.rules),
    },
];

const LAYER: &[Key] = &[
    Key {
        name: "fail-on",
        example: r#""warning""#,
        doc: "The lowest level of a finding that makes the run fail.",
        kind: Kind::FailOn,
        required: false,
        keep: keep!(FailOn => layer.fail_on),
    },
    Key {
        name: "api-version",
        example: r#""2020-05-31""#,
        doc: "The API version that documents are checked against, whatever their namespace says.",
        kind: Kind::ApiVersion,
        required: false,
        keep: keep!(ApiVersion => layer.api_version),
    },
    Key {
        name: "operation",
        example: r#""update""#,
        doc: "What documents are sent for.",
        kind: Kind::Operation,
        required: false,
        keep: keep!(Operation => layer.operation),
    },
    Key {
        name: "placeholders",
        example: r#"["${*}"]"#,
        doc: "Forms of placeholders that are filled in later, such as ${*}; * stands for any characters. Nothing is said about values that hold one; what elements there are is checked all the same.",
        kind: Kind::Placeholders,
        required: false,
        keep: keep!(Placeholders => layer.placeholders),
    },
    Key {
        name: "options",
        example: r#"max-origins = 200"#,
        doc: "Numbers of rules, such as a quota that AWS has raised for you.",
        kind: Kind::Options,
        required: false,
        keep: keep!(Options => all layer.options),
    },
    Key {
        name: "limits",
        example: r#"max-size = 1_000_000"#,
        doc: "Bounds on what is read, so that no document can exhaust the machine.",
        kind: Kind::Limits,
        required: false,
        keep: keep!(Limits => all layer.limits),
    },
];
