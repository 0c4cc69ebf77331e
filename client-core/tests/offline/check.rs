//! What a check makes of what servers say, on emulators with fields that the user may not read; `live/rights.rs` asks real ones.

use crate::support::emulator::{builder, start};
use odoo_client::field::kind;
use odoo_client::ops::Problem;
use odoo_client::{Client, ErrorKind, Model, Record};
use odoo_emulator::{Emulator, Failure, Fault};

model! { Partner "res.partner" {
    NAME "name" kind::Char;
    SIGNUP_TYPE "signup_type" kind::Char;
    EMAIL "email" kind::Char;
    GONE "gone" kind::Integer;
} }

#[derive(Record)]
#[odoo(model = Partner)]
#[expect(dead_code, reason = "no record is read")]
struct Customer {
    name: String,
    signup_type: Option<String>,
    gone: i64,
    email: Option<String>,
}

/// A server on which the client's user may not read all fields of contacts.
async fn server(series: u32) -> (Client, Emulator) {
    let emulator = start(series).await;
    for field in ["email", "signup_type"] {
        emulator.engine(|engine| engine.deny_field(2, Partner::ODOO_NAME, field)).unwrap();
    }
    (builder(&emulator).connect().await.unwrap(), emulator)
}

/// The methods of contacts that were called.
fn calls(emulator: &Emulator) -> Vec<String> {
    let of_contacts = |model: &Option<String>| model.as_deref() == Some(Partner::ODOO_NAME);
    emulator.requests().into_iter().filter(|call| of_contacts(&call.model)).filter_map(|call| call.method).collect()
}

async fn problems(odoo: &Client) -> Vec<(Option<&'static str>, Problem)> {
    odoo.check::<Customer>().await.unwrap().misfits.into_iter().map(|misfit| (misfit.field, misfit.problem)).collect()
}

/// 14 names all that it does not show at once, 19 the first.
#[tokio::test]
async fn fields_that_the_server_does_not_show_are_told_apart() {
    for (series, reads) in [(14, 2), (19, 3)] {
        let (odoo, emulator) = server(series).await;
        let told_apart = [
            (Some("email"), Problem::Unreadable),
            (Some("gone"), Problem::Gone),
            (Some("signup_type"), Problem::Unreadable),
        ];
        assert_eq!(problems(&odoo).await, told_apart);
        assert_eq!(calls(&emulator)[2..], vec!["read"; reads], "{series}");
    }
}

/// Made up: no server was seen that refuses without a name.
#[tokio::test]
async fn what_the_server_does_not_tell_apart_is_said_to_be_either() {
    let (odoo, emulator) = server(19).await;
    emulator.fail(Failure::raises(Fault::access("You may not.")).on(Partner::ODOO_NAME, "read").always()).unwrap();
    let fields = problems(&odoo).await;
    assert_eq!(fields.len(), 3);
    assert!(fields.iter().all(|(_, problem)| *problem == Problem::NotShown), "{fields:?}");
    let check = odoo.check::<Customer>().await.unwrap();
    assert!(
        check.to_string().starts_with("res.partner.email: the model has no such field, or this user has no right"),
        "{check}"
    );
}

#[tokio::test]
async fn what_fits_takes_two_requests_and_no_read() {
    #[derive(Record)]
    #[odoo(model = Partner)]
    #[expect(dead_code, reason = "no record is read")]
    struct Named {
        name: String,
    }
    let (odoo, emulator) = server(19).await;
    let check = odoo.check::<Named>().await.unwrap();
    assert!(check.is_ok(), "{check}");
    check.into_result().unwrap();
    assert_eq!(calls(&emulator), ["fields_get", "has_access"]);
}

/// The error of a struct that contains itself is that of reading it.
#[tokio::test]
async fn an_endless_record_is_refused() {
    model! { Node "x_node" {
        CHILD_IDS "child_ids" kind::One2many<Node>;
    } }
    #[derive(Record)]
    #[odoo(model = Node)]
    #[expect(dead_code, reason = "no record is read")]
    struct Tree {
        child_ids: Vec<Tree>,
    }
    let (odoo, emulator) = server(19).await;
    let before = emulator.requests().len();
    assert_eq!(odoo.check::<Tree>().await.unwrap_err().kind(), ErrorKind::Config);
    assert_eq!(emulator.requests().len(), before);
}
