//! The service's words for a finding, from `rules/messages.toml`.

use std::collections::{HashMap, HashSet};

use super::MessageSource;
use crate::check::trimmed;
use crate::document::{Document, Element, push_step};
use crate::finding::Finding;
use crate::rule::{MESSAGES, Message, id};
use crate::rules;
use crate::schema::{Kind, Member};

/// All violations of the model in the service's words.
pub(super) struct Violations {
    pub(super) message: String,
    pub(super) source: MessageSource,
    /// The place of each finding as the API writes it.
    pub(super) api_paths: Vec<Option<String>>,
}

/// Puts findings into the service's words. The findings come in document order.
pub(super) struct Speaker<'d> {
    /// None if the text is no XML.
    document: Option<&'d Document<'d>>,
    /// How many missing members of an element were told already.
    told: HashMap<u32, usize>,
    /// Lists that were told as a whole.
    lists: HashSet<u32>,
}

impl<'d> Speaker<'d> {
    pub(super) fn new(document: Option<&'d Document<'d>>) -> Speaker<'d> {
        Speaker {
            document,
            told: HashMap::new(),
            lists: HashSet::new(),
        }
    }

    /// The place of a finding as the API writes it.
    pub(super) fn api_path(&self, finding: &Finding) -> Option<String> {
        let subject = Subject {
            element: self.element(finding),
            missing: None,
        };
        subject.api_path(finding)
    }

    /// The message for a finding; none where the service's words are not known.
    pub(super) fn words(&mut self, finding: &Finding) -> Option<String> {
        let subject = Subject {
            element: self.element(finding),
            missing: None,
        };
        subject.words(finding)
    }

    /// The message for all violations of the model.
    pub(super) fn violations(&mut self, findings: &[&Finding]) -> Violations {
        let mut source = MessageSource::Service;
        let mut parts = Vec::with_capacity(findings.len());
        let mut api_paths = Vec::with_capacity(findings.len());
        for finding in findings {
            let subject = self.violation(finding);
            api_paths.push(subject.api_path(finding));
            let row = subject.message(finding);
            let list = row.filter(|row| row.list).and(subject.list());
            // One violation, however many of its items are wrong.
            if list.is_some_and(|list| !self.lists.insert(list.id())) {
                continue;
            }
            let form = subject.wrong_form(finding);
            for told in [Some(*finding), form.as_ref()].into_iter().flatten() {
                parts.push(subject.words(told).unwrap_or_else(|| {
                    source = MessageSource::Ours;
                    told.message.clone()
                }));
            }
        }
        let errors = if parts.len() == 1 { "error" } else { "errors" };
        let count = parts.len();
        let message = format!("{count} validation {errors} detected: {}", parts.join("; "));
        Violations {
            message,
            source,
            api_paths,
        }
    }

    fn violation(&mut self, finding: &Finding) -> Subject<'d> {
        let element = self.element(finding);
        let missing = element
            .filter(|_| finding.rule == id::MISSING_REQUIRED_ELEMENT)
            .and_then(|parent| {
                // Findings about one element come in the order of its members.
                let told = self.told.entry(parent.id()).or_default();
                *told += 1;
                missing_members(parent).nth(*told - 1)
            });
        Subject { element, missing }
    }

    /// The innermost element around the place of a finding.
    fn element(&self, finding: &Finding) -> Option<Element<'d>> {
        let document = self.document?;
        let at = finding.span.start;
        let before = document.nodes.partition_point(|node| node.span.start <= at);
        let mut element = document.element(before.checked_sub(1)? as u32);
        while !element.span().contains(at) {
            element = element.parent()?;
        }
        Some(element)
    }
}

/// The members that a structure requires and lacks, without those of which another rule speaks.
fn missing_members(parent: Element<'_>) -> impl Iterator<Item = &'static Member> {
    let version = parent.document().version();
    let members = parent.shape().map_or(&[][..], |shape| shape.members());
    let unwrapped = parent.children().any(|child| child.node().position > 0);
    members.iter().filter(move |member| {
        member.is_required(version)
            && member.name != "Origin"
            && !(unwrapped && member.name == "Items")
            && parent.get(member.id).is_none()
    })
}

/// What a message is about.
struct Subject<'d> {
    element: Option<Element<'d>>,
    /// A member that `element` lacks.
    missing: Option<&'static Member>,
}

impl<'d> Subject<'d> {
    /// The message for a finding; none where the service's words are not known.
    fn words(&self, finding: &Finding) -> Option<String> {
        self.fill(self.message(finding)?.text)
    }

