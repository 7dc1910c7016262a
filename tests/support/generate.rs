//! Valid documents made from the schema: the smallest one around a fragment, and random ones.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use cloudfront_lint::schema::{
    ApiVersion, Bounds, Kind, Location, Member, Root, RootClass, Shape, ShapeId, roots,
};
use cloudfront_lint::{Settings, Source, read};
use regex::Regex;

use super::random::Random;
use super::tree::{Content, Layout, Node};
use super::unmark;

/// The roots of the bodies that a version of the API takes.
pub(crate) fn sendable(version: ApiVersion) -> impl Iterator<Item = &'static Root> {
    roots().iter().filter(move |root| {
        matches!(root.class, RootClass::Config | RootClass::Request) && root.exists_in(version)
    })
}

/// The members that travel in the document, in canonical order, with their shapes.
pub(crate) fn members(
    shape: &'static Shape,
    version: ApiVersion,
) -> impl Iterator<Item = (&'static Member, ShapeId)> {
    shape
        .members()
        .iter()
        .filter(|member| member.location == Location::Body)
        .filter_map(move |member| Some((member, member.shape_in(version)?)))
}

fn is_union(shape: &Shape) -> bool {
    matches!(shape.kind, Kind::Structure { union: true, .. })
}

/// Puts the number of items into `Quantity`, unless that is given.
fn count_items(children: &mut [Node], items: usize) {
    let is_quantity = |c: &&mut Node| c.name == "Quantity" && c.text().is_some();
    if let Some(quantity) = children.iter_mut().find(is_quantity) {
        quantity.content = Content::Text(items.to_string());
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The smallest document

/// Structures that need one of several members although the schema requires none: the first that the version knows.
const ONE_OF: [(&str, &[&str]); 6] = [
    ("DistributionConfig", &["S3Origin", "CustomOrigin"]),
    (
        "ViewerCertificate",
        &["ACMCertificateArn", "Certificate", "IAMCertificateId"],
    ),
    ("LegacyTrustedSigners", &["Self", "AwsAccountNumber"]),
    (
        "Origin",
        &["CustomOriginConfig", "S3OriginConfig", "VpcOriginConfig"],
    ),
    (
        "DefaultCacheBehavior",
        &["CachePolicyId", "ForwardedValues"],
    ),
    ("CacheBehavior", &["CachePolicyId", "ForwardedValues"]),
];

/// What brings along what: where an element of the first name stands (`*`: anywhere), a structure of the second name
/// also has this member, if the version knows it. The rules would have something to say otherwise.
const WITH: [(&str, &str, &str); 13] = [
    ("Aliases", "DistributionConfig", "ViewerCertificate"),
    // The certificate of CloudFront goes with no names. No structure is called "-".
    ("ViewerCertificate", "-", CERTIFIED),
    (CERTIFIED, "DistributionConfig", "Aliases"),
    ("ViewerCertificate", "ViewerCertificate", "SSLSupportMethod"),
    (
        "ViewerCertificate",
        "ViewerCertificate",
        "MinimumProtocolVersion",
    ),
    (
        "ViewerMtlsConfig",
        "DistributionConfig",
        "ViewerCertificate",
    ),
    ("Aliases", "Aliases", "Items"),
    ("OriginGroups", "OriginGroups", "Items"),
    ("*", "StagingDistributionDnsNames", "Items"),
    ("OriginShield", "OriginShield", "OriginShieldRegion"),
    ("TrustStoreConfig", "ViewerMtlsConfig", "Mode"),
    ("Tags", "Tags", "Items"),
    ("TenantConfig", "DistributionConfig", "ConnectionMode"),
];

/// What an update must have though a creation need not.
const ON_UPDATE: [(&str, &str); 22] = [
    ("CacheBehavior", "AllowedMethods"),
    ("CacheBehavior", "Compress"),
    ("CacheBehavior", "FieldLevelEncryptionId"),
    ("CacheBehavior", "LambdaFunctionAssociations"),
    ("CacheBehavior", "SmoothStreaming"),
    ("DefaultCacheBehavior", "AllowedMethods"),
    ("DefaultCacheBehavior", "Compress"),
    ("DefaultCacheBehavior", "FieldLevelEncryptionId"),
    ("DefaultCacheBehavior", "LambdaFunctionAssociations"),
    ("DefaultCacheBehavior", "SmoothStreaming"),
    ("CustomOriginConfig", "OriginKeepaliveTimeout"),
    ("CustomOriginConfig", "OriginReadTimeout"),
    ("DistributionConfig", "Aliases"),
    ("DistributionConfig", "CacheBehaviors"),
    ("DistributionConfig", "CustomErrorResponses"),
    ("DistributionConfig", "DefaultRootObject"),
    ("DistributionConfig", "HttpVersion"),
    ("DistributionConfig", "Logging"),
    ("DistributionConfig", "PriceClass"),
    ("DistributionConfig", "Restrictions"),
    ("DistributionConfig", "ViewerCertificate"),
    ("DistributionConfig", "WebACLId"),
];

/// Values that look like what people write; where the first name stands (`*`: anywhere), or in that structure, elements of the second have
/// the value, the first that fits the version. Every other string is `example`.
const VALUES: [(&str, &str, &str); 53] = [
    ("*", "ACMCertificateArn", CERTIFICATE),
    ("Prefix", "Bucket", "amzn-s3-demo-logs.s3.amazonaws.com"),
    ("LoggingConfig", "Bucket", ""),
    ("StreamingLoggingConfig", "Bucket", ""),
    ("Prefix", "Enabled", "true"),
    ("Bucket", "Enabled", "true"),
    ("IncludeCookies", "Enabled", "false"),
    ("*", "CachePolicyId", "658327ea-f89d-4fab-a63d-7e88639e58f6"),
    ("TenantConfig", "ConnectionMode", "tenant-only"),
    ("ViewerCertificate", "CloudFrontDefaultCertificate", "true"),
    ("*", "CNAME", "www.example.com"),
    ("*", "DNSName", "amzn-s3-demo-bucket.s3.amazonaws.com"),
    (
        "S3OriginConfig",
        "DomainName",
        "amzn-s3-demo-bucket.s3.us-east-1.amazonaws.com",
    ),
    (
        "S3Origin",
        "DomainName",
        "amzn-s3-demo-bucket.s3.amazonaws.com",
    ),
    (
        "OriginAccessControlId",
        "DomainName",
        "amzn-s3-demo-bucket.s3.us-east-1.amazonaws.com",
    ),
    ("*", "DomainName", "origin.example.com"),
    ("*", "ErrorCode", "404"),
    ("*", "FieldLevelEncryptionId", ""),
    ("*", "OriginKeepaliveTimeout", "5"),
    ("*", "OriginReadTimeout", "30"),
    ("Location", "RestrictionType", "whitelist"),
    ("*", "RestrictionType", "none"),
    ("*", "EventType", "viewer-request"),
    ("*", "Forward", "none"),
    (
        "*",
        "FunctionARN",
        "arn:aws:cloudfront::111122223333:function/rewrite",
    ),
    ("*", "HTTPPort", "80"),
    ("*", "HTTPSPort", "443"),
    ("*", "HeaderName", "x-example"),
    ("*", "IAMCertificateId", "ASCAEXAMPLE1234567890"),
    (
        "*",
        "LambdaFunctionARN",
        "arn:aws:lambda:us-east-1:111122223333:function:example:1",
    ),
    ("*", "Location", "DE"),
    ("*", "MinimumProtocolVersion", "TLSv1.2_2021"),
    ("*", "MinimumProtocolVersion", "TLSv1.2_2018"),
    ("*", "MinimumProtocolVersion", "TLSv1"),
    ("*", "MinTTL", "0"),
    ("OriginGroup", "OriginId", "example"),
    ("*", "Origin", "amzn-s3-demo-bucket.s3.amazonaws.com"),
    ("*", "OriginAccessIdentity", ""),
    ("*", "OriginProtocolPolicy", "https-only"),
    ("*", "OriginProtocolPolicy", "match-viewer"),
    ("*", "OriginShieldRegion", "us-east-1"),
    ("*", "Path", "/*"),
    ("*", "PathPattern", "/images/*"),
    ("*", "Prefix", ""),
    ("*", "Protocol", "https"),
    ("*", "SSLSupportMethod", "sni-only"),
    ("*", "Self", ""),
    ("*", "StatusCode", "500"),
    ("DistributionConfig", "PriceClass", "PriceClass_All"),
    ("*", "WebACLId", ""),
    ("DistributionConfig", "DefaultRootObject", "index.html"),
    ("*", "ViewerProtocolPolicy", "redirect-to-https"),
    ("*", "ViewerProtocolPolicy", "https-only"),
];

/// Stands for a certificate other than that of CloudFront.
const CERTIFIED: &str = "certified";
const CERTIFICATE: &str =
    "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";

/// A piece of a document: one element, or several that stand beside each other.
pub(crate) struct Fragment {
    /// With its marks.
    marked: String,
    /// The names of the outermost elements.
    names: Vec<String>,
    /// Number of elements in the first.
    inside: usize,
}

impl Fragment {
    /// Reads a piece of XML.
    pub(crate) fn read(marked: &str) -> Result<Fragment, String> {
        let (text, _) = unmark(marked)?;
        let wrapped = Source::from_bytes("fragment", format!("<x>{text}</x>").into_bytes());
        let document = read(&wrapped, &Settings::default())
            .map_err(|finding| format!("the block is not well-formed: {}", finding.message))?;
        let names: Vec<String> = document
            .root()
            .children()
            .map(|c| c.name().to_owned())
            .collect();
        let first = document
            .root()
            .children()
            .next()
            .ok_or("the block has no element")?;
        Ok(Fragment {
            marked: marked.trim().to_owned(),
            names,
            inside: first.children().count(),
        })
    }

    /// The name of the first element.
    pub(crate) fn name(&self) -> &str {
        &self.names[0]
    }

    /// The smallest valid document that holds it.
    pub(crate) fn complete(
        &self,
        root: &str,
        version: ApiVersion,
        update: bool,
    ) -> Result<String, String> {
        let known = Root::find(root).filter(|r| r.exists_in(version));
        let root = known.ok_or_else(|| format!("{version} has no root {root}"))?;
        let steps = self.find(root.shape, version).ok_or_else(|| {
            format!(
                "{} stands nowhere in {} of {version}",
                self.names.join(" and "),
                root.name
            )
        })?;
        // Names need a certificate; where none is given, a certificate would have nothing to stand for.
        let mut names = with_all_they_bring(
            steps
                .iter()
                .copied()
                .chain(self.names.iter().map(String::as_str))
                .filter(|name| *name != "Aliases" || self.marked.contains("CNAME>")),
        );
        let default = "<CloudFrontDefaultCertificate>true</";
        if self.marked.contains(default) {
            names.remove(CERTIFIED);
        }
        let smallest = Smallest {
            version,
            update,
            fragment: Some(self),
            names,
        };
        let tree = smallest.element("", root.name, root.shape, Some(&steps));
        Ok(tree.write(version, Layout::PRETTY))
    }

    /// The names on the shortest way from a root to the fragment, its own name last.
    fn find(&self, root: ShapeId, version: ApiVersion) -> Option<Vec<&'static str>> {
        let mut seen = vec![root];
        let mut open = VecDeque::from([(root, Vec::new())]);
        while let Some((id, steps)) = open.pop_front() {
            let inside: Vec<(&'static str, ShapeId)> = match id.shape().item() {
                Some(item) => vec![item],
                None => members(id.shape(), version)
                    .map(|(m, s)| {
                        (
                            m.name,
                            s.shape()
                                .item()
                                .filter(|_| s.shape().is_flattened())
                                .map_or(s, |i| i.1),
                        )
                    })
                    .collect(),
            };
            if self
                .names
                .iter()
                .all(|n| inside.iter().any(|(name, _)| name == n))
            {
                let own = inside.iter().find(|(name, _)| *name == self.names[0])?.0;
                return Some([steps.as_slice(), &[own]].concat());
            }
            for (name, shape) in inside {
                if !seen.contains(&shape) {
                    seen.push(shape);
                    open.push_back((shape, [steps.as_slice(), &[name]].concat()));
                }
            }
        }
        None
    }
}

/// The smallest valid document of a root.
pub(crate) fn minimal(root: &'static Root, version: ApiVersion) -> Node {
    let smallest = Smallest {
        version,
        update: false,
        fragment: None,
        names: BTreeSet::new(),
    };
    smallest.element("", root.name, root.shape, None)
}

/// Names of elements, and of those that they bring along.
fn with_all_they_bring<'n>(names: impl Iterator<Item = &'n str>) -> BTreeSet<&'n str> {
    let mut all: BTreeSet<&str> = names.collect();
    loop {
        let before = all.len();
        for (trigger, _, member) in WITH {
            if all.contains(trigger) {
                all.insert(member);
            }
        }
        if all.len() == before {
            return all;
        }
    }
}

