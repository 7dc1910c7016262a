#![allow(clippy::unwrap_used)]

use super::*;

fn version(date: &str) -> ApiVersion {
    ApiVersion::parse(date).unwrap()
}

fn shape(name: &str) -> &'static Shape {
    ShapeId::find(name).unwrap().shape()
}

fn member(shape_name: &str, name: &str) -> &'static Member {
    shape(shape_name).member(name).unwrap()
}

fn shape_of(shape_name: &str, name: &str, date: &str) -> Option<&'static str> {
    member(shape_name, name)
        .shape_in(version(date))
        .map(|id| id.shape().name)
}

#[test]
fn versions_are_found_by_date() {
    assert_eq!(ApiVersion::all().len(), 38);
    assert_eq!(ApiVersion::LATEST.date(), "2020-05-31");
    assert_eq!(version("2020-05-31"), ApiVersion::LATEST);
    assert_eq!(ApiVersion::parse("2014-08-31"), None);
    assert_eq!(DOCUMENTED_ONLY, ["2014-08-31"]);
    assert_eq!(
        version("2012-05-05").namespace(),
        "http://cloudfront.amazonaws.com/doc/2012-05-05/"
    );
    assert!(version("2012-03-15").is_reconstructed());
    assert!(version("2012-07-01").is_reconstructed());
    assert!(!version("2012-05-05").is_reconstructed());
}

#[test]
fn unknown_dates_have_neighbours() {
    let near = |date| {
        ApiVersion::around(date)
            .into_iter()
            .flatten()
            .map(ApiVersion::date)
            .collect::<Vec<_>>()
    };
    assert_eq!(near("2014-08-31"), ["2014-05-31", "2014-10-21"]);
    assert_eq!(near("2007-01-01"), ["2008-06-30"]);
    assert_eq!(near("2025-01-01"), ["2020-05-31"]);
    assert_eq!(near(""), ["2008-06-30"]);
}

#[test]
fn ranges_read_as_in_the_rule_book() {
    let range = |first, last| VersionRange {
        first: version(first),
        last: version(last),
    };
    assert_eq!(
        range("2012-05-05", "2019-03-26").to_string(),
        "2012-05-05..2019-03-26"
    );
    assert_eq!(
        range("2012-05-05", "2020-05-31").to_string(),
        "2012-05-05.."
    );
    assert_eq!(
        range("2020-05-31", "2020-05-31").to_string(),
        "2020-05-31.."
    );
    assert_eq!(
        range("2008-06-30", "2012-03-15").to_string(),
        "..2012-03-15"
    );
    assert_eq!(range("2012-07-01", "2012-07-01").to_string(), "2012-07-01");
    assert_eq!(VersionRange::ALL.to_string(), "..");
    let none = range("2019-03-26", "2012-05-05");
    assert!(none.is_empty());
    assert_eq!(none.to_string(), "none");
    assert!(ApiVersion::all().all(|v| VersionRange::ALL.contains(v) && !none.contains(v)));
}

#[test]
fn forwarded_values_stopped_being_required() {
    for parent in ["CacheBehavior", "DefaultCacheBehavior"] {
        for name in ["ForwardedValues", "MinTTL"] {
            let member = member(parent, name);
            assert!(member.is_required(version("2019-03-26")));
            assert!(!member.is_deprecated(version("2019-03-26")));
            assert!(!member.is_required(version("2020-05-31")));
            assert!(member.is_deprecated(version("2020-05-31")));
        }
    }
}

#[test]
fn values_have_versions() {
    let value = |name: &str| {
        shape("MinimumProtocolVersion")
            .values()
            .iter()
            .find(|v| v.value == name)
            .unwrap()
    };
    assert!(!value("TLSv1.2_2021").exists_in(version("2019-03-26")));
    assert!(value("TLSv1.2_2021").exists_in(version("2020-05-31")));
    assert_eq!(value("TLSv1.2_2021").added, Some("2021-06-23"));
    assert!(value("TLSv1.2_2019").exists_in(version("2019-03-26")));
    assert!(
        shape("PriceClass")
            .values()
            .iter()
            .all(|v| v.meaning.is_some())
    );
}

