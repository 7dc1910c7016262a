//! The dry runs of continuous deployment: copying a primary distribution, and promoting a staging distribution.

use std::sync::Arc;

use super::place::Places;
use super::{
    Answering, Call, Fault, Refusal, Response, Unknown, dry_run, is_certain, losses, stage_of,
    unknown,
};
use crate::check::{self, Beside, Older, Primary, Settings};
use crate::compare::configuration;
use crate::document::Document;
use crate::finding::{ApiError, Confidence, Finding};
use crate::rule::{ErrorCode, Operation, Stage, id};
use crate::rules;
use crate::schema::name;
use crate::source::Source;
use crate::staging::{Made, NotMade, Role, promoted, staging_of};

/// What the service would answer, and what it would make.
#[derive(Debug)]
pub struct Rehearsal {
    /// The answer. All places name their file.
    pub response: Response,
    /// The document of the distribution afterwards; none if the request does not allow to make it.
    pub made: Option<Made>,
}

const COPY: &str = "CopyDistribution";
const PROMOTE: &str = "UpdateDistributionWithStagingConfig";

/// Says what `CopyDistribution` would answer: to the request, and for what it would make of the primary distribution.
///
/// The primary document is taken for the configuration that the distribution has; it may be an answer of the API. That
/// aliases and the policy are dropped, rather than refused, is inferred.
///
/// ```
/// use std::sync::Arc;
/// use cloudfront_lint::{Settings, Source, Verdict, dry_run_copy};
///
/// # let text = include_bytes!("../../testdata/valid/continuous-deployment-primary.xml").to_vec();
/// let primary = Arc::new(Source::from_bytes("primary.xml", text));
/// let request = Source::from_bytes("copy.xml", br#"<CopyDistributionRequest xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
///   <CallerReference>try-out</CallerReference>
/// </CopyDistributionRequest>"#.to_vec());
/// let rehearsal = dry_run_copy(&primary, &request, &Settings::default())?;
/// assert_eq!(rehearsal.response.verdict(), Verdict::Accepted);
/// assert_eq!(rehearsal.response.status(), Some(201));
/// let made = rehearsal.made.unwrap();
/// assert!(made.source().text().contains("<CallerReference>try-out</CallerReference>"));
/// # Ok::<(), cloudfront_lint::NotMade>(())
/// ```
///
/// # Errors
/// A document cannot be read, or the primary one is none that a distribution can have.
pub fn dry_run_copy(
    primary: &Arc<Source>,
    request: &Source,
    settings: &Settings,
) -> Result<Rehearsal, NotMade> {
    let call = Call::named(COPY).unwrap_or(Operation::Copy.into());
    let mut response = dry_run(call, request, None, settings)
        .map_err(|finding| unreadable(Role::Request, request, &finding))?;
    in_file(&mut response, request.name());
    let copied = read(Role::Primary, primary, settings)?;
    let made = match check::read(request, settings) {
        Ok(sent) if !response.cut_short => staging_of(&copied, &sent),
        _ => {
            return Ok(Rehearsal {
                response,
                made: None,
            });
        }
    };
    let mut own = rules::unfit_primary::report(&copied);
    rules::answer(&copied, Operation::Copy, &mut own);
    let places = Places::of(primary);
    let mut fitness = Answering::new(call, &copied, None).refusals(&own, &places);
    in_file(&mut fitness, primary.name());
    let made = match made {
        Ok(made) => made,
        // The answer to the request says so, too.
        Err(error) if error.role == Role::Request => {
            join(&mut response, fitness);
            return Ok(Rehearsal {
                response,
                made: None,
            });
        }
        Err(error) => return Err(error),
    };
    let files = [(Role::Primary, &**primary), (Role::Request, request)];
    let places = Places::in_made(&made, &files);
    let staging = read(Role::Primary, made.source(), settings)?;
    let beside = Primary {
        source: Arc::clone(primary),
        document: &copied,
    };
    let as_copy = Settings {
        operation: Some(Operation::Copy),
        ..settings.clone()
    };
    let mut findings = check::examine(made.source(), &Beside::default(), &as_copy, false).findings;
    let is_for_tenants = own
        .iter()
        .any(|finding| finding.confidence > Confidence::Inferred);
    findings.retain(|finding| match finding.rule {
        rule if rule == id::WRONG_ROOT => false,
        rule if rule == id::TENANT_ONLY_CONFLICT => {
            !(is_for_tenants && finding.element.ends_with("/Staging"))
        }
        _ => true,
    });
    let twice = rules::duplicate_caller_reference::with_primary(&staging, &beside, Operation::Copy);
    findings.extend(twice);
    possible(&findings, &places, Role::Primary)?;
    let rest = Answering::new(call, &staging, None).refusals(&findings, &places);
    join(&mut response, rest);
    join(&mut response, fitness);
    response.unknown.extend(is_dropped(&copied));
    response.unknown.push(as_in_file(primary));
    Ok(Rehearsal {
        response,
        made: Some(made),
    })
}

