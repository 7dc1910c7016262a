//! The native rules: one file each, named like the rule's page in `rules/lint/`.

use crate::check::{Older, Primary, Violation};
use crate::document::{Document, Element};
use crate::finding::{ApiError, Confidence, Finding, Level, Safety};
use crate::fleet::{Fleet, Remark};
use crate::rule::{ErrorCode, Operation, RuleId, id, option};
use crate::schema::{ApiVersion, NameId, ShapeId, VersionRange};
use crate::source::Span;
use crate::update::Update;
use crate::vocabulary::{
    Bounds, Change, Check, Class, Condition, Native, Pattern, Repair, Subscription, Term, Test,
    Values, Words,
};

pub(crate) mod access_control_without_https;
pub(crate) mod alias_of_another_distribution;
pub(crate) mod allowed_clear_text;
pub(crate) mod api_version_too_old;
pub(crate) mod caller_reference_changed;
pub(crate) mod changed_behavior_order;
pub(crate) mod changed_cache_tag_header;
pub(crate) mod changed_http_version;
pub(crate) mod changed_origin_domain;
pub(crate) mod conflicting_certificates;
pub(crate) mod conflicting_viewer_functions;
pub(crate) mod connection_mode_changed;
pub(crate) mod cookies_to_s3_origin;
pub(crate) mod deprecated_element;
pub(crate) mod disabled_distribution;
pub(crate) mod distribution_as_origin;
pub(crate) mod document_kind_changed;
pub(crate) mod duplicate_caller_reference;
pub(crate) mod duplicate_element;
pub(crate) mod duplicate_path_pattern;
pub(crate) mod empty_items;
pub(crate) mod empty_required_value;
pub(crate) mod foreign_namespace;
pub(crate) mod frozen_in_continuous_deployment;
pub(crate) mod headers_for_s3_origin;
pub(crate) mod http_version_differs;
pub(crate) mod incomplete_failover;
pub(crate) mod invalid_alias;
pub(crate) mod invalid_allowed_methods;
pub(crate) mod invalid_blob;
pub(crate) mod invalid_boolean;
pub(crate) mod invalid_cached_methods;
pub(crate) mod invalid_certificate_arn;
pub(crate) mod invalid_client_certificate;
pub(crate) mod invalid_enum_value;
pub(crate) mod invalid_field_level_encryption;
pub(crate) mod invalid_float;
pub(crate) mod invalid_forward_cookies;
pub(crate) mod invalid_grpc;
pub(crate) mod invalid_integer;
pub(crate) mod invalid_invalidation_path;
pub(crate) mod invalid_item_count;
pub(crate) mod invalid_lambda_function_arn;
pub(crate) mod invalid_legacy_origin;
pub(crate) mod invalid_length;
pub(crate) mod invalid_location_code;
pub(crate) mod invalid_logging_bucket;
pub(crate) mod invalid_origin_access_identity;
pub(crate) mod invalid_origin_domain;
pub(crate) mod invalid_origin_path;
pub(crate) mod invalid_parameter_reference;
pub(crate) mod invalid_pattern;
pub(crate) mod invalid_policy_id;
pub(crate) mod invalid_query_string_key;
pub(crate) mod invalid_response_completion_timeout;
pub(crate) mod invalid_response_page_path;
pub(crate) mod invalid_s3_origin_domain;
pub(crate) mod invalid_session_stickiness;
pub(crate) mod invalid_streaming_origin;
pub(crate) mod invalid_timestamp;
pub(crate) mod invalid_ttl_order;
pub(crate) mod invalid_web_acl_id;
pub(crate) mod invalidation_reference_reused;
pub(crate) mod legacy_origin_changed;
pub(crate) mod logging_into_origin_bucket;
pub(crate) mod loosened_geo_restriction;
pub(crate) mod lost_alias;
pub(crate) mod lost_cache_behavior;
pub(crate) mod lost_cookie_names;
pub(crate) mod lost_element;
pub(crate) mod lost_field_level_encryption;
pub(crate) mod lost_logging;
pub(crate) mod lost_origin;
pub(crate) mod lost_origin_access;
pub(crate) mod lost_signers;
pub(crate) mod lost_viewer_mtls;
pub(crate) mod lost_web_acl;
pub(crate) mod lowered_api_version;
pub(crate) mod lowered_tls;
pub(crate) mod media_quality_without_mediapackage;
pub(crate) mod min_ttl_overrides_origin;
pub(crate) mod missing_namespace;
pub(crate) mod missing_on_update;
pub(crate) mod missing_origin_type;
pub(crate) mod missing_required_element;
pub(crate) mod misspelled_namespace;
pub(crate) mod not_a_staging_distribution;
pub(crate) mod obsolete_streaming_distribution;
pub(crate) mod options_without_failover;
pub(crate) mod origin_loop;
pub(crate) mod outdated_namespace;
pub(crate) mod overlong_custom_header;
pub(crate) mod pattern_outside_primary;
pub(crate) mod policy_of_another_kind;
pub(crate) mod quantity_mismatch;
pub(crate) mod renamed_origin;
pub(crate) mod response_document;
pub(crate) mod response_timeout_in_continuous_deployment;
pub(crate) mod s3_bucket_as_custom_origin;
pub(crate) mod secret_in_custom_header;
pub(crate) mod setting_differs_from_primary;
pub(crate) mod shadowed_default_cache_behavior;
pub(crate) mod staging_changed;
pub(crate) mod stricter_viewer_access;
pub(crate) mod template_leftover;
pub(crate) mod tenant_only_conflict;
pub(crate) mod too_many_dedicated_ip_certificates;
pub(crate) mod too_many_distributions;
pub(crate) mod too_many_forwarded_cookies;
pub(crate) mod too_many_invalidation_paths;
pub(crate) mod too_many_lambda_associations;
pub(crate) mod too_many_tenant_parameters;
pub(crate) mod unexpected_attribute;
pub(crate) mod unexpected_text;
pub(crate) mod unfit_primary;
pub(crate) mod unknown_api_version;
pub(crate) mod unknown_element;
pub(crate) mod unknown_origin_shield_region;
pub(crate) mod unknown_root;
pub(crate) mod unreachable_cache_behavior;
pub(crate) mod unreachable_error_page;
pub(crate) mod unsupported_logging_region;
pub(crate) mod unsupported_origin_access_control;
pub(crate) mod unused_origin;
pub(crate) mod unused_origin_group;
pub(crate) mod unwrapped_items;
pub(crate) mod weak_origin_tls;
pub(crate) mod weak_viewer_tls;
pub(crate) mod website_endpoint_protocol;
pub(crate) mod whitespace_in_value;
pub(crate) mod writable_s3_origin;
pub(crate) mod write_methods_on_origin_group;
pub(crate) mod wrong_item_element;
pub(crate) mod wrong_root;