#[test]
fn shapes_of_a_member_change() {
    let logging = |date| shape_of("StreamingDistributionConfig", "Logging", date);
    assert_eq!(logging("2010-03-01"), None);
    assert_eq!(logging("2012-03-15"), Some("LegacyLogging"));
    assert_eq!(logging("2012-05-05"), Some("LoggingConfig"));
    assert_eq!(logging("2012-07-01"), Some("StreamingLoggingConfig"));
    assert_eq!(logging("2020-05-31"), Some("StreamingLoggingConfig"));
}

#[test]
fn legacy_documents_are_known() {
    let names = |date| {
        let members = shape("DistributionConfig").members().iter();
        members
            .filter(|m| m.exists_in(version(date)))
            .map(|m| m.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("2008-06-30"),
        ["Origin", "CallerReference", "CNAME", "Comment", "Enabled"]
    );
    assert!(names("2012-03-15").contains(&"CachingBehavior"));
    assert!(!names("2012-05-05").contains(&"CNAME"));
    assert!(shape("LegacyCNAMEs").is_flattened());
    assert!(!shape("LegacyActiveTrustedSigners").is_flattened());
}

#[test]
fn members_stand_in_canonical_order() {
    let names: Vec<_> = shape("DistributionConfig")
        .members()
        .iter()
        .map(|m| m.name)
        .collect();
    let place = |name| names.iter().position(|n| *n == name).unwrap();
    let order = [
        "CallerReference",
        "Aliases",
        "DefaultRootObject",
        "Origins",
        "OriginGroups",
        "DefaultCacheBehavior",
    ];
    assert!(order.windows(2).all(|pair| place(pair[0]) < place(pair[1])));
}

#[test]
fn secrets_are_sensitive_in_every_version() {
    assert!(member("OriginCustomHeader", "HeaderValue").sensitive);
    assert!(is_sensitive_name("HeaderValue"));
    assert!(!is_sensitive_name("HeaderName"));
    assert!(SENSITIVE_NAMES.is_sorted());
}

#[test]
fn empty_means_not_set() {
    for (parent, name) in [
        ("DistributionConfig", "Comment"),
        ("DistributionConfig", "DefaultRootObject"),
        ("S3OriginConfig", "OriginAccessIdentity"),
        ("LoggingConfig", "Bucket"),
        ("LegacyLogging", "Prefix"),
        ("CustomErrorResponse", "ErrorCachingMinTTL"),
        ("Tag", "Value"),
    ] {
        assert!(member(parent, name).may_be_empty, "{parent}/{name}");
    }
    assert!(!member("Origin", "DomainName").may_be_empty);
}

#[test]
fn lookups_find_everything_and_nothing_else() {
    for id in ShapeId::all() {
        assert_eq!(ShapeId::find(id.shape().name), Some(id));
        for member in id.shape().members() {
            assert_eq!(
                id.shape().member(member.name).map(|m| m.name),
                Some(member.name)
            );
            assert!(ApiVersion::all().all(|v| member.exists_in(v) == member.shape_in(v).is_some()));
        }
    }
    assert!(
        roots()
            .iter()
            .all(|root| Root::find(root.name).is_some_and(|r| r.name == root.name))
    );
    assert_eq!(roots().len(), 72);
    assert_eq!(ShapeId::find("Origi"), None);
    assert!(Root::find("distributionconfig").is_none());
    assert!(shape("Origin").member("ID").is_none());
    let common: Vec<_> = roots()
        .iter()
        .filter(|r| r.common_name)
        .map(|r| r.name)
        .collect();
    assert_eq!(
        common,
        [
            "Distribution",
            "ErrorResponse",
            "Invalidation",
            "KeyGroup",
            "PublicKey",
            "TagKeys",
            "Tags"
        ]
    );
}

#[test]
fn elements_know_where_they_may_stand() {
    let parents = |name| {
        parents_of_element(name, ApiVersion::LATEST)
            .map(|id| id.shape().name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        parents("SmoothStreaming"),
        ["CacheBehavior", "DefaultCacheBehavior"]
    );
    assert_eq!(parents("CNAME"), ["AliasICPRecordal", "AliasList"]);
    assert_eq!(parents("IfMatch"), [""; 0]);
    let old: Vec<_> = parents_of_element("CNAME", version("2010-11-01"))
        .map(|id| id.shape().name)
        .collect();
    assert_eq!(old, ["DistributionConfig", "StreamingDistributionConfig"]);
    let holders: Vec<_> =
        parents_of(ShapeId::find("GrpcConfig").unwrap(), ApiVersion::LATEST).collect();
    assert_eq!(
        holders,
        [
            ShapeId::find("CacheBehavior").unwrap(),
            ShapeId::find("DefaultCacheBehavior").unwrap()
        ]
    );
    assert_eq!(
        parents_of(ShapeId::find("GrpcConfig").unwrap(), version("2019-03-26")).count(),
        0
    );
}

#[test]
fn keys_name_members_that_may_be_printed() {
    assert_eq!(shape("Origin").key, Some("Id"));
    for id in ShapeId::all() {
        if let Some(key) = id.shape().key {
            let member = id.shape().member(key).unwrap();
            assert!(
                member
                    .shapes
                    .iter()
                    .all(|(_, id)| id.shape().is_scalar() && !id.shape().sensitive)
            );
        }
    }
}

#[test]
fn json_holds_each_shape_once() {
    let root = Root::find("InvalidationBatch").unwrap();
    let value = print::json(root.name, root.shape, version("2012-05-05"));
    let expected = serde_json::json!({
        "api_version": "2012-05-05",
        "root": "InvalidationBatch",
        "shapes": [
            { "name": "InvalidationBatch", "type": "structure", "members": [
                { "name": "Paths", "shape": "Paths", "required": true },
                { "name": "CallerReference", "shape": "string", "required": true },
            ]},
            { "name": "PathList", "type": "list", "item": { "name": "Path", "shape": "string" } },
            { "name": "Paths", "type": "structure", "members": [
                { "name": "Quantity", "shape": "integer", "required": true },
                { "name": "Items", "shape": "PathList", "required": false },
            ]},
            { "name": "integer", "type": "integer" },
            { "name": "string", "type": "string" },
        ],
    });
    assert_eq!(value, expected);
}

#[test]
fn trees_fit_a_terminal() {
    for root in roots() {
        for v in ApiVersion::all().filter(|v| root.exists_in(*v)) {
            let tree = print::tree(root.name, root.shape, v);
            let wide = tree.lines().find(|line| line.chars().count() > 80);
            assert_eq!(wide, None, "{} {v}", root.name);
        }
    }
    assert!(
        print::list_roots(None)
            .lines()
            .all(|line| line.chars().count() <= 80)
    );
}

#[test]
fn a_tree_shows_lists_and_values() {
    let root = Root::find("CloudFrontOriginAccessIdentityConfig").unwrap();
    let tree = print::tree(root.name, root.shape, ApiVersion::LATEST);
    assert_eq!(
        tree,
        "CloudFrontOriginAccessIdentityConfig (API version 2020-05-31)\n\
         \x20 CallerReference                       required, string\n\
         \x20 Comment                               required, string\n"
    );
    let root = Root::find("Tags").unwrap();
    let tree = print::tree(root.name, root.shape, version("2019-03-26"));
    assert!(
        tree.contains("  Items / Tag …                         identified by Key\n"),
        "{tree}"
    );
}
