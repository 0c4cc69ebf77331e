//! What keeps traits from being implemented elsewhere, where that would open what the pin forbids.

/// A supertrait of traits that have no type parameters: of [kinds](super::kind), of [accesses](super::Access).
pub trait Sealed {}

/// An argument of a method of traits that have type parameters: coherence alone lets another crate implement those for its own models.
pub struct Seal;
