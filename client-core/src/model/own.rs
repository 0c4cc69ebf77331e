//! Models that every Odoo has, and that this crate itself speaks of.

use super::{HasParents, Model};

macro_rules! own {
    ($($marker:ident $name:literal)*) => { $(
        #[doc = concat!("The model `", $name, "`, for programs without a generated marker of it; [`Id::cast`](crate::Id::cast) leads from one to the other.")]
        pub enum $marker {}

        impl Model for $marker {
            const ODOO_NAME: &'static str = $name;
        }
    )* };
}

own! {
    IrAttachment "ir.attachment"
    ResCompany "res.company"
    ResPartner "res.partner"
    ResUsers "res.users"
    ResUsersApikeys "res.users.apikeys"
}

impl HasParents for ResCompany {}
impl HasParents for ResPartner {}