/// Says what `UpdateDistributionWithStagingConfig` would answer, and what the primary distribution would lose by it.
///
/// Both documents may be answers of the API. The operation has no body: the documents are taken for the configurations
/// that the two distributions have.
///
/// ```
/// use std::sync::Arc;
/// use cloudfront_lint::{Settings, Source, dry_run_promote};
///
/// let document = |name: &str, text: &[u8]| Arc::new(Source::from_bytes(name, text.to_vec()));
/// # let (old, new) = (include_bytes!("../../testdata/staging/primary.xml"), include_bytes!("../../testdata/staging/staging.xml"));
/// let (primary, staging) = (document("primary.xml", old), document("staging.xml", new));
/// let response = dry_run_promote(&primary, &staging, &Settings::default())?.response;
/// // The aliases of the primary distribution meet the certificate of the staging one.
/// let answer = response.answer().unwrap();
/// assert_eq!((answer.status, answer.code), (400, "InvalidViewerCertificate"));
/// # Ok::<(), cloudfront_lint::NotMade>(())
/// ```
///
/// # Errors
/// A document cannot be read, or is none that a distribution can have.
pub fn dry_run_promote(
    primary: &Arc<Source>,
    staging: &Arc<Source>,
    settings: &Settings,
) -> Result<Rehearsal, NotMade> {
    let old = read(Role::Primary, primary, settings)?;
    let new = read(Role::Staging, staging, settings)?;
    let made = promoted(&old, &new)?;
    let files = [(Role::Staging, &**staging), (Role::Primary, &**primary)];
    let places = Places::in_made(&made, &files);
    let older = Older {
        source: Arc::clone(primary),
        document: &old,
    };
    let beside = Beside {
        older: Some(&older),
        ..Beside::default()
    };
    let as_update = Settings {
        operation: Some(Operation::Update),
        ..settings.clone()
    };
    let mut findings = check::examine(made.source(), &beside, &as_update, false).findings;
    // The service has what a document leaves out.
    findings.retain(|finding| finding.rule != id::MISSING_ON_UPDATE);
    possible(&findings, &places, Role::Staging)?;
    for finding in &mut findings {
        as_promotion(finding);
    }
    let document = read(Role::Staging, made.source(), settings)?;
    let call = Call {
        operation: Operation::Update,
        name: Some(PROMOTE),
    };
    let mut response = Answering::new(call, &document, Some(&older)).refusals(&findings, &places);
    response.losses = losses(&findings, &places);
    let mut own = Vec::new();
    rules::not_a_staging_distribution::check(&new, &mut own);
    rules::answer(&new, Operation::Update, &mut own);
    for (findings, document, source) in [
        (own, &new, staging),
        (rules::unfit_primary::report(&old), &old, primary),
    ] {
        let places = Places::of(source);
        let mut fitness = Answering::new(call, document, None).refusals(&findings, &places);
        in_file(&mut fitness, source.name());
        join(&mut response, fitness);
    }
    response.unknown = unknown::of_call(PROMOTE);
    for unknown in &mut response.unknown {
        if unknown.codes == ["InvalidIfMatchVersion"] || unknown.codes == ["PreconditionFailed"] {
            unknown.question =
                "whether the If-Match header has the current ETags of both, that of the primary \
                                distribution first, with a comma between them"
                    .to_owned();
        }
    }
    response
        .unknown
        .extend([as_in_file(primary), as_in_file(staging)]);
    Ok(Rehearsal {
        response,
        made: Some(made),
    })
}

