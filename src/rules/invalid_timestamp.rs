//! `invalid-timestamp`: a time is not written as ISO 8601.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;

/// A time is `YYYY-MM-DDThh:mm:ss`, with an optional fraction, and `Z` or an offset.
pub(crate) fn check(element: Element<'_>, value: &str) -> Option<Finding> {
    if is_timestamp(value) {
        return None;
    }
    Some(
        Finding::new(
            id::INVALID_TIMESTAMP,
            element.value_span(),
            format!("{} is not a time", element.shown_value()),
        )
        .at(element.path())
        .label("expected ISO 8601")
        .help("write it as 2026-01-31T23:59:59Z"),
    )
}

fn is_timestamp(value: &str) -> bool {
    let Some((date, time)) = value.split_once('T') else {
        return false;
    };
    let numbers = |text: &str, separator: char, widths: &[usize]| -> Option<Vec<u32>> {
        let parts: Vec<&str> = text.split(separator).collect();
        let fits = parts.len() == widths.len()
            && parts
                .iter()
                .zip(widths)
                .all(|(p, w)| p.len() == *w && p.bytes().all(|b| b.is_ascii_digit()));
        if fits {
            parts.iter().map(|p| p.parse().ok()).collect()
        } else {
            None
        }
    };
    let Some(date) = numbers(date, '-', &[4, 2, 2]) else {
        return false;
    };
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => return false,
    };
    let clock = clock.split_once('.').map_or(clock, |(whole, fraction)| {
        if !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit()) {
            whole
        } else {
            ""
        }
    });
    let Some(clock) = numbers(clock, ':', &[2, 2, 2]) else {
        return false;
    };
    let zone_fits =
        zone == "Z" || numbers(&zone[1..], ':', &[2, 2]).is_some_and(|z| z[0] < 24 && z[1] < 60);
    zone_fits
        && (1..=12).contains(&date[1])
        && (1..=31).contains(&date[2])
        && clock[0] < 24
        && clock[1] < 60
        && clock[2] <= 60
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn forms_of_iso_8601() {
        for good in [
            "2026-01-31T23:59:59Z",
            "2012-07-01T00:00:00.000Z",
            "2020-05-31T12:00:00+02:00",
        ] {
            assert!(is_timestamp(good), "{good}");
        }
        for bad in [
            "",
            "T",
            "2026-01-31",
            "2026-13-01T00:00:00Z",
            "2026-01-31 00:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T00:00:00",
            "2026-01-31T00:00:00.Z",
            "2026-01-31T00:00:00+2",
        ] {
            assert!(!is_timestamp(bad), "{bad}");
        }
    }
}
