//! What one document says that another may contradict: small, and free of its text.

use std::cell::Cell;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::groups::{Key, key_after};
use crate::check::trimmed;
use crate::document::{Document, Element};
use crate::rule::Operation;
use crate::rules::template_leftover::is_unknown;
use crate::schema::{ApiVersion, name};
use crate::source::Span;
use crate::vocabulary::Check;

/// Facts of one check among which an equal one is looked for, so that a policy that all behaviors name is noted once.
const LOOKED_BACK: usize = 8;
/// Most documents have no more facts.
pub(super) const USUAL_FACTS: usize = 16;
/// Nor have these more bytes of text.
pub(super) const USUAL_TEXT: usize = 512;

/// What a document configures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A web distribution.
    Web,
    /// A streaming distribution.
    Streaming,
    /// A staging distribution that is to be made from its primary one.
    Copy,
    /// An invalidation.
    Invalidation,
    /// A continuous deployment policy.
    Policy,
}

/// What a fact is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About {
    /// `Id` beside the configuration in an answer of the API.
    Id,
    /// `ARN` beside it.
    Arn,
    /// `DomainName` beside it: the name in cloudfront.net, in lower case.
    OwnName,
    /// `CallerReference`.
    Reference,
    /// An alternate domain name, in lower case.
    Alias,
    /// `DomainName` of an origin, in lower case.
    Origin,
    /// The certificate for viewers.
    Certificate,
    /// The same certificate, if it has IP addresses of its own; the place is that of `SSLSupportMethod`.
    Dedicated,
    /// `HttpVersion`, in lower case.
    HttpVersion,
    /// `Staging` is true.
    Staging,
    /// `ConnectionMode` is tenant-only.
    TenantOnly,
    /// The first Lambda@Edge function.
    Lambda,
    /// The name of the configuration's element.
    Config,
    /// A value that a check counts in all documents.
    Shared(&'static Check),
}

/// The number of all [`About::Shared`].
const SHARED: usize = 12;

impl About {
    /// A number of its own, but for one that all of [`About::Shared`] have.
    pub(super) fn number(self) -> usize {
        match self {
            About::Id => 0,
            About::OwnName => 1,
            About::Reference => 2,
            About::Alias => 3,
            About::Origin => 4,
            About::Certificate => 5,
            About::Dedicated => 6,
            About::HttpVersion => 7,
            About::Staging => 8,
            About::TenantOnly => 9,
            About::Lambda => 10,
            About::Config => 11,
            About::Shared(_) => SHARED,
            About::Arn => 13,
        }
    }

    fn bit(self) -> u16 {
        1 << self.number()
    }

    /// Whether documents are looked up by such a fact.
    pub(super) fn is_looked_up(self) -> bool {
        use About::{Alias, Certificate, Dedicated, Origin, OwnName, Reference};
        matches!(
            self,
            OwnName | Reference | Alias | Origin | Certificate | Dedicated
        )
    }
}

impl PartialEq for About {
    fn eq(&self, other: &About) -> bool {
        match (self, other) {
            (About::Shared(one), About::Shared(other)) => std::ptr::eq(*one, *other),
            _ => self.bit() == other.bit(),
        }
    }
}

/// One fact.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    pub(crate) about: About,
    /// Bytes of [`Facts::text`].
    text: (u32, u32),
    /// Where it stands in the document.
    pub(crate) span: Span,
}

/// What a document is, and about what it has facts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) kind: Kind,
    /// What the document is sent for.
    pub(crate) operation: Operation,
    pub(crate) version: ApiVersion,
    /// Of the whole text: whether a file that is read again is still the same.
    pub(crate) fingerprint: u64,
    /// The bits of what its facts are about: few documents have facts of each kind.
    has: u16,
}

impl Head {
    /// Whether there are any facts about one thing.
    pub(crate) fn has(&self, about: About) -> bool {
        self.has & about.bit() != 0
    }

    /// Whether checks count anything of it in all documents.
    pub(super) fn has_shared(&self) -> bool {
        self.has >> SHARED & 1 == 1
    }
}

/// The facts of one document while they are gathered.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(super) head: Head,
    /// The texts of all facts.
    pub(super) text: String,
    pub(super) facts: Vec<Fact>,
}

/// The facts of one document among those of others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said<'a> {
    pub(super) head: &'a Head,
    pub(super) text: &'a str,
    pub(super) facts: &'a [Fact],
    /// Of its kind, its reference and its path below the directory that was given, if it has such a path.
    pub(super) path: Option<Key>,
}