/// The rules that compare a document with the one it would replace. What one speaks of, later ones pass over.
const UPDATE_RULES: [fn(&mut Update<'_>); 29] = [
    document_kind_changed::check,
    api_version_too_old::check,
    caller_reference_changed::check,
    staging_changed::check,
    connection_mode_changed::check,
    legacy_origin_changed::check,
    lowered_api_version::check,
    frozen_in_continuous_deployment::check,
    lost_alias::check,
    renamed_origin::check,
    lost_origin::check,
    changed_origin_domain::check,
    lost_cache_behavior::check,
    changed_behavior_order::check,
    lowered_tls::check,
    allowed_clear_text::check,
    lost_web_acl::check,
    lost_signers::check,
    loosened_geo_restriction::check,
    lost_logging::check,
    lost_field_level_encryption::check,
    lost_origin_access::check,
    lost_viewer_mtls::check,
    disabled_distribution::check,
    lost_cookie_names::check,
    changed_cache_tag_header::check,
    changed_http_version::check,
    stricter_viewer_access::check,
    lost_element::check,
];

/// A rule that compares the documents of a run.
pub(crate) type FleetRule = fn(&Fleet<'_>, &mut Vec<Remark>);

/// The rules that compare the documents of a run, besides the declarative ones.
pub(crate) const FLEET_RULES: [(RuleId, FleetRule); 7] = [
    (
        id::ALIAS_OF_ANOTHER_DISTRIBUTION,
        alias_of_another_distribution::check,
    ),
    (id::DISTRIBUTION_AS_ORIGIN, distribution_as_origin::check),
    (
        id::DUPLICATE_CALLER_REFERENCE,
        duplicate_caller_reference::check,
    ),
    (id::HTTP_VERSION_DIFFERS, http_version_differs::check),
    (
        id::INVALIDATION_REFERENCE_REUSED,
        invalidation_reference_reused::check,
    ),
    (
        id::TOO_MANY_DEDICATED_IP_CERTIFICATES,
        too_many_dedicated_ip_certificates::check,
    ),
    (id::TOO_MANY_DISTRIBUTIONS, too_many_distributions::check),
];

include!(concat!(env!("OUT_DIR"), "/checks.rs"));

/// The checks that can find something at a structure of a shape with these members, of which some are not empty.
pub(crate) fn for_structure(
    shape: ShapeId,
    present: u64,
    filled: u64,
    version: ApiVersion,
) -> impl Iterator<Item = &'static Subscription> {
    let needs = NEEDS[shape.index()].iter();
    needs
        .zip(SUBSCRIPTIONS[shape.index()])
        .filter(move |(needs, _)| present & **needs == **needs)
        .map(|(_, subscription)| subscription)
        .filter(move |subscription| subscription.is_wanted(present, filled, version))
}

/// Turns the codes of the findings into those that the API answers to an operation.
pub(crate) fn answer(document: &Document<'_>, operation: Operation, findings: &mut [Finding]) {
    let root = document.payload().name();
    for finding in findings {
        let Some(error) = finding.api_error else {
            continue;
        };
        let rule = finding.rule.meta();
        let own = rule.errors.iter().find(|(of, _)| *of == operation);
        finding.api_error = match own.filter(|_| rule.error == Some(error)) {
            Some((_, error)) => Some(*error),
            None => ErrorCode::find(error.code).map(|code| code.answer(operation, root)),
        };
    }
}

/// Says in the findings about the namespace which version the document was checked against in the end.
pub(crate) fn note_version(document: &Document<'_>, findings: &mut [Finding]) {
    let version = document.version();
    let about_namespace = [
        id::MISSING_NAMESPACE,
        id::MISSPELLED_NAMESPACE,
        id::UNKNOWN_API_VERSION,
    ];
    for finding in findings
        .iter_mut()
        .filter(|f| about_namespace.contains(&f.rule))
    {
        if finding.rule == id::MISSING_NAMESPACE {
            finding.help = Some(missing_namespace::help(document.root(), version));
            finding.fix = missing_namespace::fix(document.root(), version);
        }
        let why = match version == ApiVersion::LATEST {
            true => "the latest",
            false => "which its elements fit best",
        };
        finding
            .notes
            .push(format!("checked against API version {version}, {why}"));
    }
}

/// Where a text stands in the namespace of the root; the whole namespace if it does not.
pub(crate) fn text_in_namespace(root: Element<'_>, text: &str) -> Span {
    let Some(span) = root.document().namespace_span else {
        return root.name_span();
    };
    match root.document().source().slice(span).find(text) {
        Some(at) => Span::new(
            span.start + at as u32,
            span.start + (at + text.len()) as u32,
        ),
        None => span,
    }
}

/// Runs the rules that need the older document. They speak of some of the findings that are there already, too.
pub(crate) fn compare<'d>(
    document: &'d Document<'d>,
    older: &'d Older<'d>,
    findings: &mut Vec<Finding>,
) -> Update<'d> {
    let mut update = Update::new(document, older);
    // What no update takes is of no kind that could be replaced.
    let is_refused = findings.iter().any(|f| f.rule == id::WRONG_ROOT);
    if is_refused && update.comparison().is_some_and(|c| c.kinds_differ()) {
        update.leave(0);
    }
    update.note(findings);
    missing_on_update::compare(&mut update, findings);
    missing_required_element::compare(&update, findings);
    quantity_mismatch::compare(&update, findings);
    lost_origin::refused(&mut update, findings);
    for rule in UPDATE_RULES {
        rule(&mut update);
    }
    update
}

