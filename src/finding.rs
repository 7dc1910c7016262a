//! Findings: what a rule says about a document. Plain owned data, free of lifetimes into the document, so that every
//! output, the fixer and an editor are views of the same vector.

use std::fmt;
use std::sync::Arc;

use crate::rule::RuleId;
use crate::source::{Source, Span};

/// How much a finding matters. Ordered: `Info < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; changes nothing.
    Info,
    /// The service accepts it, or may; it is probably not what was meant.
    Warning,
    /// The service refuses the document.
    Error,
}

impl Level {
    /// The name used in every output: `info`, `warning`, `error`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How sure we are that the service behaves as the finding says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Derived, never seen: a finding of this confidence is at most a warning.
    Inferred,
    /// AWS's documentation or service model says so.
    Documented,
    /// A real response of the service shows it.
    Verified,
}

impl Confidence {
    /// The name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Inferred => "inferred",
            Confidence::Documented => "documented",
            Confidence::Verified => "verified",
        }
    }
}

/// What the API would answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ApiError {
    /// The `Code` element of the `ErrorResponse`.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
}

/// A further place that explains a finding.
#[derive(Clone, Debug)]
pub struct Label {
    /// Where, in the finding's own file or in `source`.
    pub span: Span,
    /// A few words.
    pub message: String,
    /// The other file, when the place is not in the finding's own (the older document of `--against`).
    pub source: Option<Arc<Source>>,
}

/// Whether a fix may be applied without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// May change what the document means.
    Unsafe,
    /// Keeps what the document means.
    Safe,
}

/// Replaces the bytes of `span` by `content`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Bytes into the text as read.
    pub span: Span,
    /// The new text.
    pub content: String,
}

/// A repair.
#[derive(Clone, Debug)]
pub struct Fix {
    /// What it does, as a short imperative.
    pub title: String,
    /// Whether it may be applied without asking.
    pub safety: Safety,
    /// Sorted, not overlapping.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// One that keeps what the document means; none without edits.
    pub(crate) fn safe(title: impl Into<String>, edits: Option<Vec<Edit>>) -> Option<Fix> {
        Fix::new(title.into(), Safety::Safe, edits)
    }

    /// One that may change what the document means; none without edits.
    pub(crate) fn risky(title: impl Into<String>, edits: Option<Vec<Edit>>) -> Option<Fix> {
        Fix::new(title.into(), Safety::Unsafe, edits)
    }

    /// None without edits.
    pub(crate) fn new(title: String, safety: Safety, edits: Option<Vec<Edit>>) -> Option<Fix> {
        let edits = edits.filter(|edits| !edits.is_empty())?;
        Some(Fix {
            title,
            safety,
            edits,
        })
    }
}

/// How a finding was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// By what.
    pub by: Acceptor,
    /// Why, if somebody said it.
    pub reason: Option<Arc<str>>,
}

/// What accepts a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acceptor {
    /// A comment in the document.
    Comment,
    /// A table of a configuration.
    Configuration,
}

impl Acceptance {
    /// Why, or else by what.
    pub(crate) fn words(&self) -> &str {
        match (&self.reason, self.by) {
            (Some(reason), _) => reason,
            (None, Acceptor::Comment) => "accepted by a comment",
            (None, Acceptor::Configuration) => "accepted by the configuration",
        }
    }
}

/// One thing that is wrong, at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that speaks.
    pub rule: RuleId,
    /// Its level here.
    pub level: Level,
    /// How sure the rule is here.
    pub confidence: Confidence,
    /// What the API would answer, where it would refuse.
    pub api_error: Option<ApiError>,
    /// What is wrong: one short phrase, lower case unless it starts with a name, no full stop.
    pub message: String,
    /// The smallest text that is wrong.
    pub span: Span,
    /// A few words at `span`; may be empty.
    pub label: String,
    /// Other places that make it wrong.
    pub labels: Vec<Label>,
    /// Why it is wrong.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// What it is about where its place does not tell, such as the name of a missing element; mostly empty. See
    /// [`Fingerprint`](crate::Fingerprint).
    pub subject: String,
    /// Path of element names from the root, `/DistributionConfig/Aliases/Quantity`; empty where no element is known.
    pub element: String,
    /// A repair, where one is known.
    pub fix: Option<Fix>,
    /// Accepted by a comment or by configuration.
    pub suppressed: bool,
    /// By which of them and why, where it is.
    pub accepted: Option<Acceptance>,
    /// Accepted by a baseline.
    pub baselined: bool,
}

impl Finding {
    /// A finding at the rule's own level, confidence and API error.
    // Nearly no check finds anything, so what leads here should not stand in the way of the rest.
    #[cold]
    pub fn new(rule: RuleId, span: Span, message: impl Into<String>) -> Finding {
        let meta = rule.meta();
        Finding {
            rule,
            level: meta.level,
            confidence: meta.confidence,
            api_error: meta.error,
            message: message.into(),
            span,
            label: String::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            subject: String::new(),
            element: String::new(),
            fix: None,
            suppressed: false,
            accepted: None,
            baselined: false,
        }
    }

    /// Sets the words at the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Finding {
        self.label = text.into();
        self
    }

    /// Adds another place in the same file.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Finding {
        self.labels.push(Label {
            span,
            message: text.into(),
            source: None,
        });
        self
    }

    /// Adds a place in another file.
    #[must_use]
    pub fn also_in(mut self, source: Arc<Source>, span: Span, text: impl Into<String>) -> Finding {
        self.labels.push(Label {
            span,
            message: text.into(),
            source: Some(source),
        });
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Finding {
        self.notes.push(text.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Finding {
        self.help = Some(text.into());
        self
    }

    /// Replaces what the API would answer.
    #[must_use]
    pub fn api(mut self, error: Option<ApiError>) -> Finding {
        self.api_error = error;
        self
    }

    /// Replaces the confidence; an inferred finding is at most a warning.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Finding {
        self.confidence = confidence;
        if confidence == Confidence::Inferred {
            self.level = self.level.min(Level::Warning);
        }
        self
    }

    /// Replaces the level.
    #[must_use]
    pub fn level(mut self, level: Level) -> Finding {
        self.level = level;
        self
    }

    /// Offers a repair, if there is one.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Finding {
        self.fix = fix.into();
        self
    }

    /// Says what it is about, where its place does not tell: the names of missing elements, say.
    #[must_use]
    pub(crate) fn about(mut self, subject: impl Into<String>) -> Finding {
        self.subject = subject.into();
        self
    }

    /// Names the element.
    #[must_use]
    pub fn at(mut self, element: impl Into<String>) -> Finding {
        self.element = element.into();
        self
    }
}
