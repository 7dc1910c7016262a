//! Findings that somebody has accepted, with a comment in the document or in the configuration.
//!
//! A finding is marked, never taken away. A comment `<!-- cloudfront-lint ignore: rule-a, rule-b - reason -->` holds for
//! the next element in the same parent and all inside it, whatever stands between; before the root, for the whole
//! document. Of several that accept a finding, the innermost is the one that is used, and of those before one element
//! the first: each that is not used can go without a finding coming back.

pub(crate) mod add;
mod comment;
mod ignore;
mod place;

use std::sync::Arc;

use crate::check::{Checked, Settings};
use crate::document::{Document, Element};
use crate::finding::{Acceptance, Acceptor, Edit, Finding, Fix, Safety};
use crate::policy::Policies;
use crate::rule::{Group, Operation, RuleId, id};
use crate::source::{Source, Span};
use crate::suggest;
use crate::triage::Selection;
use crate::vocabulary::Subscription;

pub(crate) use comment::MARK;
pub(crate) use ignore::{Accepted, Effects, complaints};
use place::ElementPath;
pub use place::{ElementPattern, NoPlace};

/// The rules that speak of the comments themselves. No comment silences them: they would be told by another to be silent.
const OWN: [RuleId; 5] = [
    id::EXPIRED_SUPPRESSION,
    id::MALFORMED_SUPPRESSION,
    id::SUPPRESSION_WITHOUT_REASON,
    id::UNKNOWN_RULE_IN_SUPPRESSION,
    id::UNUSED_SUPPRESSION,
];

/// Whether findings of a rule can be accepted at all. What cannot be switched off cannot: a document that nobody could
/// read would pass.
pub(crate) fn is_acceptable(rule: RuleId) -> bool {
    !rule.meta().mandatory && !OWN.contains(&rule)
}

/// The comments of a document that accept findings.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    comments: Vec<Comment>,
    /// What each rule that is named is accepted in, by rule, then from outside to inside.
    holds: Vec<Hold>,
    /// Comments that are wrong.
    mistakes: Vec<Finding>,
}

/// A comment that is understood.
#[derive(Debug)]
struct Comment {
    span: Span,
    /// Path of the element for which it holds, or of the one around it.
    element: String,
    /// Whether any element follows.
    holds: bool,
    names: Vec<Name>,
    reason: Option<Arc<str>>,
    /// The lines that go if the comment goes.
    removal: Edit,
}

/// A rule named in a comment.
#[derive(Debug)]
struct Name {
    span: Span,
    /// None for what is no rule, or one that cannot be accepted.
    rule: Option<RuleId>,
    used: bool,
}

/// A rule, and where its findings are accepted.
#[derive(Debug)]
struct Hold {
    rule: RuleId,
    scope: Span,
    /// The next one around it, for the same rule; its own place where there is none.
    around: usize,
    comment: usize,
    name: usize,
}

/// What was looked for: who found nothing because he did not look has not shown that a comment is idle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ran<'a> {
    pub(crate) selection: &'a Selection,
    pub(crate) policies: &'a Policies,
    pub(crate) operation: Operation,
    /// Whether somebody said what the document is sent for.
    pub(crate) operation_given: bool,
    /// Whether there was an older document.
    pub(crate) compared: bool,
}

impl Ran<'_> {
    /// Whether findings of the rule would have been found. Of documents that are compared with each other, nobody knows
    /// whether all were there.
    pub(crate) fn has(self, rule: RuleId) -> bool {
        let group = match rule.meta().group {
            Group::Update => {
                self.compared
                    || rule == id::MISSING_ON_UPDATE && self.operation == Operation::Update
            }
            Group::Fleet => false,
            _ => true,
        };
        let for_operation = match rule == id::WRONG_ROOT {
            true => self.operation_given || self.compared,
            false => speaks_of(rule, self.operation),
        };
        let is_read = !rule.is_of_policy() || self.policies.find(rule.name()).is_some();
        group && for_operation && is_read && self.selection.enabled(rule)
    }
}

/// Whether a rule says anything of documents that are sent for an operation.
fn speaks_of(rule: RuleId, operation: Operation) -> bool {
    let own = |s: &&&Subscription| s.check.rule == rule;
    let mut checks = crate::rules::SUBSCRIPTIONS.iter().flat_map(|of| of.iter());
    let mut any = checks.clone().filter(|s| own(&s)).peekable();
    any.peek().is_none()
        || checks.any(|s| {
            own(&&s) && (s.check.operations.is_empty() || s.check.operations.contains(&operation))
        })
}