/// Runs the rules that need the primary distribution of a staging distribution.
pub(crate) fn compare_with_primary<'d>(
    staging: &'d Document<'d>,
    primary: &'d Primary<'d>,
    operation: Operation,
    findings: &mut Vec<Finding>,
) {
    if staging.recognised().is_none() {
        return;
    }
    not_a_staging_distribution::check(staging, findings);
    unfit_primary::check(staging, primary, findings);
    findings.extend(duplicate_caller_reference::with_primary(
        staging, primary, operation,
    ));
    setting_differs_from_primary::check(staging, primary, findings);
    pattern_outside_primary::check(staging, primary, findings);
}

/// Turns the places where the document leaves the schema into findings.
pub(crate) fn report_violations(
    document: &Document<'_>,
    violations: &[Violation],
    findings: &mut Vec<Finding>,
) {
    let mut unknown = unknown_element::Reporter::default();
    for violation in violations {
        findings.push(match *violation {
            Violation::Unknown { element } => {
                let element = document.element(element);
                let known = invalid_origin_access_identity::with_custom_origin(element);
                match known.or_else(|| unknown.report(element)) {
                    Some(finding) => finding,
                    None => continue,
                }
            }
            Violation::InValue { element } => unknown_element::in_value(document.element(element)),
            Violation::Foreign { element } => foreign_namespace::report(document.element(element)),
            Violation::Missing { parent, member } => {
                match missing_required_element::report(document.element(parent), member) {
                    Some(finding) => finding,
                    None => continue,
                }
            }
            Violation::Duplicate { element, first } => {
                duplicate_element::report(document.element(element), document.element(first))
            }
            Violation::WrongItem {
                element,
                item,
                count,
            } => wrong_item_element::report(document.element(element), item, count),
            Violation::Unwrapped { element, count } => {
                unwrapped_items::report(document.element(element), count)
            }
            Violation::Deprecated { element } => {
                match deprecated_element::report(document.element(element)) {
                    Some(finding) => finding,
                    None => continue,
                }
            }
        });
    }
}