    /// What is too long may have the wrong form as well: people are told of its length, but the service tells both.
    fn wrong_form(&self, finding: &Finding) -> Option<Finding> {
        let element = self
            .element
            .filter(|_| finding.rule == id::INVALID_LENGTH)?;
        let Kind::String { patterns, .. } = element.shape()?.kind else {
            return None;
        };
        rules::invalid_pattern::check(element, trimmed(element.value()), patterns)
    }

    /// The first row of the finding's rule that fits.
    fn message(&self, finding: &Finding) -> Option<&'static Message> {
        let rule = finding.rule.name();
        let code = finding.api_error?.code;
        let first = MESSAGES.partition_point(|row| row.rule < rule);
        let rows = MESSAGES.iter().skip(first);
        rows.take_while(|row| row.rule == rule)
            .filter(|row| row.codes.is_empty() || row.codes.contains(&code))
            .find(|row| self.fits(row, finding))
    }

    fn fits(&self, row: &Message, finding: &Finding) -> bool {
        let Some(element) = self.element else {
            return row.elements.is_empty()
                && row.lacks.is_none()
                && row.value.is_none()
                && row.bound.is_none()
                && !row.list;
        };
        let value = trimmed(element.value());
        row.versions.contains(element.document().version())
            && (row.elements.is_empty() || row.elements.contains(&element.name()))
            // Several findings may speak of what one element lacks, each of other members.
            && row.lacks.is_none_or(|name| finding.message.contains(name))
            && row.value.as_ref().is_none_or(|form| form.matches(value))
            && row.bound.is_none_or(|bound| self.breaks(bound, value))
            && (!row.list || self.list().is_some())
    }

    /// Whether the value is too short or too long.
    fn breaks(&self, bound: &str, value: &str) -> bool {
        let Some(shape) = self.element.and_then(Element::shape) else {
            return false;
        };
        let (length, bounds) = (value.chars().count() as i64, shape.bounds());
        match bound {
            "min" => bounds.min.is_some_and(|min| length < min),
            _ => bounds.max.is_some_and(|max| length > max),
        }
    }

    /// The list of plain values that the element is an item of.
    fn list(&self) -> Option<Element<'d>> {
        let element = self.element.filter(|e| e.node().position > 0)?;
        let list = element.parent()?;
        let scalar = element.shape().is_some_and(|shape| shape.is_scalar());
        let is_list = matches!(list.shape().map(|s| &s.kind), Some(Kind::List { .. }));
        (scalar && is_list).then_some(list)
    }

    /// The text with what its placeholders stand for; none where one of them stands for nothing that may be shown.
    fn fill(&self, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            out.push_str(before);
            out.push_str(&self.value_of(name)?);
            rest = after;
        }
        out.push_str(rest);
        Some(out)
    }

    fn value_of(&self, placeholder: &str) -> Option<String> {
        let element = self.element?;
        let shape = element.shape();
        let version = element.document().version();
        Some(match placeholder {
            "element" => element.shown_name().to_owned(),
            "parent" => element.parent()?.shown_name().to_owned(),
            "value" => self.shown_value()?,
            "count" => element.parent()?.items().count().to_string(),
            "path" => self.path(element),
            "values" => {
                let known = shape?.values().iter();
                let known = known.filter(|value| value.versions.contains(version));
                known
                    .map(|value| value.value)
                    .collect::<Vec<_>>()
                    .join(", ")
            }
            "min" => shape?.bounds().min?.to_string(),
            "max" => shape?.bounds().max?.to_string(),
            "pattern" => shape?.pattern(version)?.to_owned(),
            _ => return None,
        })
    }

    /// The value of the element, or of the list that it is in.
    fn shown_value(&self) -> Option<String> {
        let element = self.element.filter(|e| !e.is_sensitive())?;
        let Some(list) = self.list() else {
            return Some(trimmed(element.value()).to_owned());
        };
        let items: Vec<&str> = list.children().map(|item| trimmed(item.value())).collect();
        Some(format!("[{}]", items.join(", ")))
    }

    /// The place of the finding itself, which in a list is that of the item.
    fn api_path(&self, finding: &Finding) -> Option<String> {
        let element = self.element?;
        let is_sent = !element.document().is_response() && !finding.element.is_empty();
        let path = is_sent.then(|| self.with_missing(element.api_path()));
        path.filter(|path| !path.is_empty())
    }

    /// The place that the message names.
    fn path(&self, element: Element<'_>) -> String {
        self.with_missing(self.list().unwrap_or(element).api_path())
    }

    fn with_missing(&self, mut path: String) -> String {
        if let Some(member) = self.missing {
            push_step(member.name, &mut path);
        }
        path
    }
}
