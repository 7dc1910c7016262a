//! Security policies of CloudFront's edge: how viewers may connect.

/// From weak to strong (developer guide, "Supported protocols and ciphers between viewers and CloudFront").
const POLICIES: [&str; 9] = [
    "SSLv3",
    "TLSv1",
    "TLSv1_2016",
    "TLSv1.1_2016",
    "TLSv1.2_2018",
    "TLSv1.2_2019",
    "TLSv1.2_2021",
    "TLSv1.2_2025",
    "TLSv1.3_2025",
];

/// The weakest that allows nothing older than TLS 1.2 and no cipher known to be weak.
pub(crate) const WEAKEST_SAFE: &str = "TLSv1.2_2019";

/// What to write today: as safe, and no viewer of the last ten years is turned away.
pub(crate) const RECOMMENDED: &str = "TLSv1.2_2021";

/// Where a policy stands on the scale from weak to strong; one that is not known is newer than all others.
pub(crate) fn strength(policy: &str) -> usize {
    let known = POLICIES.iter().position(|known| *known == policy);
    known.unwrap_or(POLICIES.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_weak_to_strong() {
        assert!(POLICIES.windows(2).all(|w| strength(w[0]) < strength(w[1])));
        assert!(strength("SSLv3") < strength(WEAKEST_SAFE));
        assert!(strength(WEAKEST_SAFE) < strength(RECOMMENDED));
        assert!(strength("TLSv1.4_2031") > strength("TLSv1.3_2025"));
    }

    #[test]
    fn the_scale_holds_all_policies_of_the_schema() {
        use crate::schema::SHAPES;
        let shape = SHAPES.iter().find(|s| s.name == "MinimumProtocolVersion");
        let values = shape.map(|s| s.values()).unwrap_or_default();
        assert_eq!(values.len(), POLICIES.len());
        for value in values {
            assert!(strength(value.value) < POLICIES.len(), "{}", value.value);
        }
    }
}
