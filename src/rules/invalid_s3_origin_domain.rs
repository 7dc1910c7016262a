//! `invalid-s3-origin-domain`: an origin is said to be a bucket, but its domain is no endpoint of one.

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::edit::repair;
use crate::finding::{Confidence, Finding, Level, Safety};
use crate::rule::id;
use crate::schema::name;
use crate::scope::Scope;
use crate::value::host::{Endpoint, check_bucket_name};
use crate::vocabulary::evaluate::part_of_value;

/// The domain beside S3OriginConfig.
pub(crate) fn check(scope: &Scope<'_>, config: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(origin) = config.parent() else {
        return;
    };
    // Two types are `conflicting-origin-types`.
    let others = [name::CUSTOM_ORIGIN_CONFIG, name::VPC_ORIGIN_CONFIG];
    if others.iter().any(|other| origin.get(*other).is_some()) {
        return;
    }
    let (Some(domain), Some(endpoint)) = (origin.get(name::DOMAIN_NAME), scope.endpoint_of(origin))
    else {
        return;
    };
    let finding = match endpoint {
        Endpoint::S3Bucket { bucket, .. } => bad_bucket(domain, bucket),
        Endpoint::S3Website { bucket, region } => Some(website(domain, bucket, region)),
        // `invalid-origin-domain` speaks of the one; the other is close enough to a bucket.
        Endpoint::S3Accelerate { .. } | Endpoint::S3AccessPoint => None,
        Endpoint::Other => Some(no_endpoint(domain)),
        _ => Some(no_bucket(domain)),
    };
    findings.extend(finding.map(|f| f.also(config.name_span(), "for buckets only")));
}

fn bad_bucket(domain: Element<'_>, bucket: &str) -> Option<Finding> {
    let problem = check_bucket_name(bucket).err()?;
    let finding = Finding::new(
        id::INVALID_S3_ORIGIN_DOMAIN,
        part_of_value(domain, 0..bucket.len()),
        format!("the name of the bucket {} {problem}", quoted(bucket)),
    )
    .at(domain.path())
    .label("no valid bucket name")
    .confidence(Confidence::Documented)
    .help("use a bucket whose name has 3 to 63 lower-case letters, digits and hyphens");
    // AWS's pages of different years disagree about underscores.
    let only_underscores = check_bucket_name(&bucket.replace('_', "-")).is_ok();
    Some(match only_underscores {
        true => finding
            .level(Level::Warning)
            .confidence(Confidence::Inferred),
        false => finding,
    })
}

fn website(domain: Element<'_>, bucket: &str, region: &str) -> Finding {
    let name = trimmed(domain.value()).to_ascii_lowercase();
    let china = match name.ends_with(".cn") {
        true => ".cn",
        false => "",
    };
    Finding::new(
        id::INVALID_S3_ORIGIN_DOMAIN,
        domain.value_span(),
        "S3OriginConfig cannot be used with the website endpoint of a bucket",
    )
    .at(domain.path())
    .label("a website endpoint")
    .fix(repair::write(
        domain,
        &format!("{bucket}.s3.{region}.amazonaws.com{china}"),
        Safety::Unsafe,
    ))
    .help(format!(
        "replace S3OriginConfig by CustomOriginConfig with http-only, or write {bucket}.s3.{region}.amazonaws.com{china}"
    ))
}

/// Nothing that AWS's names tell, or a form that is not known here.
fn no_endpoint(domain: Element<'_>) -> Finding {
    let name = domain.value().to_ascii_lowercase();
    let finding = no_bucket(domain);
    let name = trimmed(&name);
    // `s3.us-east-1.amazonaws.com`: such addresses are for other clients, which name the bucket in the path.
    let lacks_bucket = name.starts_with("s3.") || name.starts_with("s3-");
    if lacks_bucket && name.contains(".amazonaws.") {
        return finding.help(format!("write the bucket before it: BUCKET.{name}"));
    }
    if name.contains(".s3") || name.contains(".amazonaws.") {
        return finding
            .level(Level::Warning)
            .confidence(Confidence::Inferred)
            .note("it looks like an endpoint of S3, but of none of the known forms");
    }
    match check_bucket_name(name) {
        Ok(()) if !name.contains('.') => finding
            .help(format!(
                "write {name}.s3.REGION.amazonaws.com, with the region of the bucket"
            ))
            .fix(repair::write(
                domain,
                &format!("{name}.s3.amazonaws.com"),
                Safety::Unsafe,
            )),
        _ => finding,
    }
}

fn no_bucket(domain: Element<'_>) -> Finding {
    Finding::new(
        id::INVALID_S3_ORIGIN_DOMAIN,
        domain.value_span(),
        format!("{} is no endpoint of an S3 bucket", domain.shown_value()),
    )
    .at(domain.path())
    .label("not a bucket")
    .help("replace S3OriginConfig by CustomOriginConfig, or write BUCKET.s3.REGION.amazonaws.com")
}
