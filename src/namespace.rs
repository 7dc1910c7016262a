//! The namespace of CloudFront documents: `http://cloudfront.amazonaws.com/doc/VERSION/`.

use crate::schema::ApiVersion;

/// What a namespace URI says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Namespace<'a> {
    /// There is none.
    None,
    /// CloudFront's, of this API version.
    Version(ApiVersion),
    /// CloudFront's form with a date that is no API version.
    UnknownDate(&'a str),
    /// Meant to be CloudFront's, but another string; with the version it seems to mean.
    Misspelled(Option<ApiVersion>),
    /// Another vocabulary's.
    Foreign,
}

const HOST: &str = "cloudfront.amazonaws.com";

impl<'a> Namespace<'a> {
    /// Reads a namespace URI.
    pub(crate) fn of(uri: &'a str) -> Namespace<'a> {
        if uri.is_empty() {
            return Namespace::None;
        }
        let exact = uri
            .strip_prefix("http://cloudfront.amazonaws.com/doc/")
            .and_then(|rest| rest.strip_suffix('/'));
        if let Some(date) = exact {
            return match ApiVersion::parse(date) {
                Some(version) => Namespace::Version(version),
                None if looks_like_date(date) => Namespace::UnknownDate(date),
                None => Namespace::Misspelled(find_version(date)),
            };
        }
        // Compared without regard to case: browsers and editors change it.
        if uri.len() <= 200 && uri.to_ascii_lowercase().contains(HOST) {
            return Namespace::Misspelled(find_version(uri));
        }
        Namespace::Foreign
    }

    /// Whether it belongs to another vocabulary.
    pub(crate) fn is_foreign(self) -> bool {
        self == Namespace::Foreign
    }
}

fn looks_like_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| {
            if i == 4 || i == 7 {
                *b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
}

/// The first API version whose date stands anywhere in the text.
fn find_version(text: &str) -> Option<ApiVersion> {
    ApiVersion::all().find(|version| text.contains(version.date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_people_write() {
        let latest = ApiVersion::LATEST;
        assert_eq!(Namespace::of(""), Namespace::None);
        assert_eq!(
            Namespace::of("http://cloudfront.amazonaws.com/doc/2020-05-31/"),
            Namespace::Version(latest)
        );
        assert_eq!(
            Namespace::of("http://cloudfront.amazonaws.com/doc/2020-05-31"),
            Namespace::Misspelled(Some(latest))
        );
        assert_eq!(
            Namespace::of("https://cloudfront.amazonaws.com/doc/2020-05-31/"),
            Namespace::Misspelled(Some(latest))
        );
        assert_eq!(
            Namespace::of("http://cloudfront.amazonaws.com/doc/2014-08-31/"),
            Namespace::UnknownDate("2014-08-31")
        );
        assert_eq!(
            Namespace::of("http://cloudfront.amazonaws.com/doc/latest/"),
            Namespace::Misspelled(None)
        );
        assert_eq!(
            Namespace::of("http://s3.amazonaws.com/doc/2006-03-01/"),
            Namespace::Foreign
        );
    }
}