struct Smallest<'f> {
    version: ApiVersion,
    /// The document is sent to update something.
    update: bool,
    /// Elements that the document is about.
    names: BTreeSet<&'f str>,
    /// What to put at the end of the steps.
    fragment: Option<&'f Fragment>,
}

impl Smallest<'_> {
    /// An element in a structure; `steps` lead from it to the place of the fragment.
    fn element(&self, inside: &str, name: &str, id: ShapeId, steps: Option<&[&str]>) -> Node {
        let shape = id.shape();
        let content = match &shape.kind {
            Kind::Structure { .. } => Content::Children(self.structure(shape, steps)),
            Kind::List {
                item,
                shape: of,
                count,
                ..
            } => Content::Children(self.items(item, *of, count.min.unwrap_or(0) as usize, steps)),
            _ => Content::Text(self.text(inside, name, shape)),
        };
        Node {
            shape: Some(id),
            ..Node::new(name, content)
        }
    }

    /// The fragment, if the steps end here.
    fn fragment_at(&self, steps: Option<&[&str]>) -> Option<Node> {
        let (Some(fragment), Some([name])) = (self.fragment, steps) else {
            return None;
        };
        Some(Node::new(name, Content::Raw(fragment.marked.clone())))
    }

    fn structure(&self, shape: &'static Shape, steps: Option<&[&str]>) -> Vec<Node> {
        let wanted = steps.map(|s| s[0]);
        let own = |name: &str| {
            let ends_here = steps.is_some_and(|s| s.len() == 1);
            self.fragment
                .is_some_and(|f| ends_here && f.names.iter().any(|n| n == name))
        };
        let chosen = self.chosen(shape, wanted, &own);
        let mut children = Vec::new();
        let mut items = 0;
        for (member, id) in members(shape, self.version) {
            let on_the_way = wanted == Some(member.name);
            if on_the_way && let Some(fragment) = self.fragment_at(steps) {
                children.push(fragment);
                items = self.fragment.map_or(0, |f| f.inside);
                continue;
            }
            let not_empty = member.name == "Items" && id.shape().bounds().min > Some(0);
            let brought = WITH.iter().any(|(by, of, name)| {
                self.is_about(by) && *of == shape.name && *name == member.name
            });
            let on_update = self.update && ON_UPDATE.contains(&(shape.name, member.name));
            let needed = not_empty
                || on_update
                || brought
                || member.is_required(self.version)
                || chosen == Some(member.name);
            if own(member.name) || !(on_the_way || needed) {
                continue;
            }
            let (id, steps) = match id.shape().item() {
                Some((_, item)) if id.shape().is_flattened() => (item, steps),
                _ => (id, steps),
            };
            let inner = steps.filter(|_| on_the_way).map(|s| &s[1..]);
            let mut child = self.element(shape.name, member.name, id, inner);
            child.member = Some(member);
            if shape.name == "OriginGroup" && member.name == "Id" {
                child.content = Content::Text("group".to_owned());
            }
            // A list that must be there is not empty.
            if let Some((item, of)) = id.shape().item()
                && child.children().is_empty()
            {
                child.children_mut().push(self.element("", item, of, None));
            }
            if member.name == "Items" {
                items = self.items_in(child.children());
            }
            children.push(child);
        }
        count_items(&mut children, items);
        children
    }

    fn items_in(&self, items: &[Node]) -> usize {
        let fragments = items
            .iter()
            .filter(|i| matches!(i.content, Content::Raw(_)))
            .count();
        let each = self.fragment.map_or(1, |f| f.names.len());
        items.len() - fragments + fragments * each
    }

    fn is_about(&self, name: &str) -> bool {
        name == "*" || self.names.contains(name)
    }

    /// The one of several members that the structure gets.
    fn chosen(
        &self,
        shape: &'static Shape,
        wanted: Option<&str>,
        own: &dyn Fn(&str) -> bool,
    ) -> Option<&'static str> {
        let names: Vec<&'static str> = members(shape, self.version).map(|(m, _)| m.name).collect();
        // The certificate of CloudFront goes with no names.
        if shape.name == "ViewerCertificate" && self.update && !self.names.contains(CERTIFIED) {
            let default = |name: &&&str| **name == "CloudFrontDefaultCertificate";
            return names.iter().find(default).copied();
        }
        let of: Vec<&'static str> = match ONE_OF.iter().find(|(name, _)| *name == shape.name) {
            Some((_, of)) => of
                .iter()
                .copied()
                .filter(|name| names.contains(name))
                .collect(),
            None if is_union(shape) => names,
            None => return None,
        };
        // An origin with access control is a bucket.
        let bucket = self.names.contains("OriginAccessControlId") && shape.name == "Origin";
        let given = of.iter().find(|name| {
            wanted == Some(**name) || own(name) || bucket && **name == "S3OriginConfig"
        });
        given.or(of.first()).copied()
    }

    fn items(
        &self,
        item: &'static str,
        of: ShapeId,
        least: usize,
        steps: Option<&[&str]>,
    ) -> Vec<Node> {
        // The members of an origin group are two origins, and it fails over when the first does not answer.
        let least = match item {
            "Origin" if self.names.contains("OriginGroup") => 2,
            "StatusCode" => 3,
            "Method" if self.update => 2,
            _ => least,
        };
        let mut items: Vec<Node> = (0..least.max(usize::from(steps.is_some())))
            .map(|_| self.element("", item, of, None))
            .collect();
        for (number, item) in items.iter_mut().enumerate().skip(1) {
            if item.name == "StatusCode" {
                item.content = Content::Text((502 + number).to_string());
                continue;
            }
            if item.name == "Method" {
                item.content = Content::Text("HEAD".to_owned());
                continue;
            }
            for child in item.children_mut() {
                if ["Id", "OriginId"].contains(&child.name.as_str()) {
                    child.content = Content::Text(format!("example-{}", number + 1));
                }
            }
        }
        if let Some(steps) = steps {
            items[0] = self
                .fragment_at(Some(steps))
                .unwrap_or_else(|| self.element("", item, of, Some(&steps[1..])));
            // Several items stand for as many generated ones.
            let spare = self.items_in(&items[..1]).saturating_sub(1);
            items.truncate(items.len().saturating_sub(spare).max(1));
        }
        items
    }

    fn text(&self, inside: &str, name: &str, shape: &'static Shape) -> String {
        let mut usual = VALUES
            .iter()
            .filter(|(about, of, _)| *of == name && (*about == inside || self.is_about(about)))
            .map(|(_, _, value)| *value);
        let legal = |value: &str| {
            let mut known = shape.values().iter().filter(|v| v.exists_in(self.version));
            shape.values().is_empty() || known.any(|v| v.value == value)
        };
        let usual = usual.find(|value| legal(value));
        if name == "TargetOriginId" && self.names.contains("OriginGroup") {
            return "group".to_owned();
        }
        match &shape.kind {
            Kind::String { values, length, .. } => {
                let mut known = values.iter().filter(|v| v.exists_in(self.version));
                if let Some(value) = usual.or_else(|| known.next().map(|v| v.value)) {
                    return value.to_owned();
                }
                let least = length.min.unwrap_or(0).max(7) as usize;
                let length = length.max.map_or(least, |max| least.min(max as usize));
                match shape.pattern(self.version) {
                    Some(pattern) => matching(pattern, length, &mut Random::new(0)),
                    None => "example".chars().cycle().take(length).collect(),
                }
            }
            Kind::Boolean => usual.unwrap_or("false").to_owned(),
            Kind::Double { range } => range.min.unwrap_or(1).to_string(),
            Kind::Timestamp => "2024-03-01T12:00:00Z".to_owned(),
            Kind::Blob { length } => base64(&vec![b'a'; length.min.unwrap_or(0).max(3) as usize]),
            _ => usual.unwrap_or("1").to_owned(),
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Random documents

/// Deeper than this, only what is required.
const DEEPEST: usize = 9;
/// Most items of a list, unless it needs more.
const MOST_ITEMS: i64 = 4;

/// A random valid document.
pub(crate) fn document(root: &'static Root, version: ApiVersion, random: &mut Random) -> Node {
    let optional = *random.pick(&[0, 20, 50, 90]);
    let shuffled = random.percent(50);
    let mut generator = Generator {
        version,
        random,
        optional,
        shuffled,
    };
    generator.element(root.name, root.shape, None, 0)
}

struct Generator<'r> {
    version: ApiVersion,
    random: &'r mut Random,
    /// How often an optional member is there, in percent.
    optional: usize,
    /// Members stand in any order.
    shuffled: bool,
}

impl Generator<'_> {
    fn element(
        &mut self,
        name: &str,
        id: ShapeId,
        member: Option<&'static Member>,
        depth: usize,
    ) -> Node {
        let shape = id.shape();
        let content = match &shape.kind {
            Kind::Structure { .. } => Content::Children(self.structure(shape, depth)),
            Kind::List {
                item,
                shape: of,
                count,
                ..
            } => {
                let required = member.is_some_and(|m| m.is_required(self.version));
                let number = self.number_of_items(*count, required || name == "Items", depth);
                let items = (0..number).map(|_| self.element(item, *of, None, depth + 1));
                Content::Children(items.collect())
            }
            _ => Content::Text(self.text(shape, member)),
        };
        Node {
            shape: Some(id),
            member,
            ..Node::new(name, content)
        }
    }

    fn structure(&mut self, shape: &'static Shape, depth: usize) -> Vec<Node> {
        let all: Vec<(&'static Member, ShapeId)> = members(shape, self.version).collect();
        let only = is_union(shape).then(|| self.random.pick(&all).0.name);
        // Whether there are items decides whether there is an Items, so it is not drawn twice.
        let mut children = Vec::new();
        let mut items = 0;
        for (member, id) in all {
            let required = member.is_required(self.version);
            let least = id.shape().bounds().min.unwrap_or(0);
            let needs_items = member.name == "Items" && id.shape().item().is_some() && least > 0;
            let wanted = match only {
                Some(only) => only == member.name,
                None => {
                    required
                        || needs_items
                        || (depth < DEEPEST && self.random.percent(self.optional))
                }
            };
            if !wanted {
                continue;
            }
            match id.shape().item() {
                Some((_, item)) if id.shape().is_flattened() => {
                    let number = self.number_of_items(id.shape().bounds(), required, depth);
                    for _ in 0..number {
                        children.push(self.element(member.name, item, Some(member), depth + 1));
                    }
                }
                _ => {
                    let child = self.element(member.name, id, Some(member), depth + 1);
                    if member.name == "Items" {
                        items = child.children().len();
                    }
                    children.push(child);
                }
            }
        }
        count_items(&mut children, items);
        if self.shuffled {
            self.random.shuffle(&mut children);
        }
        children
    }

    fn number_of_items(&mut self, count: Bounds, not_empty: bool, depth: usize) -> i64 {
        let min = count.min.unwrap_or(0).max(i64::from(not_empty));
        let max = count.max.unwrap_or(MOST_ITEMS).min(MOST_ITEMS).max(min);
        if depth < DEEPEST {
            self.random.between(min, max)
        } else {
            min
        }
    }

    fn text(&mut self, shape: &'static Shape, member: Option<&'static Member>) -> String {
        if self.may_be_empty(shape, member) && self.random.percent(5) {
            return String::new();
        }
        match &shape.kind {
            Kind::String {
                values: [], length, ..
            } => self.string(shape, *length),
            Kind::String { values, .. } => {
                let known: Vec<&str> = values
                    .iter()
                    .filter(|v| v.exists_in(self.version))
                    .map(|v| v.value)
                    .collect();
                (*self.random.pick(&known)).to_owned()
            }
            Kind::Boolean => (*self.random.pick(&["true", "false"])).to_owned(),
            Kind::Integer => self.number(i64::from(i32::MIN), i64::from(i32::MAX)),
            Kind::Long => self.number(i64::MIN, i64::MAX),
            Kind::Float => format!("{}.{}", self.random.below(100), self.random.below(100)),
            Kind::Double { range } => {
                let (min, max) = (range.min.unwrap_or(0), range.max.unwrap_or(1000));
                self.random.between(min, max).to_string()
            }
            Kind::Timestamp => format!("2026-01-31T{:02}:59:59.000Z", self.random.below(24)),
            Kind::Blob { length } => {
                let length = self.length(*length);
                base64(
                    &(0..length.max(1))
                        .map(|_| self.random.next() as u8)
                        .collect::<Vec<u8>>(),
                )
            }
            Kind::Structure { .. } | Kind::List { .. } => String::new(),
        }
    }

    /// An empty value means "not set" where that is allowed.
    fn may_be_empty(&self, shape: &'static Shape, member: Option<&'static Member>) -> bool {
        let is_text =
            matches!(shape.kind, Kind::String { values: &[], length, .. } if length.min.is_none());
        member.is_some_and(|m| {
            // Items have a value, also those that stand directly in the structure.
            let is_item = m
                .shape_in(self.version)
                .is_some_and(|s| s.shape().is_flattened());
            // Up to 2012-03-15 an empty DefaultRootObject was refused; it had to be left out.
            let early = m.name == "DefaultRootObject" && self.version.date() <= "2012-03-15";
            let fixed = is_item || early || m.name == "Quantity";
            !fixed && (m.may_be_empty || is_text && !m.is_required(self.version))
        })
    }

    fn number(&mut self, min: i64, max: i64) -> String {
        match self.random.below(10) {
            0 => min.to_string(),
            1 => max.to_string(),
            2 => self.random.between(min, max).to_string(),
            _ => self.random.below(5000).to_string(),
        }
    }

    /// A length within bounds: mostly short, at times the smallest or the largest.
    fn length(&mut self, bounds: Bounds) -> usize {
        let min = bounds.min.unwrap_or(0).max(1);
        let max = bounds.max.unwrap_or(min + 30).max(min);
        match self.random.below(20) {
            0 => min as usize,
            1 if max <= 300 => max as usize,
            _ => self.random.between(min, max.min(min + 30)) as usize,
        }
    }

    fn string(&mut self, shape: &'static Shape, length: Bounds) -> String {
        let length = self.length(length);
        match shape.pattern(self.version) {
            Some(pattern) => matching(pattern, length, self.random),
            None => {
                // Nothing that could pass for a placeholder of a template.
                let inner: Vec<char> = "abcxyzABC019-._/:*?=+&<>\"' äé€語😀".chars().collect();
                text_of(&inner, length, self.random)
            }
        }
    }
}

/// A text of so many characters of a set; the first and the last are letters.
fn text_of(of: &[char], length: usize, random: &mut Random) -> String {
    let letters: Vec<char> = ('a'..='z').collect();
    (0..length)
        .map(|i| {
            *random.pick(if i == 0 || i + 1 == length {
                &letters
            } else {
                of
            })
        })
        .collect()
}

/// A text that matches a pattern of the schema, of about `length` characters.
pub(crate) fn matching(pattern: &'static str, length: usize, random: &mut Random) -> String {
    let whole = pattern.trim_start_matches('^').trim_end_matches('$');
    let word: Vec<char> = "abcXYZ019-_".chars().collect();
    let digits: Vec<char> = "0123456789".chars().collect();
    let id = |random: &mut Random| text_of(&word, length.clamp(1, 64), random);
    let text = match whole {
        r"[a-z]{2}-[a-z]+-\d" => {
            (*random.pick(&["us-east-1", "eu-central-2", "ap-southeast-9"])).to_owned()
        }
        "[a-zA-Z0-9-_]{1,64}" | "[a-zA-Z0-9-_]+" => id(random),
        "[a-zA-Z0-9][a-zA-Z0-9-.]{1,126}[a-zA-Z0-9]" => {
            let inner: Vec<char> = "abcXYZ019-.".chars().collect();
            text_of(&inner, length.clamp(3, 128), random)
        }
        r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)" => {
            let inner: Vec<char> = "abcXYZ019 _.:/=+-@äé語".chars().collect();
            text_of(&inner, length, random)
        }
        r"arn:aws:cloudfront::[0-9]{12}:function\/[a-zA-Z0-9-_]{1,64}" => {
            let name = text_of(&word, 1 + random.below(40), random);
            format!("arn:aws:cloudfront::111122223333:function/{name}")
        }
        r"arn:aws:cloudfront::[0-9]{12}:key-value-store\/[0-9a-fA-F-]{36}" => {
            let id: String = (0..36).map(|_| *random.pick(&digits)).collect();
            format!("arn:aws:cloudfront::111122223333:key-value-store/{id}")
        }
        _ => panic!(
            "no text is known that matches {pattern}: add one to matching() in {}",
            file!()
        ),
    };
    assert!(matches(pattern, &text), "{text:?} should match {pattern}");
    text
}

/// Whether a whole text matches a pattern of the schema.
pub(crate) fn matches(pattern: &'static str, text: &str) -> bool {
    static COMPILED: Mutex<BTreeMap<&str, Regex>> = Mutex::new(BTreeMap::new());
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let regex = compiled.entry(pattern).or_insert_with(|| {
        let whole = pattern.trim_start_matches('^').trim_end_matches('$');
        Regex::new(&format!("^(?:{whole})$")).unwrap()
    });
    regex.is_match(text)
}

/// Base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().enumerate().fold(0_u32, |sum, (i, byte)| {
            sum | u32::from(*byte) << (16 - 8 * i)
        });
        for i in 0..4 {
            out.push(match i <= chunk.len() {
                true => char::from(LETTERS[(group >> (18 - 6 * i)) as usize & 63]),
                false => '=',
            });
        }
    }
    out
}
