//! A day, as configurations write it.

use std::fmt;

/// A day of the calendar; ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Of the common era.
    pub year: u16,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
}

impl Date {
    /// Reads `2026-12-31`; none where there is no such day.
    pub fn parse(text: &str) -> Option<Date> {
        let date: toml::value::Date = text.parse::<toml::value::Datetime>().ok()?.date?;
        // A time would not be looked at.
        (text.len() == "2026-12-31".len()).then_some(Date {
            year: date.year,
            month: date.month,
            day: date.day,
        })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        assert_eq!(Date::parse("2028-02-29").unwrap().to_string(), "2028-02-29");
        assert!(Date::parse("2026-12-31") < Date::parse("2027-01-01"));
        for no in [
            "2026-02-29",
            "2026-13-01",
            "2026-1-1",
            "07:32:00",
            "soon",
            "2026-12-31T00:00:00Z",
        ] {
            assert_eq!(Date::parse(no), None, "{no}");
        }
    }
}
