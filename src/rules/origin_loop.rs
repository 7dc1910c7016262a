//! `origin-loop`: an origin of a distribution is one of its own names.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::lookup::Lookup;
use crate::rule::id;
use crate::rules::template_leftover::is_unknown;
use crate::schema::name;
use crate::scope::Scope;

/// Compares the origins with the aliases and, in an answer of the API, with the name that CloudFront gave.
pub(crate) fn check(_: &Scope<'_>, config: Element<'_>, findings: &mut Vec<Finding>) {
    let mut names: Lookup<'_, Element<'_>> = Lookup::ignoring_case(true);
    let aliases = config
        .get(name::ALIASES)
        .into_iter()
        .flat_map(Element::items);
    let document = config.document();
    let answer = document.is_response().then(|| document.root());
    let own = answer
        .into_iter()
        .flat_map(Element::children)
        .filter(|child| child.name() == "DomainName");
    for known in aliases.chain(own).filter(|known| !is_unknown(*known)) {
        names.insert(trimmed(known.value()), known);
    }
    if names.is_empty() {
        return;
    }
    let origins = config
        .get(name::ORIGINS)
        .into_iter()
        .flat_map(Element::items);
    for domain in origins.filter_map(|origin| origin.get(name::DOMAIN_NAME)) {
        let value = trimmed(domain.value());
        if let Some(own) = names.get(value).filter(|_| !value.is_empty()) {
            findings.push(report(domain, own));
        }
    }
}

fn report(domain: Element<'_>, own: Element<'_>) -> Finding {
    let message = format!("origin {} is the distribution itself", domain.shown_value());
    Finding::new(id::ORIGIN_LOOP, domain.subject_span(), message)
        .at(domain.path())
        .label("leads back here")
        .also(own.subject_span(), "its own name")
        .note("CloudFront accepts this, and answers 403 to viewers: the requests run in a circle")
        .help("name the server that has the content; it needs a name of its own")
}
