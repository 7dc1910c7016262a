//! The character classes of XML 1.0 (fifth edition) and Namespaces in XML, and how characters are named to people.

/// May stand in a name without a colon.
pub(super) const NAME: u8 = 1;
/// May begin such a name.
pub(super) const START: u8 = 2;
/// Blank, tab or line break.
pub(super) const BLANK: u8 = 4;

/// Classes of the ASCII bytes; bytes of longer characters have none.
pub(super) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => NAME | START,
            b'0'..=b'9' | b'-' | b'.' => NAME,
            b' ' | b'\t' | b'\n' | b'\r' => BLANK,
            _ => 0,
        };
        byte += 1;
    }
    table
}

/// True if the byte is in the class.
#[inline(always)]
pub(super) fn is(byte: u8, class: u8) -> bool {
    CLASS[byte as usize] & class != 0
}

/// True if a name (without a colon) may begin with it.
pub(super) fn is_name_start(c: char) -> bool {
    match c {
        '\0'..='\x7F' => is(c as u8, START),
        '\u{C0}'..='\u{D6}'
        | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}' => true,
        _ => false,
    }
}

/// True if a name (without a colon) may hold it.
pub(super) fn is_name_char(c: char) -> bool {
    match c {
        '\0'..='\x7F' => is(c as u8, NAME),
        '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}' => true,
        _ => is_name_start(c),
    }
}

/// True if a document may hold it.
pub(super) fn is_allowed(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}')
}

/// The first character of the text that XML forbids, if any.
pub(super) fn first_forbidden(text: &str) -> Option<usize> {
    // Nearly every block is clean; this form of the test is one that compilers turn into vector instructions.
    const BLOCK: usize = 4096;
    for (number, block) in text.as_bytes().chunks(BLOCK).enumerate() {
        let suspects = block.iter().fold(0u8, |found, &byte| found | suspect(byte));
        if suspects == 0 {
            continue;
        }
        // A noncharacter has three bytes and may begin in this block and end in the next.
        let start = number * BLOCK;
        let window = &text.as_bytes()[start..text.len().min(start + BLOCK + 2)];
        if let Some(at) = (0..block.len()).find(|&at| begins_forbidden(&window[at..])) {
            return Some(start + at);
        }
    }
    None
}

/// Not 0 for a control character and for the first byte of U+F000 to U+FFFF.
#[inline(always)]
fn suspect(byte: u8) -> u8 {
    let control = u8::from(byte < 0x20);
    let allowed = u8::from(byte == b'\t') | u8::from(byte == b'\n') | u8::from(byte == b'\r');
    (control & !allowed) | u8::from(byte == 0xEF)
}

fn begins_forbidden(bytes: &[u8]) -> bool {
    match bytes {
        [b'\t' | b'\n' | b'\r', ..] => false,
        [0..=0x1F, ..] | [0xEF, 0xBF, 0xBE | 0xBF, ..] => true,
        _ => false,
    }
}

/// A character as a message shows it: itself, or its number if it cannot be seen.
pub(super) fn shown(c: char) -> String {
    let number = format!("U+{:04X}", c as u32);
    match name(c) {
        Some(name) => format!("{number} ({name})"),
        None if c.is_control() || is_invisible(c) => number,
        None => format!("`{c}`"),
    }
}

/// Names of characters that cannot be seen and yet get into files.
fn name(c: char) -> Option<&'static str> {
    Some(match c {
        '\0' => "NUL",
        '\x08' => "backspace",
        '\t' => "tab",
        '\n' | '\r' => "line break",
        '\x0B' => "vertical tab",
        '\x0C' => "form feed",
        '\x1B' => "escape",
        ' ' => "blank",
        '\u{A0}' => "no-break space",
        '\u{200B}' => "zero-width space",
        '\u{FEFF}' => "byte order mark",
        _ => return None,
    })
}

/// Blanks, joiners and direction marks, and characters for private use.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}')
        || matches!(c, '\u{FEFF}' | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..)
}

/// Text of a file as a message shows it: one line, short, nothing invisible.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .map(|c| match c {
            c if c.is_whitespace() => ' ',
            c if c.is_control() || is_invisible(c) => '\u{FFFD}',
            c => c,
        })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_are_found_across_blocks() {
        for at in [0, 1, 4093, 4094, 4095, 4096, 9000] {
            for forbidden in ["\0", "\x1B", "\u{FFFE}", "\u{FFFF}"] {
                let text = format!("{}{forbidden}\n\u{FFFD}", "x".repeat(at));
                assert_eq!(first_forbidden(&text), Some(at));
            }
        }
        let allowed = "\t\r\n\x7F\u{80}\u{FFFD}\u{FEFF}\u{F000}".repeat(999);
        assert_eq!(first_forbidden(&allowed), None);
    }

    #[test]
    fn both_searches_agree() {
        for c in '\0'..=char::MAX {
            assert_eq!(first_forbidden(&c.to_string()).is_none(), is_allowed(c));
        }
    }

    #[test]
    fn excerpts_are_one_short_line() {
        assert_eq!(excerpt("a\nb\x1B\u{202E}"), "a b\u{FFFD}\u{FFFD}");
        assert_eq!(excerpt(&"é".repeat(99)).chars().count(), 61);
    }
}