impl Suppressions {
    /// Reads the comments of a document; none if there is none for this program.
    pub(crate) fn of(document: &Document<'_>, settings: &Settings) -> Option<Box<Suppressions>> {
        let mut all = Suppressions::default();
        for comment in &document.comments {
            let said = comment::read(document.source().text(), *comment);
            match said {
                None => {}
                Some(Ok(words)) => all.add(document, *comment, &words, settings),
                Some(Err(mistake)) => {
                    let place = Position::of(document, *comment);
                    all.mistakes.push(malformed(mistake, place.path()));
                }
            }
        }
        all.nest();
        (!all.comments.is_empty() || !all.mistakes.is_empty()).then(|| Box::new(all))
    }

    fn add(
        &mut self,
        document: &Document<'_>,
        comment: Span,
        words: &comment::Words,
        settings: &Settings,
    ) {
        let place = Position::of(document, comment);
        let path = place.path();
        if settings.require_reason && words.reason.is_none() {
            self.mistakes.push(without_reason(comment, &path));
        }
        let scope = place.scope();
        let mut names = Vec::with_capacity(words.names.len());
        for span in &words.names {
            let name = document.slice(*span);
            let rule = match named(name, &settings.policies) {
                Ok(rule) => Some(rule),
                // Without any policy, nobody knows which rules theirs have.
                Err(_) if name.contains('/') && settings.policies.is_empty() => None,
                Err(wrong) => {
                    let removal =
                        (words.names.len() == 1).then(|| removal(document.source(), comment));
                    let edit = removal.unwrap_or_else(|| without(&words.names, *span));
                    self.mistakes.push(wrong.finding(*span, edit, &path));
                    None
                }
            };
            if let (Some(rule), Some(scope)) = (rule, scope) {
                self.holds.push(Hold {
                    rule,
                    scope,
                    around: 0,
                    comment: self.comments.len(),
                    name: names.len(),
                });
            }
            names.push(Name {
                span: *span,
                rule,
                used: false,
            });
        }
        self.comments.push(Comment {
            span: comment,
            element: path,
            holds: scope.is_some(),
            names,
            reason: words.reason.map(|reason| document.slice(reason).into()),
            removal: removal(document.source(), comment),
        });
    }

    /// Puts the scopes of each rule into each other: elements lie inside each other or apart.
    fn nest(&mut self) {
        // Stable: of comments before one element, the first comes first.
        self.holds
            .sort_by_key(|hold| (hold.rule, hold.scope.start, u32::MAX - hold.scope.end));
        self.holds
            .dedup_by(|later, first| (later.rule, later.scope) == (first.rule, first.scope));
        let mut open: Vec<usize> = Vec::new();
        for at in 0..self.holds.len() {
            let (rule, start) = (self.holds[at].rule, self.holds[at].scope.start);
            while let Some(last) = open.last().map(|last| &self.holds[*last]) {
                if last.rule == rule && start < last.scope.end {
                    break;
                }
                open.pop();
            }
            self.holds[at].around = open.last().copied().unwrap_or(at);
            open.push(at);
        }
    }

    /// The innermost scope of a rule around a place.
    fn find(&self, rule: RuleId, place: u32) -> Option<&Hold> {
        let after = self
            .holds
            .partition_point(|hold| (hold.rule, hold.scope.start) <= (rule, place));
        let mut at = after.checked_sub(1)?;
        loop {
            let hold = self.holds.get(at)?;
            if hold.rule != rule {
                return None;
            }
            if place < hold.scope.end {
                return Some(hold);
            }
            if hold.around == at {
                return None;
            }
            at = hold.around;
        }
    }

    /// Marks the findings that are accepted.
    pub(crate) fn mark(&mut self, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|f| is_acceptable(f.rule)) {
            let Some(hold) = self.find(finding.rule, finding.span.start) else {
                continue;
            };
            let (comment, name) = (hold.comment, hold.name);
            self.comments[comment].names[name].used = true;
            finding.suppressed = true;
            finding.accepted = Some(Acceptance {
                by: Acceptor::Comment,
                reason: self.comments[comment].reason.clone(),
            });
        }
    }

    /// Whether any of them accepts what is found by comparing documents, after each was looked at by itself.
    pub(crate) fn are_for_fleet(&self) -> bool {
        self.holds
            .iter()
            .any(|hold| hold.rule.meta().group == Group::Fleet)
    }

    /// What is wrong with the comments, once all findings are marked.
    pub(crate) fn complaints(&mut self, ran: Ran<'_>) -> Vec<Finding> {
        let mut complaints = std::mem::take(&mut self.mistakes);
        complaints.extend(self.comments.iter().filter_map(|comment| comment.idle(ran)));
        ran.selection.apply(&mut complaints);
        complaints
    }
}

