//! `too-many-lambda-associations`: more Lambda@Edge associations than the quota of a distribution.

use crate::document::Element;
use crate::finding::{Finding, Level};
use crate::rule::{id, option};
use crate::schema::name;
use crate::scope::Scope;

/// A behavior with more is reported for that.
const MOST_OF_A_BEHAVIOR: usize = 4;

/// Counts the associations of all behaviors together and points at the first that is too many.
pub(crate) fn check(scope: &Scope<'_>, config: Element<'_>, findings: &mut Vec<Finding>) {
    let max = scope.number(option::MAX_LAMBDA_ASSOCIATIONS);
    let default = config.get(name::DEFAULT_CACHE_BEHAVIOR);
    let others = config
        .get(name::CACHE_BEHAVIORS)
        .into_iter()
        .flat_map(Element::items);
    let behaviors = default.into_iter().chain(others);
    // Nearly always there are too few behaviors to look into.
    if (behaviors.clone().count() * MOST_OF_A_BEHAVIOR) as i64 <= max {
        return;
    }
    let mut associations = behaviors
        .filter_map(|behavior| behavior.get(name::LAMBDA_FUNCTION_ASSOCIATIONS))
        .flat_map(Element::items);
    let Some(surplus) = associations.nth(usize::try_from(max).unwrap_or(0)) else {
        return;
    };
    let count = max + 1 + associations.count() as i64;
    let message = format!(
        "{count} Lambda@Edge associations in the distribution, but at most {max} are allowed"
    );
    findings.push(
        Finding::new(
            id::TOO_MANY_LAMBDA_ASSOCIATIONS,
            surplus.name_span(),
            message,
        )
        .level(Level::Warning)
        .at(config.path())
        .label(format!("number {}", max + 1))
        .note("AWS raises this quota on request; `--set max-lambda-associations=NUMBER` tells what yours is")
        .help("let one function do the work of several, or split the distribution"),
    );
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::{Level, Settings, Source, check};

    /// How the rule speaks of a distribution of so many behaviors with four associations each, and of one with fewer.
    fn levels(behaviors: usize, last: usize, max: Option<i64>) -> Vec<Level> {
        let events = [
            "viewer-request",
            "viewer-response",
            "origin-request",
            "origin-response",
        ];
        let associations = |count: usize| {
            let items: String = events
                .iter()
                .take(count)
                .map(|event| {
                    format!(
                        "<LambdaFunctionAssociation><LambdaFunctionARN>arn:aws:lambda:us-east-1:111122223333:function:f:1\
                         </LambdaFunctionARN><EventType>{event}</EventType></LambdaFunctionAssociation>"
                    )
                })
                .collect();
            format!(
                "<LambdaFunctionAssociations><Quantity>{count}</Quantity><Items>{items}</Items></LambdaFunctionAssociations>"
            )
        };
        let items: String = (0..behaviors)
            .map(|_| format!("<CacheBehavior>{}</CacheBehavior>", associations(4)))
            .collect();
        let text = format!(
            "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
             <DefaultCacheBehavior>{}</DefaultCacheBehavior><CacheBehaviors><Quantity>{behaviors}</Quantity>\
             <Items>{items}</Items></CacheBehaviors></DistributionConfig>",
            associations(last)
        );
        let mut settings = Settings::default();
        if let Some(max) = max {
            settings
                .options
                .set(crate::rule::option::MAX_LAMBDA_ASSOCIATIONS, max);
        }
        let source = Source::from_bytes("test.xml", text.into_bytes());
        let findings = check(&source, None, &settings).findings;
        findings
            .iter()
            .filter(|f| f.rule.name() == "too-many-lambda-associations")
            .map(|f| f.level)
            .collect()
    }

    #[test]
    fn a_hundred_pass() {
        assert_eq!(levels(24, 4, None), []);
        assert_eq!(levels(25, 1, None), [Level::Warning]);
    }

    #[test]
    fn the_quota_can_be_raised() {
        assert_eq!(levels(25, 1, Some(101)), []);
        assert_eq!(levels(25, 2, Some(101)), [Level::Warning]);
        assert_eq!(levels(0, 1, Some(0)), [Level::Warning]);
    }
}
