//! The documents that continuous deployment makes of others: the staging distribution that a copy makes, and the primary
//! distribution that a promotion makes. Nothing is called: texts are made of texts.
//!
//! What the service does is documented for the promotion; that a copy drops aliases and the policy, rather than refuse
//! a primary distribution that has them, is inferred from it.

use std::fmt;

use crate::check::{self, Settings, trimmed};
use crate::compare::configuration;
use crate::document::{Document, Element};
use crate::edit::{Base, Content, Splice, Woven, escaped};
use crate::schema::{NameId, Shape, name};
use crate::source::{Position, Source, Span};

/// A document from which another is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The distribution that serves viewers.
    Primary,
    /// The distribution that tries out changes.
    Staging,
    /// The `CopyDistributionRequest`.
    Request,
}

/// A document that was made of others.
#[derive(Debug)]
pub struct Made {
    source: Source,
    bytes: Vec<u8>,
    /// From the text to the documents as they stand alone.
    woven: Woven<Role>,
    /// From those to the files.
    alone: Vec<(Role, Woven<()>)>,
}

/// Why nothing was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMade {
    /// The document that does not allow it.
    pub role: Role,
    /// Why, as a short phrase.
    pub message: String,
    /// Where in that document; none if it is about all of it.
    pub position: Option<Position>,
}

impl fmt::Display for NotMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = match self.role {
            Role::Primary => "the primary distribution",
            Role::Staging => "the staging distribution",
            Role::Request => "the request",
        };
        write!(f, "{role} {}", self.message)
    }
}

impl std::error::Error for NotMade {}

impl Made {
    /// Its text. All spans of findings about it are bytes into it.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The bytes of a file with it, in the encoding of the document that it was made of.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The document in which somebody wrote a part of the text, and its place there. What was put in new stands where
    /// it was put.
    pub fn origin(&self, span: Span) -> Option<(Role, Span)> {
        let (role, span) = self.woven.origin(span)?;
        let alone = self.alone.iter().find(|(of, _)| *of == role);
        match alone {
            Some((_, woven)) => woven.origin(span).map(|((), span)| (role, span)),
            None => Some((role, span)),
        }
    }
}

/// Makes the staging distribution that `CopyDistribution` would make: the configuration of the primary distribution
/// with the caller reference of the request, `Staging`, no aliases and no continuous deployment policy, and enabled
/// unless the request says otherwise. All else stays byte for byte as it was.
///
/// `primary` may be an answer of the API: its configuration is copied. That a copy drops aliases and the policy is
/// inferred.
///
/// ```
/// use cloudfront_lint::{Settings, Source, read, staging_of};
///
/// let primary = Source::from_bytes("primary.xml", br#"<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
///   <CallerReference>shop</CallerReference> <!-- never change it -->
///   <Comment>the shop</Comment>
///   <Enabled>true</Enabled>
/// </DistributionConfig>
/// "#.to_vec());
/// let request = Source::from_bytes("copy.xml", br#"<CopyDistributionRequest xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
///   <CallerReference>shop-staging</CallerReference>
///   <Enabled>false</Enabled>
/// </CopyDistributionRequest>
/// "#.to_vec());
/// let settings = Settings::default();
/// let made = staging_of(
///     &read(&primary, &settings).unwrap(),
///     &read(&request, &settings).unwrap(),
/// )?;
/// assert_eq!(made.source().text(), r#"<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
///   <CallerReference>shop-staging</CallerReference> <!-- never change it -->
///   <Comment>the shop</Comment>
///   <Enabled>false</Enabled>
///   <Staging>true</Staging>
/// </DistributionConfig>
/// "#);
/// # Ok::<(), cloudfront_lint::NotMade>(())
/// ```
///
/// # Errors
/// The primary document configures no distribution, or is of an API version that has no copies; the request is no
/// `CopyDistributionRequest` with a caller reference.
pub fn staging_of(primary: &Document<'_>, request: &Document<'_>) -> Result<Made, NotMade> {
    let call = request.root();
    let reference = call
        .get(name::CALLER_REFERENCE)
        .filter(|_| call.name() == "CopyDistributionRequest")
        .filter(|reference| !trimmed(reference.value()).is_empty())
        .ok_or_else(|| not_made(Role::Request, "has no CallerReference"))?;
    let is_off = |enabled: Element<'_>| trimmed(enabled.value()).eq_ignore_ascii_case("false");
    let wants_enabled = !call.get(name::ENABLED).is_some_and(is_off);
    let alone = Alone::of(Role::Primary, primary)?;
    let document = alone.read(Role::Primary)?;
    let config = document.root();
    let base = alone.base(Role::Primary);
    let from = Base {
        file: Role::Request,
        source: request.source(),
    };
    let policy = config.get(name::CONTINUOUS_DEPLOYMENT_POLICY_ID);
    let removed: Vec<Element<'_>> = policy.filter(is_filled).into_iter().collect();
    let mut splices: Vec<_> = removed.iter().map(|own| base.remove(*own)).collect();
    splices.push(match config.get(name::CALLER_REFERENCE) {
        Some(own) => base.set_value(own, value_of(from, reference)),
        None => {
            let content = Content::Element(from, reference);
            base.insert(config, name::CALLER_REFERENCE, &content, &removed)
        }
    });
    splices.extend(without_aliases(base, config));
    for (name, wanted) in [(name::ENABLED, wants_enabled), (name::STAGING, true)] {
        let value = if wanted { "true" } else { "false" };
        splices.extend(match config.get(name) {
            Some(own) if is_true(own) == wanted => None,
            Some(own) => Some(base.set_value(own, base.fresh(value, own.subject_span()))),
            None => Some(base.insert(config, name, &Content::Value(name, value), &removed)),
        });
    }
    made(base, splices, vec![(Role::Primary, &alone)])
}

