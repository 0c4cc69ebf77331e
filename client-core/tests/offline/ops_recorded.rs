//! What real servers answer to the operations that are one call, and what this crate makes of it; see `wires_recorded.rs`
//! for how to record anew (here with `--test ops_recorded`).

use crate::support::recording;
use crate::support::server::{PASSWORD, builder, serve};
use odoo_client::client::WireKind;
use odoo_client::field::kind;
use odoo_client::ops::Operation;
use odoo_client::{Client, Context, Domain, ErrorKind, Id, Ids, Record};

model! { Tag "res.partner.category" {} }

model! { Partner "res.partner" {
    IMAGE_128 "image_128" kind::Binary;
    PARENT_ID "parent_id" kind::Many2one<Self>;
} }

#[derive(Record)]
#[odoo(model = Partner)]
struct Photo {
    image_128: Vec<u8>,
}

#[derive(Record)]
#[odoo(model = Partner)]
struct OfCompany {
    parent_id: Photo,
}

#[tokio::test]
async fn recordings_14() {
    for wire in [WireKind::JsonRpc, WireKind::Session] {
        play("14", wire).await;
    }
}

#[tokio::test]
async fn recordings_19() {
    for wire in [WireKind::JsonRpc, WireKind::Session, WireKind::Json2] {
        play("19", wire).await;
    }
}

async fn play(series: &'static str, wire: WireKind) {
    let odoo = connect(series, wire, "load_refused").await;
    let rows = [["odoo-client refused", "red"], ["", "1"]];
    let loaded = odoo.load::<Tag, _, _>(["name", "color"], rows).await.unwrap();
    let rows: Vec<_> =
        loaded.messages.iter().map(|m| (m.is_error, m.first_row, m.last_row, m.field.as_deref())).collect();
    assert_eq!(rows, [(true, 0, 0, Some("color")), (true, 1, 1, Some("name"))]);
    assert!(loaded.ids.is_empty());
    let error = loaded.into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(error.to_string().contains("row 0: 'red' does not seem to be an integer"), "{error}");

    let odoo = connect(series, wire, "get_external_id").await;
    let xml_ids = odoo.xml_ids_of([1, 999_999_999].map(Id::<Partner>::new)).await.unwrap();
    assert_eq!(xml_ids, [Some("base.main_partner".to_owned()), None]);

    let odoo = connect(series, wire, "name_search").await;
    let found = odoo.name_search("services", Domain::<Tag>::all(), 5).await.unwrap();
    assert!(found.iter().any(|tag| tag.name() == Some("Services")), "{found:?}");

    let odoo = connect(series, wire, "copy_missing").await;
    let error = odoo.copy(Id::<Tag>::new(999_999_999), odoo_client::Values::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.method()), (ErrorKind::Missing, Some("copy")), "{error}");

    let odoo = connect(series, wire, "has_access").await;
    assert!(odoo.has_access(Operation::Write, Ids::<Partner>::EMPTY).await.unwrap());

    let odoo = connect(series, wire, "create_one").await;
    // Refused, so that the recording leaves nothing behind.
    assert_eq!(odoo.create(odoo_client::Values::<Partner>::new()).await.unwrap_err().kind(), ErrorKind::Validation);
}

/// Whatever the context says of sizes: the recorded request says that bytes are wanted.
#[tokio::test]
async fn bytes_are_read_where_the_context_asks_for_sizes() {
    let is_picture = |bytes: &[u8]| bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8");
    let sizes = || Context::new().set("bin_size", true).set("bin_size_image_128", true);
    for (series, contact) in [("14", 26), ("19", 36)] {
        for wire in [WireKind::JsonRpc, WireKind::Session] {
            let odoo = connect(series, wire, "bin_size").await.with_context(sizes());
            let photos: Vec<Photo> = odoo.read([Id::new(contact)]).await.unwrap();
            assert!(is_picture(&photos[0].image_128));
            // Before 17.0 that is a second request like the first.
            if series == "19" {
                let odoo = connect(series, wire, "bin_size_nested").await.with_context(sizes());
                let contacts: Vec<OfCompany> = odoo.read([Id::new(contact)]).await.unwrap();
                assert!(is_picture(&contacts[0].parent_id.image_128));
            }
        }
    }
}

/// Connects to a server that plays, or records, the case.
async fn connect(series: &'static str, wire: WireKind, name: &'static str) -> Client {
    let case = recording::Case { series, wire, name };
    let recording = std::env::var("ODOO_RECORD").is_ok_and(|recorded| recorded == series);
    let url = serve(move |request| if recording { case.record(request) } else { case.replay(request) });
    let builder = builder(&url).wire(wire);
    let builder = if wire == WireKind::Json2 { builder.api_key(PASSWORD) } else { builder };
    builder.connect().await.unwrap()
}
