//! Which records of a big model are read.

/// Random numbers that are the same for the same seed and model: SplitMix64, which is short and even enough for this.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64, model: &str) -> Self {
        Self(model.bytes().fold(seed, |state, byte| Self(state ^ u64::from(byte)).next()))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Up to so many different numbers of a range, in order: all of them, where there are no more.
    pub(super) fn among(&mut self, from: i64, to: i64, count: usize) -> Vec<i64> {
        let span = to.saturating_sub(from).saturating_add(1);
        if span <= 0 {
            return Vec::new();
        }
        if usize::try_from(span).is_ok_and(|span| span <= count) {
            return (from..=to).collect();
        }
        let mut picked: Vec<i64> = (0..count).map(|_| from + (self.next() % span.unsigned_abs()) as i64).collect();
        picked.sort_unstable();
        picked.dedup();
        picked
    }

    /// So many of these.
    pub(super) fn pick(&mut self, mut ids: Vec<i64>, count: usize) -> Vec<i64> {
        while ids.len() > count {
            let at = (self.next() % ids.len() as u64) as usize;
            ids.swap_remove(at);
        }
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_picks_the_same_and_stays_in_the_range() {
        let picked = |seed, model| Random::new(seed, model).among(100, 99_999, 40);
        assert_eq!(picked(7, "res.partner"), picked(7, "res.partner"));
        assert_ne!(picked(7, "res.partner"), picked(8, "res.partner"));
        assert_ne!(picked(7, "res.partner"), picked(7, "res.users"));
        assert!(picked(7, "x").iter().all(|id| (100..=99_999).contains(id)));
        assert_eq!(Random::new(7, "x").among(3, 6, 40), [3, 4, 5, 6]);
        assert!(Random::new(7, "x").among(6, 3, 40).is_empty());
        assert_eq!(Random::new(7, "x").among(i64::MIN, i64::MAX, 3).len(), 3);
        assert_eq!(Random::new(7, "x").pick(vec![1, 2, 3, 4], 2).len(), 2);
    }
}