/// Makes the primary distribution that `UpdateDistributionWithStagingConfig` would make: the configuration of the
/// staging distribution with the aliases and the continuous deployment policy of the primary one, and with its caller
/// reference and its `Staging`, which cannot change. All else stays byte for byte as in the staging document.
///
/// Each may be an answer of the API.
///
/// ```
/// use cloudfront_lint::{Role, Settings, Source, Span, promoted, read};
///
/// let document = |name: &str, members: &str| {
///     let text = format!(r#"<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
/// {members}</DistributionConfig>"#);
///     Source::from_bytes(name, text.into_bytes())
/// };
/// let primary = document("primary.xml", "  <CallerReference>shop</CallerReference>\n  <Comment>old</Comment>\n");
/// let staging = document(
///     "staging.xml",
///     "  <CallerReference>copy</CallerReference>\n  <Comment>new</Comment>\n  <Staging>true</Staging>\n",
/// );
/// let settings = Settings::default();
/// let made = promoted(
///     &read(&primary, &settings).unwrap(),
///     &read(&staging, &settings).unwrap(),
/// )?;
/// assert_eq!(
///     made.source().text(),
///     document("", "  <CallerReference>shop</CallerReference>\n  <Comment>new</Comment>\n").text()
/// );
/// // Each part of it leads back to the file that it is from.
/// let at = made.source().text().find("shop").unwrap() as u32;
/// let (role, span) = made.origin(Span::new(at, at + 4)).unwrap();
/// assert_eq!((role, primary.slice(span)), (Role::Primary, "shop"));
/// # Ok::<(), cloudfront_lint::NotMade>(())
/// ```
///
/// # Errors
/// One of the documents configures no distribution, or is of an API version that has no staging distributions.
pub fn promoted(primary: &Document<'_>, staging: &Document<'_>) -> Result<Made, NotMade> {
    let kept_alone = Alone::of(Role::Primary, primary)?;
    let alone = Alone::of(Role::Staging, staging)?;
    let kept = kept_alone.read(Role::Primary)?;
    let document = alone.read(Role::Staging)?;
    let (base, from) = (alone.base(Role::Staging), kept_alone.base(Role::Primary));
    let config = document.root();
    let kept = |name: NameId| kept.root().get(name);
    let own = KEPT_BY_PROMOTION.map(|name| (name, config.get(name)));
    let removed: Vec<Element<'_>> = own
        .iter()
        .filter_map(|(name, own)| own.filter(|own| kept(*name).is_none() && says_something(*own)))
        .collect();
    let mut splices: Vec<_> = removed.iter().map(|own| base.remove(*own)).collect();
    for (name, own) in own {
        splices.extend(match (own, kept(name)) {
            (Some(own), Some(kept)) => Some(base.replace(own, from, kept)),
            (None, Some(kept)) => {
                let content = Content::Element(from, kept);
                Some(base.insert(config, name, &content, &removed))
            }
            (_, None) => None,
        });
    }
    let files = vec![(Role::Staging, &alone), (Role::Primary, &kept_alone)];
    made(base, splices, files)
}

/// What the primary distribution keeps; of the first and the last the documentation does not speak, but an update can
/// change neither.
const KEPT_BY_PROMOTION: [NameId; 4] = [
    name::CALLER_REFERENCE,
    name::ALIASES,
    name::CONTINUOUS_DEPLOYMENT_POLICY_ID,
    name::STAGING,
];

fn not_made(role: Role, message: impl Into<String>) -> NotMade {
    NotMade {
        role,
        message: message.into(),
        position: None,
    }
}

