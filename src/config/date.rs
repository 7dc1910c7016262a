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

impl Date {
    /// The day that is so many days after 1970-01-01, in the Gregorian calendar.
    pub fn of_day(days: u64) -> Date {
        // Eras of 400 years are alike. A year that begins in March has its odd day at the end.
        const ERA: u64 = 146_097;
        let days = days + 719_468;
        let (era, day) = (days / ERA, days % ERA);
        let year_of_era = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        Date {
            year: u16::try_from(year).unwrap_or(u16::MAX),
            month: month as u8,
            day: day as u8,
        }
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
    fn days_are_counted_from_1970() {
        for (days, date) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_453, "2025-12-31"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(Date::of_day(days).to_string(), date);
        }
    }

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