fn read<'s>(role: Role, source: &'s Source, settings: &Settings) -> Result<Document<'s>, NotMade> {
    check::read(source, settings).map_err(|finding| unreadable(role, source, &finding))
}

fn unreadable(role: Role, source: &Source, finding: &Finding) -> NotMade {
    NotMade {
        role,
        message: finding.message.clone(),
        position: Some(source.position(finding.span.start)),
    }
}

/// Whether a distribution can have such a configuration: what breaks the model was never accepted.
fn possible(findings: &[Finding], places: &Places<'_>, role: Role) -> Result<(), NotMade> {
    let breaks_model = |finding: &&Finding| {
        let code = finding.api_error.map(|error| error.code);
        is_certain(finding) && code.is_some_and(|code| stage_of(code) < Stage::Semantic)
    };
    match findings.iter().find(breaks_model) {
        Some(finding) => Err(NotMade {
            role,
            message: format!("is none that a distribution can have: {}", finding.message),
            position: Some(places.spot(finding.span, None).start),
        }),
        None => Ok(()),
    }
}

/// The code for a promotion, which does not list all that an update does. That settings are fixed is known of updates.
fn as_promotion(finding: &mut Finding) {
    let Some(error) = finding.api_error else {
        return;
    };
    let listed =
        |error: &ErrorCode| error.operations.is_empty() || error.operations.contains(&PROMOTE);
    if !ErrorCode::find(error.code).is_some_and(listed) {
        finding.api_error = ErrorCode::find("InvalidArgument").map(|error| ApiError {
            code: error.code,
            status: error.status,
        });
    }
    if finding.rule == id::FROZEN_IN_CONTINUOUS_DEPLOYMENT {
        *finding = finding.clone().confidence(Confidence::Inferred);
    }
}

/// Names the file of all places that have none yet.
fn in_file(response: &mut Response, name: &str) {
    let refusals = response.refusals.iter_mut().chain(&mut response.possible);
    let faults = refusals.flat_map(|refusal: &mut Refusal| &mut refusal.faults);
    for fault in faults.chain(&mut response.losses) {
        let Fault { file, related, .. } = fault;
        file.get_or_insert_with(|| name.to_owned());
        for place in related {
            place.file.get_or_insert_with(|| name.to_owned());
        }
    }
}

/// Adds refusals behind those of their stage.
fn join(response: &mut Response, other: Response) {
    response.refusals.extend(other.refusals);
    response.refusals.sort_by_key(|refusal| refusal.stage);
    response.possible.extend(other.possible);
    response.possible.sort_by_key(|refusal| refusal.stage);
}

/// What the documentation leaves open.
fn is_dropped(primary: &Document<'_>) -> Option<Unknown> {
    let config = configuration(primary);
    let has_aliases = config
        .get(name::ALIASES)
        .is_some_and(|aliases| aliases.items().next().is_some());
    let policy = config.get(name::CONTINUOUS_DEPLOYMENT_POLICY_ID);
    let has_policy = policy.is_some_and(|policy| !check::trimmed(policy.value()).is_empty());
    let what = match (has_aliases, has_policy) {
        (true, true) => "the aliases and the continuous deployment policy",
        (true, false) => "the aliases",
        (false, true) => "the continuous deployment policy",
        (false, false) => return None,
    };
    Some(Unknown {
        question: format!("whether the copy leaves out {what}, which is inferred, or is refused"),
        codes: vec!["InvalidArgument"],
        constraint: None,
    })
}

fn as_in_file(source: &Source) -> Unknown {
    Unknown {
        question: format!("whether the distribution is as in {}", source.name()),
        codes: Vec::new(),
        constraint: None,
    }
}
