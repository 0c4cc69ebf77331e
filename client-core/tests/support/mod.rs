//! What tests of several binaries share.

#![allow(dead_code, reason = "each binary uses its part")]

/// A model as a generated crate has it: its name, and a constant for each field.
macro_rules! model {
    ($model:ident $name:literal { $($constant:ident $field:literal $kind:ty $(, $access:ty)?;)* }) => {
        #[derive(Debug)]
        pub(crate) enum $model {}
        impl odoo_client::Model for $model {
            const ODOO_NAME: &'static str = $name;
        }
        impl $model {
            #[allow(dead_code, reason = "generated models have it too")]
            pub(crate) fn values() -> odoo_client::Values<Self> {
                odoo_client::Values::new()
            }
            $(pub(crate) const $constant: odoo_client::Field<Self, $kind $(, $access)?> = odoo_client::Field::new($field);)*
        }
    };
}

pub(crate) mod emulator;
pub(crate) mod models;
pub(crate) mod moving;
pub(crate) mod recording;
pub(crate) mod server;
#[cfg(feature = "rustls")]
pub(crate) mod tls;
