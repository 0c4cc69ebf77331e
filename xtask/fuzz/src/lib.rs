//! Nothing: the tests of this package are what it is for.
//!
//! Each makes up inputs for as long as `FUZZ_MILLISECONDS` says (100 without it), from what real servers sent:
//!
//! ```sh
//! FUZZ_MILLISECONDS=3600000 cargo test -p odoo-fuzz      # an hour each
//! ```
//!
//! A failure names the seed that makes the input again: `arbtest(…).seed(0x…)`. What is found becomes a test where the
//! code is.
