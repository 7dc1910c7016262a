//! Amazon Resource Names, and what often stands in them.

use std::ops::Range;

/// One part of an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    /// What stands there; region and account are empty for many resources.
    pub(crate) text: &'a str,
    /// Where it begins in the ARN, in bytes.
    pub(crate) start: usize,
}

impl Part<'_> {
    /// Its place in the ARN, in bytes.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE` (IAM User Guide, "Amazon Resource Names").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, or one that is not known yet.
    pub(crate) partition: Part<'a>,
    /// Such as `lambda`.
    pub(crate) service: Part<'a>,
    /// Empty for global services.
    pub(crate) region: Part<'a>,
    /// Empty for what belongs to no account by name, such as buckets.
    pub(crate) account: Part<'a>,
    /// All the rest, colons and slashes too.
    pub(crate) resource: Part<'a>,
}

impl<'a> Arn<'a> {
    /// Takes the text apart; none if it is no ARN at all. What the parts hold is the caller's to judge, but only region
    /// and account may be empty.
    pub(crate) fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut rest = Part { text, start: 0 };
        let mut part = || {
            // Parts are too short for the search that `split_once` begins.
            let end = rest.text.bytes().position(|b| b == b':')?;
            let part = Part {
                text: rest.text.get(..end)?,
                ..rest
            };
            rest = Part {
                text: rest.text.get(end + 1..)?,
                start: rest.start + end + 1,
            };
            Some(part)
        };
        let prefix = part()?;
        let (partition, service, region, account) = (part()?, part()?, part()?, part()?);
        let resource = rest;
        let named = [partition, service, resource]
            .iter()
            .all(|part| !part.text.is_empty());
        (prefix.text == "arn" && named).then_some(Arn {
            partition,
            service,
            region,
            account,
            resource,
        })
    }
}

/// Whether the text is an account: 12 digits.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the text is a UUID in its usual form: 8-4-4-4-12 hexadecimal digits, upper or lower case.
pub(crate) fn is_uuid(text: &str) -> bool {
    let Ok(bytes) = <&[u8; 36]>::try_from(text.as_bytes()) else {
        return false;
    };
    // Counted without a branch for each byte.
    let digits: u8 = bytes.iter().map(|b| u8::from(b.is_ascii_hexdigit())).sum();
    digits == 32 && [8, 13, 18, 23].iter().all(|at| bytes[*at] == b'-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_and_their_places() {
        let text = "arn:aws:lambda:us-east-1:111122223333:function:rewrite:7";
        let arn = Arn::parse(text).unwrap();
        assert_eq!(arn.partition.text, "aws");
        assert_eq!(arn.service.text, "lambda");
        assert_eq!(arn.region.text, "us-east-1");
        assert_eq!(arn.region.range(), 15..24);
        assert_eq!(arn.account.text, "111122223333");
        assert_eq!(arn.resource.text, "function:rewrite:7");
        let text = "arn:aws-us-gov:s3:::amzn-s3-demo-logs";
        let arn = Arn::parse(text).unwrap();
        assert_eq!((arn.region.text, arn.account.text), ("", ""));
        assert_eq!(arn.account.range(), 19..19);
        assert_eq!(arn.resource.text, "amzn-s3-demo-logs");
    }

    #[test]
    fn no_arn() {
        for text in [
            "",
            "arn",
            "arn:aws:lambda",
            "arn:aws:lambda:us-east-1:111122223333",
            "arn:aws:lambda:us-east-1:111122223333:",
            "ARN:aws:lambda:us-east-1:111122223333:function:f",
            "arn::lambda:us-east-1:111122223333:function:f",
            "arn:aws::us-east-1:111122223333:function:f",
            " arn:aws:lambda:us-east-1:111122223333:function:f",
        ] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }

    #[test]
    fn accounts_and_uuids() {
        assert!(is_account("111122223333"));
        for text in [
            "",
            "1111-2222-3333",
            "11112222333",
            "11112222333a",
            "１１１１",
        ] {
            assert!(!is_account(text), "{text}");
        }
        assert!(is_uuid("473e64fd-f30b-4765-81a0-62ad96dd167a"));
        assert!(is_uuid("473E64FD-F30B-4765-81A0-62AD96DD167A"));
        for text in [
            "",
            "473e64fdf30b476581a062ad96dd167a",
            "473e64fd-f30b-4765-81a0-62ad96dd167",
            "{473e64fd-f30b-4765-81a0-62ad96dd167a}",
            "473e64fd-f30b-4765-81a0-62ad96dd167g",
            "473e64fdf-30b-4765-81a0-62ad96dd167a",
        ] {
            assert!(!is_uuid(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn ranges_are_the_parts(text in "(arn:)?[a-z:ä]{0,30}|.*") {
            if let Some(arn) = Arn::parse(&text) {
                let parts = [arn.partition, arn.service, arn.region, arn.account, arn.resource];
                let texts = parts.map(|part| &text[part.range()]);
                prop_assert_eq!(texts, parts.map(|part| part.text));
                prop_assert_eq!(format!("arn:{}", texts.join(":")), text);
            }
        }
    }
}
