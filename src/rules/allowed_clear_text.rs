//! `allowed-clear-text`: an update lets requests travel without encryption.

use crate::document::Element;
use crate::rule::id;
use crate::update::{Update, behavior_of, is_in, origin_in_words, requests_of, values};

/// Whether it says how an origin is asked, in new or in old versions of the API.
fn is_policy_of_origin(element: Element<'_>) -> bool {
    let structures = ["CustomOriginConfig", "CustomOrigin"];
    let mut structures = structures.iter();
    structures.any(|structure| is_in(element, structure, "OriginProtocolPolicy"))
}

/// One finding for each behavior and each origin.
pub(crate) fn check(update: &mut Update<'_>) {
    for (place, change) in update.losses() {
        let element = change.element();
        let Some((old, new)) = values(&change) else {
            continue;
        };
        let was = match old {
            "match-viewer" => "HTTPS for viewers with HTTPS today",
            _ => "HTTPS today",
        };
        let (message, note) = match behavior_of(element) {
            Some(behavior) if element.name() == "ViewerProtocolPolicy" && new == "allow-all" => (
                format!("{} may come without HTTPS", requests_of(behavior)),
                "everybody on the way can read and change them, cookies and signed URLs included",
            ),
            None if is_policy_of_origin(element) && (old == "https-only" || new == "http-only") => {
                (
                    match new {
                        "http-only" => {
                            format!("{} is asked without HTTPS", origin_in_words(element))
                        }
                        _ => format!("{} may be asked without HTTPS", origin_in_words(element)),
                    },
                    "everybody between CloudFront and the origin can read and change requests and answers",
                )
            }
            _ => continue,
        };
        let finding = update
            .finding(id::ALLOWED_CLEAR_TEXT, &change, message, was)
            .label("allows HTTP")
            .note(note)
            .help(format!("write {old} again"));
        update.say([place], finding);
    }
}
