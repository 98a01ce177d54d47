//! HTTP/2 frames that cost their sender nothing, counted as they pass.
//!
//! h2 bounds streams, header lists, `CONTINUATION`s and resets of streams that were not looked at yet. It answers every `PING`
//! and `SETTINGS` though, and takes any number of empty or unknown frames, for as long as a client likes. [`Frames`] reads the
//! nine bytes at the head of each frame (RFC 9113 section 4.1) and ends a connection that sends more of them than browsers do.
//!
//! It decides nothing else: what is in a frame is read by h2 alone.
//! Sources: CVE-2019-9512, -9513, -9514, -9515, -9518; CVE-2023-44487; CVE-2024-27316.

use std::time::Duration;

use tokio::time::Instant;

/// The client's preface, before the first frame (RFC 9113 section 3.4).
const PREFACE: usize = 24;
/// Bytes of a frame's head.
const HEAD: usize = 9;
/// Such frames that may come at once: a page of pictures whose priorities change, a form that is given up and sent anew.
const BURST: u32 = 500;
/// How long one more of them takes to be earned.
const EARNED_EVERY: Duration = Duration::from_millis(50);

/// The client sends more frames than anybody needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a flood of HTTP/2 frames that ask for nothing")]
pub(super) struct Flood;

/// The state between two reads.
#[derive(Debug)]
pub(super) struct Frames {
    at: At,
    /// Whether a request's head has begun and not ended.
    inside_head: bool,
    allowance: u32,
    /// Up to when [`Frames::allowance`] was earned.
    earned: Instant,
}

#[derive(Debug)]
enum At {
    /// Bytes of the preface still to come.
    Preface(usize),
    /// Inside a frame's head: what came of it.
    Head([u8; HEAD], usize),
    /// Bytes of a frame's payload still to come, and whether a request's head ends with them.
    Payload(usize, bool),
}

impl Frames {
    pub(super) fn new(now: Instant) -> Self {
        Self { at: At::Preface(PREFACE), inside_head: false, allowance: BURST, earned: now }
    }

    /// Whether something has begun that must soon come to its end: the preface, a frame's head, or a request's head.
    pub(super) fn inside_head(&self) -> bool {
        self.inside_head || matches!(self.at, At::Preface(1..) | At::Head(_, 1..))
    }

    /// Looks at the next `bytes`, which came at `now`.
    ///
    /// # Errors
    /// When there were too many frames that ask for nothing.
    pub(super) fn pass(&mut self, mut bytes: &[u8], now: Instant) -> Result<(), Flood> {
        while !bytes.is_empty() {
            let here = match &mut self.at {
                At::Preface(left) | At::Payload(left, _) => {
                    let here = bytes.len().min(*left);
                    *left -= here;
                    here
                }
                At::Head(head, filled) => {
                    let here = bytes.len().min(HEAD - *filled);
                    head[*filled..*filled + here].copy_from_slice(&bytes[..here]);
                    *filled += here;
                    here
                }
            };
            bytes = &bytes[here..];
            if let At::Head(head, HEAD) = self.at {
                self.begins(&head, now)?;
            }
            if let At::Preface(0) | At::Payload(0, _) = self.at {
                if let At::Payload(_, true) = self.at {
                    self.inside_head = false;
                }
                self.at = At::Head([0; HEAD], 0);
            }
        }
        Ok(())
    }

    /// A frame begins (RFC 9113 section 6).
    fn begins(&mut self, head: &[u8; HEAD], now: Instant) -> Result<(), Flood> {
        const END_STREAM: u8 = 0x1;
        const END_HEADERS: u8 = 0x4;
        let [high, middle, low, kind, flags, ..] = *head;
        let length = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
        // HEADERS, and CONTINUATION: one or two of those are a large head.
        let ends_head = matches!(kind, 0x1 | 0x9) && flags & END_HEADERS != 0;
        self.inside_head |= kind == 0x1;
        self.at = At::Payload(length, ends_head);
        match kind {
            // DATA that brings something or ends the body; HEADERS; WINDOW_UPDATE, as many as we send.
            0x0 if length > 0 || flags & END_STREAM != 0 => Ok(()),
            0x1 | 0x8 => Ok(()),
            _ => self.spend(now),
        }
    }

