//! The smallest valid document around a fragment: what examples of rules need beside what they show.
//!
//! The pages of our own rules and the examples of policies are completed with it.

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write as _;

use crate::check::{Settings, read};
use crate::edit::escaped;
use crate::schema::{ApiVersion, Kind, Location, Member, Root, Shape, ShapeId};
use crate::source::{Source, Span};

/// Begins the text that a finding should mark.
pub const OPEN: char = '⟦';
/// Ends it.
pub const CLOSE: char = '⟧';

/// Takes the marks out of a text; tells what stood between them.
///
/// # Errors
/// A sentence about marks that are no pair.
pub fn unmark(marked: &str) -> Result<(String, Option<Span>), String> {
    let count = |mark: char| marked.matches(mark).count();
    let (opened, closed) = (count(OPEN), count(CLOSE));
    match (opened, closed, marked.find(OPEN), marked.find(CLOSE)) {
        (0, 0, ..) => Ok((marked.to_owned(), None)),
        (1, 1, Some(start), Some(end)) if start < end => {
            let text = marked.replace([OPEN, CLOSE], "");
            let span = Span::new(start as u32, (end - OPEN.len_utf8()) as u32);
            Ok((text, Some(span)))
        }
        (1, 1, ..) => Err(format!("{CLOSE} stands before {OPEN}")),
        _ => Err(format!(
            "{opened} {OPEN} and {closed} {CLOSE}: one of each is right"
        )),
    }
}

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
pub struct Fragment {
    /// With its marks.
    marked: String,
    /// The names of the outermost elements.
    names: Vec<String>,
    /// Number of elements in the first.
    inside: usize,
}

impl Fragment {
    /// Reads a piece of XML.
    ///
    /// # Errors
    /// A sentence that says why it cannot be read.
    pub fn read(marked: &str) -> Result<Fragment, String> {
        let (text, _) = unmark(marked)?;
        let wrapped = Source::from_bytes("fragment", format!("<x>{text}</x>").into_bytes());
        let document = read(&wrapped, &Settings::default())
            .map_err(|finding| format!("it is not well-formed: {}", finding.message))?;
        let names: Vec<String> = document
            .root()
            .children()
            .map(|c| c.name().to_owned())
            .collect();
        let first = document
            .root()
            .children()
            .next()
            .ok_or("it has no element")?;
        Ok(Fragment {
            marked: marked.trim().to_owned(),
            names,
            inside: first.children().count(),
        })
    }

    /// The name of the first element.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// The smallest valid document that holds it, with its marks.
    ///
    /// # Errors
    /// A sentence that says that it has no place below the root.
    pub fn complete(
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
        Ok(tree.write(version))
    }

