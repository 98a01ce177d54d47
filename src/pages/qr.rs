//! A QR code as a drawing in a page (ISO/IEC 18004): one path, without script, style or another request. The one
//! door of `fast_qr`.

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder};

/// The modules of quiet zone on each side (section 6.3.8).
const QUIET: usize = 4;

/// A QR code, for an `svg` element whose `viewBox` is `0 0 side side`. What is in it may be a secret, so it does not print.
pub struct Qr {
    /// How many modules a side has, with its quiet zone.
    pub side: usize,
    /// The dark modules: the `d` of a `path`.
    pub path: String,
}

impl Qr {
    /// The code of a text; `None` when it is longer than a code can be.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        // Level M mends 15 %: more than a screen needs, and the modules stay large.
        let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
        let mut path = String::with_capacity(code.size * code.size * 5);
        for y in 0..code.size {
            let row = &code[y];
            let mut x = 0;
            while x < code.size {
                let run = (x..code.size).take_while(|at| row[*at].value()).count();
                if run > 0 {
                    // Writing to a String does not fail.
                    let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
                }
                x += run.max(1);
            }
        }
        Some(Self { side: code.size + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_corners_are_the_finders_within_the_quiet_zone() {
        let qr = Qr::of("https://login.skj.example/devices#skj-app.x").expect("short enough");
        assert!((21 + 8..=177 + 8).contains(&qr.side), "{}", qr.side);
        let far = qr.side - QUIET - 7;
        for corner in
            [format!("M{QUIET} {QUIET}h7v1h-7z"), format!("M{far} {QUIET}h7v1h-7z"), format!("M{QUIET} {far}h7v1h-7z")]
        {
            assert!(qr.path.contains(&corner), "{corner}: {}", qr.path);
        }
        assert!(Qr::of(&"x".repeat(3000)).is_none(), "too long");
    }
}