impl std::ops::Deref for Said<'_> {
    type Target = Head;

    fn deref(&self) -> &Head {
        self.head
    }
}

impl Facts {
    /// Reads what the document says of itself; none if it configures nothing that others could contradict.
    pub(crate) fn of(document: &Document<'_>, operation: Operation) -> Option<Facts> {
        let (config, kind) = configuration(document.payload())?;
        let (text, facts) = SPARE.take().unwrap_or_else(|| {
            let text = String::with_capacity(USUAL_TEXT);
            (text, Vec::with_capacity(USUAL_FACTS))
        });
        let mut facts = Facts {
            head: Head {
                kind,
                operation,
                version: document.version(),
                fingerprint: fingerprint(document.text),
                has: 0,
            },
            text,
            facts,
        };
        facts.push(About::Config, "", config.name_span());
        facts.read_wrapper(document);
        facts.read_config(config);
        Some(facts)
    }

    fn read_wrapper(&mut self, document: &Document<'_>) {
        if !document.is_response() {
            return;
        }
        for child in document.root().children() {
            match child.name() {
                "Id" => self.note(About::Id, child),
                "ARN" => self.note(About::Arn, child),
                "DomainName" => self.note_lower(About::OwnName, child),
                _ => {}
            }
        }
    }

    fn read_config(&mut self, config: Element<'_>) {
        for child in config.children() {
            match child.node().known_as {
                name::CALLER_REFERENCE => self.note(About::Reference, child),
                name::CNAME => self.note_lower(About::Alias, child),
                name::ALIASES => {
                    for alias in child.items() {
                        self.note_lower(About::Alias, alias);
                    }
                }
                name::ORIGINS => {
                    let domains = child.items().filter_map(|o| o.get(name::DOMAIN_NAME));
                    for domain in domains {
                        self.note_lower(About::Origin, domain);
                    }
                }
                name::VIEWER_CERTIFICATE => self.read_certificate(child),
                name::HTTP_VERSION => self.note_lower(About::HttpVersion, child),
                name::STAGING if trimmed(child.value()) == "true" => {
                    self.note(About::Staging, child);
                }
                name::CONNECTION_MODE if trimmed(child.value()) == "tenant-only" => {
                    self.note(About::TenantOnly, child);
                }
                _ => {}
            }
        }
    }

    fn read_certificate(&mut self, viewer: Element<'_>) {
        let certificates = [
            name::ACM_CERTIFICATE_ARN,
            name::IAM_CERTIFICATE_ID,
            name::CERTIFICATE,
        ];
        let known = |name| viewer.get(name).filter(|c: &Element<'_>| is_known(*c));
        let Some(certificate) = certificates.into_iter().find_map(known) else {
            return;
        };
        self.note(About::Certificate, certificate);
        let method = viewer.get(name::SSL_SUPPORT_METHOD);
        if let Some(method) = method.filter(|method| trimmed(method.value()) == "vip") {
            let value = trimmed(certificate.value());
            self.push(About::Dedicated, value, method.subject_span());
        }
    }

    /// Notes the value of an element, unless it is empty or a template will fill it in.
    pub(crate) fn note(&mut self, about: About, element: Element<'_>) {
        if is_known(element) {
            self.push(about, trimmed(element.value()), element.subject_span());
        }
    }

    fn note_lower(&mut self, about: About, element: Element<'_>) {
        let start = self.text.len();
        self.note(about, element);
        self.text[start..].make_ascii_lowercase();
    }

    /// Notes what a check counts in all documents: each value once, as far as that is cheap to see.
    pub(crate) fn share(&mut self, check: &'static Check, element: Element<'_>) {
        let (about, value) = (About::Shared(check), trimmed(element.value()));
        let text = &self.text[..];
        let same = |known: &Fact| known.about == about && text_of(known, text) == value;
        if !self.facts.iter().rev().take(LOOKED_BACK).any(same) {
            self.push(about, value, element.subject_span());
        }
    }

    /// Notes that the document has something; once is enough.
    pub(crate) fn note_once(&mut self, about: About, element: Element<'_>) {
        if !self.head.has(about) {
            self.note(about, element);
        }
    }

    fn push(&mut self, about: About, text: &str, span: Span) {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        let text = (start, self.text.len() as u32);
        self.head.has |= about.bit();
        self.facts.push(Fact { about, text, span });
    }

    /// What was gathered so far.
    pub(super) fn said(&self) -> Said<'_> {
        Said {
            head: &self.head,
            text: &self.text,
            facts: &self.facts,
            path: None,
        }
    }
}