/// Marks what the comments of a document and the configuration accept, and says what is wrong with the comments.
pub(crate) fn settle(checked: &mut Checked, accepted: Option<&Accepted>, ran: Ran<'_>) {
    settle_comments(checked, ran);
    if let Some(accepted) = accepted {
        accepted.mark(&mut checked.findings);
        match checked.parsed {
            true => accepted.note(ran),
            false => accepted.note_unread(),
        }
    }
}

fn settle_comments(checked: &mut Checked, ran: Ran<'_>) {
    let Some(suppressions) = &mut checked.suppressions else {
        return;
    };
    suppressions.mark(&mut checked.findings);
    checked.findings.extend(suppressions.complaints(ran));
    checked.findings.sort_by_key(|f| (f.span, f.rule));
    if !suppressions.are_for_fleet() {
        checked.suppressions = None;
    }
}

impl Comment {
    /// What it says of names that accept nothing.
    fn idle(&self, ran: Ran<'_>) -> Option<Finding> {
        let idle: Vec<usize> = (0..self.names.len())
            .filter(|at| self.is_idle(&self.names[*at], ran))
            .collect();
        let first = idle.first()?;
        let all = idle.len() == self.names.len();
        let rules = idle.iter().filter_map(|at| self.names[*at].rule);
        let rules = suggest::alternatives(rules.map(RuleId::name), "or");
        let span = match idle.len() {
            1 if !all => self.names[*first].span,
            _ => self.span,
        };
        let message = match self.holds {
            true => format!("there is no {rules} to ignore here"),
            false => "no element follows the comment, so it holds for nothing".to_owned(),
        };
        let help = match (all, self.holds) {
            (_, false) => "put it before the element for which it is meant, or remove it",
            (true, _) => "remove the comment",
            (false, _) => "remove it from the comment",
        };
        let edits = match all {
            true => vec![self.removal.clone()],
            false => self.shortened(&idle),
        };
        let mut finding = Finding::new(id::UNUSED_SUPPRESSION, span, message)
            .at(self.element.clone())
            .help(help);
        finding.fix = Some(Fix {
            title: help.to_owned(),
            safety: Safety::Safe,
            edits,
        });
        Some(finding)
    }

    fn is_idle(&self, name: &Name, ran: Ran<'_>) -> bool {
        name.rule
            .is_some_and(|rule| !name.used && (!self.holds || ran.has(rule)))
    }

    /// The list of rules without some of them, of which one at least stays.
    fn shortened(&self, idle: &[usize]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut kept: Option<Span> = None;
        for (at, name) in self.names.iter().enumerate() {
            if !idle.contains(&at) {
                kept = Some(name.span);
                continue;
            }
            let next = self.names.get(at + 1);
            // Together with the comma before it; where nothing is kept before, with the one behind it.
            let span = match (kept, next) {
                (Some(_), _) => Span::new(self.names[at - 1].span.end, name.span.end),
                (None, Some(next)) => Span::new(name.span.start, next.span.start),
                (None, None) => name.span,
            };
            edits.push(Edit {
                span,
                content: String::new(),
            });
        }
        edits
    }
}

/// Where a comment stands.
struct Position<'d> {
    /// The element that follows in the same parent.
    next: Option<Element<'d>>,
    /// The element around it; none outside the root.
    around: Option<Element<'d>>,
}

impl<'d> Position<'d> {
    fn of(document: &'d Document<'d>, comment: Span) -> Position<'d> {
        let after = document
            .nodes
            .partition_point(|node| node.span.start < comment.start) as u32;
        let mut around = after.checked_sub(1).map(|last| document.element(last));
        while let Some(element) = around {
            if comment.end <= element.span().end {
                break;
            }
            around = element.parent();
        }
        let next = ((after as usize) < document.nodes.len()).then(|| document.element(after));
        let same = |one: Option<Element<'_>>| one.map(Element::id);
        Position {
            next: next.filter(|next| same(next.parent()) == same(around)),
            around,
        }
    }

    /// Where it accepts findings: in the whole document if the root follows.
    fn scope(&self) -> Option<Span> {
        self.next.map(|next| match next.parent() {
            None => Span::new(0, u32::MAX),
            Some(_) => next.span(),
        })
    }

    fn path(&self) -> String {
        self.next
            .or(self.around)
            .map(Element::path)
            .unwrap_or_default()
    }
}

