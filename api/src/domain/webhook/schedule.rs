//! When something that did not arrive is sent again, and when a receiver that takes nothing is given up.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// The pauses before each attempt, in microseconds: ten attempts over 75 hours and 35 minutes, so that a receiver that
/// is down from Friday evening to Monday noon misses nothing.
pub const PAUSES: [i64; 10] =
    [0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// Nothing is given up earlier than this after its first attempt, in microseconds, however short its pauses came out.
pub const AT_LEAST: i64 = 75 * HOUR + 35 * MINUTE + 5 * SECOND;

/// The longest pause that a receiver may ask for, in microseconds.
pub const LONGEST_PAUSE: i64 = 24 * HOUR;
/// For how long a receiver that asked to be spared without saying how long is spared, in microseconds.
pub const SPARED: i64 = MINUTE;

/// After so long without any success the administrators are told, in microseconds.
pub const TOLD_AFTER: i64 = 24 * HOUR;
/// After so long they are told that it is about to be switched off, in microseconds.
pub const WARNED_AFTER: i64 = 96 * HOUR;
/// After so long it is switched off, in microseconds.
pub const DISABLED_AFTER: i64 = 120 * HOUR;

/// After so long its organization counts as out of reach for referrals, in microseconds.
pub const UNDELIVERABLE_AFTER: i64 = 24 * HOUR;
/// The same where a referral is urgent, in microseconds.
pub const URGENT_UNDELIVERABLE_AFTER: i64 = 2 * HOUR;

/// For how long deliveries are kept, in microseconds.
pub const KEPT: i64 = 30 * 24 * HOUR;

/// How long to wait after so many attempts, of which the first was so many microseconds ago, up to a fifth shorter or
/// longer; nothing when that was the last. The variation differs from delivery to delivery, so that a receiver that comes back is not met by all at once, and is the
/// same whenever it is worked out again.
#[must_use]
pub fn pause_after(attempts: i32, elapsed: i64, delivery: Uuid) -> Option<i64> {
    let last = PAUSES.len() - 1;
    let attempted = usize::try_from(attempts).ok()?;
    if attempted > last && elapsed >= AT_LEAST {
        return None;
    }
    let pause = PAUSES[attempted.min(last)];
    let mut digest = Sha256::new();
    digest.update(delivery.as_bytes());
    digest.update(attempts.to_be_bytes());
    let bytes = digest.finalize();
    let chance = i64::from(u16::from_be_bytes([bytes[0], bytes[1]]));
    // From -200 to +200 thousandths.
    let thousandths = chance * 400 / i64::from(u16::MAX) - 200;
    Some(pause + pause / 1_000 * thousandths)
}