impl Drop for Facts {
    fn drop(&mut self) {
        let mut text = std::mem::take(&mut self.text);
        let mut facts = std::mem::take(&mut self.facts);
        text.clear();
        facts.clear();
        SPARE.set(Some((text, facts)));
    }
}

thread_local! {
    /// Room for the facts of the thread's next document.
    static SPARE: Cell<Option<(String, Vec<Fact>)>> = const { Cell::new(None) };
}

impl<'a> Said<'a> {
    /// A fact by its number.
    pub(crate) fn fact(self, number: usize) -> &'a Fact {
        &self.facts[number]
    }

    /// Those about one thing, with their numbers.
    pub(crate) fn about(self, about: About) -> impl Iterator<Item = (usize, &'a Fact)> {
        let facts = match self.has(about) {
            true => self.facts,
            false => &[],
        };
        let numbered = facts.iter().enumerate();
        numbered.filter(move |(_, fact)| fact.about == about)
    }

    /// Those that checks count in all documents, with their numbers.
    pub(crate) fn shared(self) -> impl Iterator<Item = (usize, &'static Check)> {
        let facts = match self.has_shared() {
            true => self.facts,
            false => &[],
        };
        facts
            .iter()
            .enumerate()
            .filter_map(|(number, fact)| match fact.about {
                About::Shared(check) => Some((number, check)),
                _ => None,
            })
    }

    /// The text of the first fact about one thing.
    pub(crate) fn get(self, about: About) -> Option<&'a str> {
        let (_, fact) = self.about(about).next()?;
        Some(self.text_of(fact))
    }

    /// The account of the distribution, if the document shows it: certificates and functions of others cannot be used.
    pub(crate) fn account(&self) -> Option<&str> {
        let arns = [About::Arn, About::Certificate, About::Lambda];
        let arns = arns.into_iter().filter_map(|about| self.get(about));
        let accounts = arns.filter_map(|arn| arn.strip_prefix("arn:")?.split(':').nth(3));
        let mut numbers =
            accounts.filter(|a| a.len() == 12 && a.bytes().all(|b| b.is_ascii_digit()));
        numbers.next()
    }

    /// The text of a fact.
    pub(crate) fn text_of(self, fact: &Fact) -> &'a str {
        text_of(fact, self.text)
    }
}

/// What is configured: the payload itself, or what stands beside tags.
fn configuration(payload: Element<'_>) -> Option<(Element<'_>, Kind)> {
    let tagged = [
        name::DISTRIBUTION_CONFIG,
        name::STREAMING_DISTRIBUTION_CONFIG,
    ];
    let inner = || tagged.into_iter().find_map(|inner| payload.get(inner));
    match kind_of(payload) {
        Some(kind) => Some((payload, kind)),
        None => inner().and_then(|config| Some((config, kind_of(config)?))),
    }
}

/// The text of a fact; `texts` are those of all facts of its document.
pub(super) fn text_of<'t>(fact: &Fact, texts: &'t str) -> &'t str {
    texts
        .get(fact.text.0 as usize..fact.text.1 as usize)
        .unwrap_or_default()
}

fn kind_of(config: Element<'_>) -> Option<Kind> {
    Some(match config.name() {
        "DistributionConfig" => Kind::Web,
        "StreamingDistributionConfig" => Kind::Streaming,
        "CopyDistributionRequest" => Kind::Copy,
        "InvalidationBatch" => Kind::Invalidation,
        "ContinuousDeploymentPolicyConfig" => Kind::Policy,
        _ => return None,
    })
}

fn is_known(element: Element<'_>) -> bool {
    !trimmed(element.value()).is_empty() && !element.is_sensitive() && !is_unknown(element)
}

