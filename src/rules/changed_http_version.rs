//! `changed-http-version`: one of several distributions with a certificate may have another HttpVersion than the others.

use crate::check::trimmed;
use crate::compare::Change;
use crate::document::Element;
use crate::rule::id;
use crate::update::{Update, around, is_in};

/// Only where the certificate is the user's own: that of CloudFront is shared by all.
pub(crate) fn check(update: &mut Update<'_>) {
    // One that is left out is lost: `lost-element` tells the default.
    let is_it = |c: &Change<'_>| is_in(c.element(), "DistributionConfig", "HttpVersion");
    let found = update.find(|c| c.new.is_some() && is_it(c));
    let Some((place, change)) = found else { return };
    let config = around(change.new_around, "DistributionConfig");
    let Some(certificate) = config.and_then(certificate_of) else {
        return;
    };
    let finding = update
        .finding(id::CHANGED_HTTP_VERSION, &change, "HttpVersion changes", "as it is today")
        .label("differs")
        .also(certificate.subject_span(), "the certificate that others may use, too")
        .note("distributions that share a certificate have to have the same HttpVersion: browsers use one connection for all names of a certificate")
        .help("change the other distributions with this certificate, too, if there are any");
    update.say([place], finding);
}

/// The certificate that is not CloudFront's own.
fn certificate_of(config: Element<'_>) -> Option<Element<'_>> {
    let certificate = config.child("ViewerCertificate")?;
    let names = ["ACMCertificateArn", "IAMCertificateId"];
    let mut own = names.into_iter().filter_map(|name| certificate.child(name));
    own.find(|element| !trimmed(element.value()).is_empty())
}
