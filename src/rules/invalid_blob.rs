//! `invalid-blob`: binary data is not base64.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::Bounds;

/// Data is base64 with padding; blanks and line breaks inside are allowed. `length` bounds the decoded bytes.
pub(crate) fn check(element: Element<'_>, value: &str, length: Bounds) -> Option<Finding> {
    let name = element.shown_name();
    let finding = |message: String| {
        Finding::new(id::INVALID_BLOB, element.value_span(), message).at(element.path())
    };
    let Some(bytes) = decoded_length(value) else {
        return Some(
            finding(format!("the value of {name} is not base64"))
                .label("expected base64")
                .help(format!(
                    "encode the bytes: base64 < file, and put the result into {name}"
                )),
        );
    };
    let outside =
        length.min.is_some_and(|min| bytes < min) || length.max.is_some_and(|max| bytes > max);
    outside.then(|| {
        finding(format!("{name} holds {bytes} bytes"))
            .label(format!("{bytes} bytes when decoded"))
            .note(format!(
                "allowed are {} to {} bytes",
                length.min.unwrap_or(0),
                length.max.unwrap_or(i64::MAX)
            ))
    })
}

/// Number of bytes that base64 text stands for; none if it is not base64.
fn decoded_length(value: &str) -> Option<i64> {
    let (mut symbols, mut padding) = (0_i64, 0_i64);
    for byte in value.bytes().filter(|b| !b.is_ascii_whitespace()) {
        match byte {
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => symbols += 1,
            _ => return None,
        }
    }
    let whole = (symbols + padding) % 4 == 0 && padding <= 2;
    whole.then_some(symbols * 3 / 4)
}

#[cfg(test)]
mod tests {
    use super::decoded_length;

    #[test]
    fn base64() {
        assert_eq!(decoded_length("aGVsbG8="), Some(5));
        assert_eq!(decoded_length("aGVs\nbG8="), Some(5));
        assert_eq!(decoded_length("aGVsbG8"), None);
        assert_eq!(decoded_length("aGVs=bG8"), None);
        assert_eq!(decoded_length("function handler(event) {}"), None);
    }
}