/// A number that two texts share only if they are the same, as far as chance goes. Every document pays for it, so it
/// takes 64 bytes at a time, and two words with one multiplication.
pub(crate) fn fingerprint(text: &str) -> u64 {
    // As bytes, neither stands in a text of XML, so that no factor is zero and swallows the other.
    const ODD: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93];
    // No product waits for the one before it.
    let step = |lane: u64, [one, two]: [[u8; 8]; 2]| {
        let one = u64::from_le_bytes(one) ^ ODD[0];
        let two = u64::from_le_bytes(two) ^ ODD[1];
        let product = u128::from(one) * u128::from(two);
        (product >> 64) as u64 ^ product as u64 ^ lane.rotate_left(29)
    };
    let mut lanes = [1, 2, 3, 4];
    let (blocks, rest) = text.as_bytes().as_chunks::<64>();
    for block in blocks {
        let words = block.as_chunks::<8>().0.as_chunks::<2>().0;
        for (lane, words) in lanes.iter_mut().zip(words) {
            *lane = step(*lane, *words);
        }
    }
    let [a, b, c, d] = lanes;
    let whole = [b, c, d, text.len() as u64].map(u64::to_le_bytes);
    key_after(key_after(a, whole.as_flattened()), rest)
}

/// A number that two documents share only if they configure the same: tags, blanks, comments and the order of elements do not
/// count, but for cache behaviors, whose order has a meaning, and neither do quantities.
pub(crate) fn meaning(document: &Document<'_>) -> u64 {
    let (config, _) = configuration(document.payload()).unwrap_or((document.payload(), Kind::Web));
    let first = config.id();
    let mut inside = vec![0u64; (config.node().end - first) as usize];
    // Children stand behind their parent, so each is complete when it is reached from the end.
    for id in (first..config.node().end).rev() {
        let element = document.element(id);
        let mut hasher = DefaultHasher::new();
        let children = inside[(id - first) as usize];
        (element.name(), trimmed(element.value()), children).hash(&mut hasher);
        let own = hasher.finish();
        // A count says what can be counted.
        let says = id > first && element.name() != "Quantity";
        if let Some(parent) = element.parent().filter(|_| says) {
            let sum = &mut inside[(parent.id() - first) as usize];
            *sum = match element.name() {
                "CacheBehavior" => sum.rotate_left(5).wrapping_mul(3).wrapping_add(own),
                _ => sum.wrapping_add(own),
            };
        }
    }
    let (element, children) = (config.name(), inside.first());
    let mut hasher = DefaultHasher::new();
    (element, children).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{Settings, Source, read};

    #[test]
    fn any_change_changes_the_fingerprint() {
        let text = "0123456789".repeat(20);
        let whole = fingerprint(&text);
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] = b'x';
            assert_ne!(fingerprint(std::str::from_utf8(&other).unwrap()), whole);
            assert_ne!(fingerprint(&text[..at]), whole);
        }
    }

    fn meaning_of(text: &str) -> u64 {
        let source = Source::from_bytes("a.xml", text.as_bytes().to_vec());
        meaning(&read(&source, &Settings::default()).unwrap())
    }

    #[test]
    fn the_meaning_is_not_the_form() {
        let one =
            "<DistributionConfig><Comment>a</Comment><Enabled>true</Enabled></DistributionConfig>";
        let other = "<DistributionConfig>\n  <Enabled> true </Enabled><!-- x -->\n<Comment>a</Comment></DistributionConfig>";
        assert_eq!(meaning_of(one), meaning_of(other));
        assert_ne!(meaning_of(one), meaning_of(&one.replace(">a<", ">b<")));
        let wrapped = format!("<Distribution><Id>E1</Id>{one}</Distribution>");
        assert_eq!(meaning_of(one), meaning_of(&wrapped));
    }

    #[test]
    fn the_order_of_behaviors_counts() {
        let behavior = |path: &str| {
            format!("<CacheBehavior><PathPattern>{path}</PathPattern></CacheBehavior>")
        };
        let behaviors = |one: &str, two: &str| {
            format!(
                "<DistributionConfig><CacheBehaviors><Items>{}{}</Items></CacheBehaviors></DistributionConfig>",
                behavior(one),
                behavior(two)
            )
        };
        assert_ne!(
            meaning_of(&behaviors("/a", "/b")),
            meaning_of(&behaviors("/b", "/a"))
        );
        let aliases = |one: &str, two: &str| {
            format!(
                "<DistributionConfig><Aliases><Items><CNAME>{one}</CNAME><CNAME>{two}</CNAME></Items></Aliases>\
                 </DistributionConfig>"
            )
        };
        assert_eq!(
            meaning_of(&aliases("a", "b")),
            meaning_of(&aliases("b", "a"))
        );
    }
}
