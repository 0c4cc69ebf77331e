//! In which order the keys of a row are likely to come.

/// Which column the keys of the rows before were of: all rows of an answer have their keys in the same order, mostly that of
/// the columns.
#[derive(Default)]
pub(in crate::read) struct KeyOrder(Vec<usize>);

impl KeyOrder {
    /// The column that a key, counted from 0, should be of.
    #[inline]
    pub(in crate::read) fn expected(&self, key: usize) -> usize {
        self.0.get(key).copied().unwrap_or(key)
    }

    /// Notes that it was of another one of so many columns.
    #[cold]
    pub(in crate::read) fn learn(&mut self, key: usize, at: usize, columns: usize) {
        // A server may send any number of keys.
        if key <= columns {
            self.0.extend(self.0.len()..=key);
            self.0.get_mut(key).into_iter().for_each(|known| *known = at);
        }
    }
}