fn made(
    base: Base<'_, Role>,
    splices: Vec<Splice<'_, Role>>,
    files: Vec<(Role, &Alone<'_>)>,
) -> Result<Made, NotMade> {
    // Each change is of another member of the configuration, so none overlap.
    let woven = base
        .weave(splices)
        .ok_or_else(|| not_made(base.file, "cannot be edited"))?;
    let first = files.first().map_or(base.source, |(_, alone)| alone.file);
    let bytes = first.encode(&woven.text);
    let alone = files
        .into_iter()
        .filter_map(|(role, alone)| Some((role, alone.woven()?.clone())));
    Ok(Made {
        source: Source::from_bytes(first.name(), bytes.clone()),
        bytes,
        alone: alone.collect(),
        woven,
    })
}

/// The configuration of a distribution with nothing around it.
struct Alone<'s> {
    file: &'s Source,
    /// What was made of it, if there was something around.
    text: Option<(Source, Woven<()>)>,
    settings: Settings,
}

impl<'s> Alone<'s> {
    fn of<'d: 's>(role: Role, document: &'d Document<'_>) -> Result<Alone<'s>, NotMade> {
        let config = match document.recognised() {
            Some(_) => configuration(document),
            None => document.root(),
        };
        if config.name() != "DistributionConfig" || config.shape().is_none() {
            return Err(not_made(role, "is no configuration of a distribution"));
        }
        let version = document.version();
        let members = config.shape().map_or(&[][..], Shape::members);
        let staging = members.iter().find(|member| member.id == name::STAGING);
        if staging.is_none_or(|member| member.shape_in(version).is_none()) {
            let message = format!(
                "is written for API version {version}, which has no staging distributions: get it with 2020-05-31"
            );
            return Err(not_made(role, message));
        }
        let file = document.source();
        let base = Base {
            file: (),
            source: file,
        };
        let text = match config.parent() {
            Some(_) => {
                let whole = Splice {
                    span: document.root().span(),
                    pieces: base.alone(config),
                };
                let woven = base.weave(vec![whole]);
                let woven = woven.ok_or_else(|| not_made(role, "cannot be edited"))?;
                let source = Source::from_bytes(file.name(), file.encode(&woven.text));
                Some((source, woven))
            }
            None => None,
        };
        let mut settings = Settings {
            api_version: Some(version),
            ..Settings::default()
        };
        // It was read before.
        settings.limits.max_size = u64::MAX;
        settings.limits.max_depth = usize::MAX;
        settings.limits.max_attributes = usize::MAX;
        settings.limits.max_namespaces = usize::MAX;
        settings.limits.max_nodes = usize::MAX;
        Ok(Alone {
            file,
            text,
            settings,
        })
    }

    fn source(&self) -> &Source {
        self.text.as_ref().map_or(self.file, |(source, _)| source)
    }

    fn woven(&self) -> Option<&Woven<()>> {
        self.text.as_ref().map(|(_, woven)| woven)
    }

    fn base(&self, role: Role) -> Base<'_, Role> {
        Base {
            file: role,
            source: self.source(),
        }
    }

    fn read(&self, role: Role) -> Result<Document<'_>, NotMade> {
        check::read(self.source(), &self.settings)
            .map_err(|finding| not_made(role, finding.message))
    }
}

/// The value of an element as it is written; new if a comment or a marked section stands in it.
fn value_of<'s>(from: Base<'s, Role>, element: Element<'_>) -> crate::edit::Piece<'s, Role> {
    let written = element.value_span();
    match from.source.slice(written).contains('<') {
        true => from.fresh(escaped(trimmed(element.value())), written),
        false => from.taken(written),
    }
}

/// An empty list stays an element, which updates must have.
fn without_aliases<'s>(base: Base<'s, Role>, config: Element<'_>) -> Vec<Splice<'s, Role>> {
    let Some(aliases) = config.get(name::ALIASES) else {
        return Vec::new();
    };
    let Some(items) = aliases.get(name::ITEMS) else {
        return Vec::new();
    };
    let quantity = aliases.get(name::QUANTITY);
    let zero = quantity.map(|quantity| {
        let none = base.fresh("0", quantity.subject_span());
        base.set_value(quantity, none)
    });
    zero.into_iter().chain([base.remove(items)]).collect()
}

pub(crate) fn is_true(element: Element<'_>) -> bool {
    trimmed(element.value()).eq_ignore_ascii_case("true")
}

/// Whether a member is more than another way to say that there is none.
fn says_something(own: Element<'_>) -> bool {
    match own.node().known_as {
        name::ALIASES => own.items().next().is_some(),
        name::STAGING => is_true(own),
        _ => is_filled(&own),
    }
}

fn is_filled(element: &Element<'_>) -> bool {
    !trimmed(element.value()).is_empty()
}