    /// Where it is put below a root: `Origins/Items/Origin/Id`. None if it has no place there.
    pub fn place(&self, root: &str, version: ApiVersion) -> Option<String> {
        let root = Root::find(root).filter(|root| root.exists_in(version))?;
        Some(self.find(root.shape, version)?.join("/"))
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
                let own = inside.iter().find(|(name, _)| *name == self.name())?.0;
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
pub fn smallest(root: &'static Root, version: ApiVersion) -> String {
    let smallest = Smallest {
        version,
        update: false,
        fragment: None,
        names: BTreeSet::new(),
    };
    let tree = smallest.element("", root.name, root.shape, None);
    tree.write(version)
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
        Node::new(name, content)
    }

    /// The fragment, if the steps end here.
    fn fragment_at(&self, steps: Option<&[&str]>) -> Option<Node> {
        let (Some(fragment), Some([name])) = (self.fragment, steps) else {
            return None;
        };
        Some(Node::new(name, Content::Raw(fragment.marked.clone())))
    }

    fn structure(&self, shape: &'static Shape, steps: Option<&[&str]>) -> Vec<Node> {
        let wanted = steps.and_then(|s| s.first().copied());
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
            let inner = steps.filter(|_| on_the_way).and_then(|s| s.get(1..));
            let mut child = self.element(shape.name, member.name, id, inner);
            if shape.name == "OriginGroup" && member.name == "Id" {
                child.content = Content::Text("group".to_owned());
            }
            // A list that must be there is not empty.
            if let Some((item, of)) = id.shape().item()
                && child.children().is_empty()
            {
                child.content = Content::Children(vec![self.element("", item, of, None)]);
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
            let Content::Children(children) = &mut item.content else {
                continue;
            };
            for child in children {
                if ["Id", "OriginId"].contains(&child.name.as_str()) {
                    child.content = Content::Text(format!("example-{}", number + 1));
                }
            }
        }
        if let Some(steps) = steps {
            let first = self
                .fragment_at(Some(steps))
                .unwrap_or_else(|| self.element("", item, of, steps.get(1..)));
            // Several items stand for as many generated ones.
            let spare = self
                .items_in(std::slice::from_ref(&first))
                .saturating_sub(1);
            if let Some(place) = items.first_mut() {
                *place = first;
            }
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
                    Some(pattern) => matching(pattern, length),
                    None => "example".chars().cycle().take(length).collect(),
                }
            }
            Kind::Boolean => usual.unwrap_or("false").to_owned(),
            Kind::Double { range } => range.min.unwrap_or(1).to_string(),
            Kind::Timestamp => "2024-03-01T12:00:00Z".to_owned(),
            Kind::Blob { length } => {
                "YWFh".repeat(length.min.unwrap_or(0).max(3).div_euclid(3) as usize + 1)
            }
            _ => usual.unwrap_or("1").to_owned(),
        }
    }
}

/// The members that travel in the document, in canonical order, with their shapes.
fn members(
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
    let is_quantity = |c: &&mut Node| c.name == "Quantity" && matches!(c.content, Content::Text(_));
    if let Some(quantity) = children.iter_mut().find(is_quantity) {
        quantity.content = Content::Text(items.to_string());
    }
}

/// A text that matches a pattern of the schema, of about `length` characters.
fn matching(pattern: &str, length: usize) -> String {
    match pattern.trim_start_matches('^').trim_end_matches('$') {
        r"[a-z]{2}-[a-z]+-\d" => "us-east-1".to_owned(),
        pattern if pattern.contains(":function") => {
            "arn:aws:cloudfront::111122223333:function/example".to_owned()
        }
        pattern if pattern.contains(":key-value-store") => {
            "arn:aws:cloudfront::111122223333:key-value-store/12345678-1234-1234-1234-123456789012"
                .to_owned()
        }
        _ => "example"
            .chars()
            .cycle()
            .take(length.clamp(3, 64))
            .collect(),
    }
}

/// An element that is being put together.
struct Node {
    name: String,
    content: Content,
}

enum Content {
    Text(String),
    Children(Vec<Node>),
    /// XML that stands in place of the whole element.
    Raw(String),
}

impl Node {
    fn new(name: &str, content: Content) -> Node {
        Node {
            name: name.to_owned(),
            content,
        }
    }

    fn children(&self) -> &[Node] {
        match &self.content {
            Content::Children(children) => children,
            _ => &[],
        }
    }

    /// The document with this root.
    fn write(&self, version: ApiVersion) -> String {
        let mut out = String::new();
        self.write_to(&mut out, 0, &format!(" xmlns=\"{}\"", version.namespace()));
        out.push('\n');
        out
    }

    fn write_to(&self, out: &mut String, depth: usize, namespace: &str) {
        let name = &self.name;
        match &self.content {
            Content::Raw(xml) => out.push_str(xml),
            Content::Text(text) if text.is_empty() => {
                let _ = write!(out, "<{name}{namespace}/>");
            }
            Content::Text(text) => {
                let _ = write!(out, "<{name}{namespace}>{}</{name}>", escaped(text));
            }
            Content::Children(children) => {
                let _ = write!(out, "<{name}{namespace}>");
                for child in children {
                    let _ = write!(out, "\n{}", "  ".repeat(depth + 1));
                    child.write_to(out, depth + 1, "");
                }
                let _ = write!(out, "\n{}</{name}>", "  ".repeat(depth));
            }
        }
    }
}