    fn spend(&mut self, now: Instant) -> Result<(), Flood> {
        if self.allowance == 0 {
            let every = u32::try_from(EARNED_EVERY.as_millis()).unwrap_or(u32::MAX);
            let gone = u32::try_from(now.saturating_duration_since(self.earned).as_millis()).unwrap_or(u32::MAX);
            self.allowance = (gone / every).min(BURST);
            self.earned = now;
        }
        self.allowance = self.allowance.checked_sub(1).ok_or(Flood)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PREFACE_BYTES: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
        [&length[1..], &[kind, flags, 0, 0, 0, 1], payload].concat()
    }

    fn begun(now: Instant) -> Frames {
        let mut frames = Frames::new(now);
        frames.pass(PREFACE_BYTES, now).expect("no flood");
        frames
    }

    #[test]
    fn cve_2019_9512_cve_2019_9513_cve_2019_9514_cve_2019_9515_cve_2019_9518_cve_2023_44487_cve_2024_27316_floods_end()
    {
        let now = Instant::now();
        for (what, flood) in [
            ("ping", frame(0x6, 0, &[0; 8])),
            ("settings", frame(0x4, 0, &[])),
            ("reset", frame(0x3, 0, &[0; 4])),
            ("priority", frame(0x2, 0, &[0; 5])),
            ("empty data", frame(0x0, 0, &[])),
            ("continuation", frame(0x9, 0, &[1])),
            ("unknown", frame(0xfe, 0, &[1, 2])),
        ] {
            let spent = || {
                let mut frames = begun(now);
                for _ in 0..BURST {
                    assert_eq!(frames.pass(&flood, now), Ok(()), "{what}");
                }
                frames
            };
            assert_eq!(spent().pass(&flood, now), Err(Flood), "{what}");
            // What is sent slowly goes on.
            let (mut slow, later) = (spent(), now + EARNED_EVERY);
            assert_eq!(slow.pass(&flood, later), Ok(()), "{what}");
            assert_eq!(slow.pass(&flood, later), Err(Flood), "{what}");
        }
        for (what, work) in [
            ("data", frame(0x0, 0, b"x")),
            ("the end of a body", frame(0x0, 1, &[])),
            ("window update", frame(0x8, 0, &[0; 4])),
            ("requests", frame(0x1, 5, b"x")),
        ] {
            let mut frames = begun(now);
            for _ in 0..10 * BURST {
                assert_eq!(frames.pass(&work, now), Ok(()), "{what}");
            }
        }
    }

    #[test]
    fn a_head_that_has_begun_must_end() {
        let now = Instant::now();
        let mut frames = Frames::new(now);
        assert!(frames.inside_head(), "the preface");
        frames.pass(PREFACE_BYTES, now).expect("no flood");
        assert!(!frames.inside_head());
        let whole = frame(0x1, 5, b"abc");
        for cut in 1..whole.len() {
            let mut frames = begun(now);
            frames.pass(&whole[..cut], now).expect("no flood");
            assert!(frames.inside_head(), "{cut}");
            frames.pass(&whole[cut..], now).expect("no flood");
            assert!(!frames.inside_head(), "{cut}");
        }
        frames.pass(&frame(0x1, 1, b"abc"), now).expect("no flood");
        assert!(frames.inside_head(), "a CONTINUATION is to come");
        frames.pass(&frame(0x9, 4, b"abc"), now).expect("no flood");
        assert!(!frames.inside_head());
        frames.pass(&frame(0x0, 0, b"abc")[..10], now).expect("no flood");
        assert!(!frames.inside_head(), "a body has its own pace");
    }

    proptest! {
        #[test]
        fn cutting_the_stream_changes_nothing(
            kinds in proptest::collection::vec((0_u8..12, any::<u8>(), 0_usize..20), 0..20),
            cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..6),
        ) {
            let now = Instant::now();
            let mut bytes = PREFACE_BYTES.to_vec();
            for (kind, flags, length) in kinds {
                bytes.extend(frame(kind, flags, &vec![9; length]));
            }
            let mut whole = Frames::new(now);
            prop_assert_eq!(whole.pass(&bytes, now), Ok(()));
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
            cuts.sort_unstable();
            let mut pieces = Frames::new(now);
            let mut from = 0;
            for cut in cuts.into_iter().chain([bytes.len()]) {
                prop_assert_eq!(pieces.pass(&bytes[from..cut], now), Ok(()));
                from = cut;
            }
            prop_assert_eq!(format!("{pieces:?}"), format!("{whole:?}"));
        }
    }
}
