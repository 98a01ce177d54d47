//! Pictures for a phone's camera (ISO/IEC 18004): the one door of `qrcode`.

use qrcode::{Color, EcLevel, QrCode};

/// The light edge around the picture, in modules, as the standard asks.
const EDGE: usize = 4;

/// A picture as a page draws it: dark squares on a light ground.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// How many squares a side has.
    pub side: usize,
    /// The dark squares, as an SVG path.
    pub path: String,
}

/// The picture of a text. Nothing for one that is too long for any.
#[must_use]
pub fn picture(text: &str) -> Picture {
    let Ok(code) = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M) else { return Picture::default() };
    let width = code.width();
    let mut path = String::new();
    for (place, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", place % width + EDGE, place / width + EDGE));
        }
    }
    Picture { side: width + 2 * EDGE, path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_corners_and_its_edge() {
        let picture = picture("otpauth://totp/Poort:an?secret=GEZDGNBVGY3TQOJQ");
        assert!(picture.side >= 21 + 2 * EDGE);
        assert!(picture.path.starts_with(&format!("M{EDGE} {EDGE}h1v1h-1z")), "the first corner is dark");
        assert_eq!(self::picture(&"x".repeat(10_000)), Picture::default());
    }
}