/// Why a name in a comment accepts nothing.
struct Wrong {
    message: String,
    help: String,
    /// It is a name, but none that a comment may have.
    is_known: bool,
    /// The rule that was probably meant.
    near: Option<&'static str>,
}

/// The rule of a name.
fn named(name: &str, policies: &Policies) -> Result<RuleId, Wrong> {
    let shown = crate::output::visible(crate::document::cut(name));
    let wrong = |message: String, help: &str| Wrong {
        message,
        help: help.to_owned(),
        is_known: true,
        near: None,
    };
    let rule = match name.contains('/') {
        true => policies.find(name),
        false => RuleId::find(name),
    };
    if let Some(rule) = rule {
        return match is_acceptable(rule) {
            true => Ok(rule),
            false if OWN.contains(&rule) => Err(wrong(
                format!("{shown} cannot be ignored by a comment"),
                "correct the comment of which it speaks, or switch the rule off in the configuration",
            )),
            false => Err(wrong(
                format!("{shown} cannot be ignored: a document that was not read would pass"),
                "remove it from the comment",
            )),
        };
    }
    if name == "all" || Group::ALL.iter().any(|group| group.name() == name) {
        return Err(wrong(
            format!("`{shown}` is a group: a comment names single rules"),
            "name each rule: later ones of a group are nobody's choice yet",
        ));
    }
    let known = RuleId::all().filter(|rule| is_acceptable(*rule));
    let known = known.chain(policies.rules().iter().copied());
    let near = suggest::nearest(name, known.map(RuleId::name));
    Err(Wrong {
        message: format!("there is no rule {shown}"),
        help: match near {
            Some(near) => format!("did you mean {near}?"),
            None => "`cloudfront-lint rules` lists the rules".to_owned(),
        },
        is_known: false,
        near,
    })
}

impl Wrong {
    fn finding(self, span: Span, removal: Edit, path: &str) -> Finding {
        let fix = match self.near {
            Some(near) => Fix {
                title: format!("write {near}"),
                safety: Safety::Unsafe,
                edits: vec![Edit {
                    span,
                    content: near.to_owned(),
                }],
            },
            None => Fix {
                title: "remove it from the comment".to_owned(),
                safety: match self.is_known {
                    true => Safety::Safe,
                    // It may be the beginning of a reason, or a rule of another version.
                    false => Safety::Unsafe,
                },
                edits: vec![removal],
            },
        };
        let mut finding = Finding::new(id::UNKNOWN_RULE_IN_SUPPRESSION, span, self.message)
            .at(path)
            .help(self.help);
        finding.fix = Some(fix);
        finding
    }
}

/// Takes one name out of a list of several, with a comma.
fn without(names: &[Span], name: Span) -> Edit {
    let before = names.iter().rfind(|other| other.end < name.start);
    let after = names.iter().find(|other| other.start > name.end);
    let span = match (before, after) {
        (Some(before), _) => Span::new(before.end, name.end),
        (None, Some(after)) => Span::new(name.start, after.start),
        (None, None) => name,
    };
    Edit {
        span,
        content: String::new(),
    }
}

/// Takes a comment out, and its lines with it if it has them for itself.
fn removal(source: &Source, comment: Span) -> Edit {
    let text = source.text();
    let before = text.get(..comment.start as usize).unwrap_or_default();
    let after = text.get(comment.end as usize..).unwrap_or_default();
    let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
    let starts_line = before.len() == indent || before[..before.len() - indent].ends_with('\n');
    let rest = after.trim_start_matches([' ', '\t']);
    let next = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n'));
    let span = match next {
        Some(next) if starts_line => Span::new(
            comment.start - indent as u32,
            (text.len() - next.len()) as u32,
        ),
        _ => comment,
    };
    Edit {
        span,
        content: String::new(),
    }
}

fn malformed(mistake: comment::Mistake, path: String) -> Finding {
    let mut finding = Finding::new(id::MALFORMED_SUPPRESSION, mistake.span, mistake.message)
        .at(path)
        .help(mistake.help);
    finding.fix = mistake.fix.map(|(span, content)| Fix {
        title: "write it so that it is understood".to_owned(),
        safety: Safety::Unsafe,
        edits: vec![Edit { span, content }],
    });
    finding
}

fn without_reason(comment: Span, path: &str) -> Finding {
    Finding::new(
        id::SUPPRESSION_WITHOUT_REASON,
        comment,
        "the comment gives no reason",
    )
    .at(path)
    .help("write it after the rules and a hyphen: `ignore: rule-a - reason`")
}
