//! Numbers that a seed decides: the same seed draws the same mix and the same times.

use std::ops::RangeInclusive;

/// A generator (splitmix64). Good enough to choose with; no secret comes from it.
pub(crate) struct Random(u64);

impl Random {
    /// Decided by the seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Another generator, decided by this one.
    pub(crate) fn fork(&mut self) -> Self {
        Self(self.next())
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// 0 to `limit` - 1.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// Within the range.
    pub(crate) fn within(&mut self, range: &RangeInclusive<u64>) -> u64 {
        let length = range.end().saturating_sub(*range.start()).saturating_add(1);
        range.start() + self.below(length)
    }

    /// A UUID of version 4.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            low >> 52,
            low & 0xffff_ffff_ffff
        )
    }
}
