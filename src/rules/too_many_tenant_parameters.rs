//! `too-many-tenant-parameters`: a multi-tenant distribution defines more parameters than the quota allows.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::{id, option};
use crate::scope::Scope;

/// The number of definitions; points at the first that is too many.
pub(crate) fn check(scope: &Scope<'_>, definitions: Element<'_>, findings: &mut Vec<Finding>) {
    let max = scope.number(option::MAX_TENANT_PARAMETERS);
    let known = |member: &Element<'_>| member.shape().is_some();
    let mut members = definitions.children().filter(known);
    let Some(surplus) = members.nth(usize::try_from(max).unwrap_or(0)) else {
        return;
    };
    let count = max + 1 + members.count() as i64;
    findings.push(
        Finding::new(
            id::TOO_MANY_TENANT_PARAMETERS,
            surplus.name_span(),
            format!("{count} parameters are more than the quota of {max}"),
        )
        .at(definitions.path())
        .label(format!("number {}", max + 1))
        .note("if AWS has raised this quota for you, `--set max-tenant-parameters=NUMBER` tells what yours is")
        .help("delete parameters that no value names, or split the distribution"),
    );
}

#[cfg(test)]
mod tests {
    use crate::rule::option;
    use crate::{Settings, Source, check};

    #[test]
    fn the_quota_can_be_raised() {
        let member = "<member><Name>a</Name></member>";
        let findings = |count: usize, max| {
            let text = format!(
                "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><TenantConfig>\
                 <ParameterDefinitions>{}</ParameterDefinitions></TenantConfig></DistributionConfig>",
                member.repeat(count)
            );
            let mut settings = Settings::default();
            settings.options.set(option::MAX_TENANT_PARAMETERS, max);
            let source = Source::from_bytes("test.xml", text.into_bytes());
            let findings = check(&source, None, &settings).findings;
            let of_rule = findings
                .iter()
                .filter(|f| f.rule.name() == "too-many-tenant-parameters");
            of_rule.count()
        };
        assert_eq!(findings(7, 7), 0);
        assert_eq!(findings(8, 7), 1);
    }
}
