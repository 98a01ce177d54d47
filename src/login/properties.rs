//! What must hold of what people type, whatever it is.

use super::code::Code;

/// A code is the six digits that were typed.
pub fn typed_code(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if let Ok(code) = Code::parse(text) {
        assert_eq!((code.digits(), digits.len()), (digits.as_str(), 6));
        assert!(!format!("{code:?}").contains(&digits) && !text.contains(char::is_alphabetic));
    }
}
