//! Numbers that look random and are the same for the same seed.

use uuid::{Builder, Uuid};

/// A SplitMix64 sequence.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A sequence that depends on `seed` alone.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not including `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from((u128::from(self.bits()) * end as u128) >> 64).unwrap_or_default()
    }

    /// As [`Random::below`], with small numbers far more often: some organizations do most of the work.
    pub fn uneven(&mut self, end: usize) -> usize {
        let (one, other) = (self.below(end), self.below(end));
        (one * other).checked_div(end).unwrap_or_default()
    }

    /// One of the items, or the default of its type when there is none.
    pub fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        items.get(self.below(items.len())).copied().unwrap_or_default()
    }

    /// A key that sorts by its time, as the server makes them; `micros` are UTC microseconds since 1970.
    pub fn key_at(&mut self, micros: i64) -> Uuid {
        let bits = (u128::from(self.bits()) << 64) | u128::from(self.bits());
        let mut random = [0_u8; 10];
        random.copy_from_slice(&bits.to_be_bytes()[..10]);
        Builder::from_unix_timestamp_millis(u64::try_from(micros / 1_000).unwrap_or_default(), &random).into_uuid()
    }

    /// A key without order, as cases have them.
    pub fn key(&mut self) -> Uuid {
        let bits = (u128::from(self.bits()) << 64) | u128::from(self.bits());
        Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
    }
}
