//! Reports, against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name (an administrator; `demo`
//! with the password `demo` is the ordinary user). Nothing is created.

use odoo_client::client::WireKind;
use odoo_client::ops::ReportFormat;
use odoo_client::{Client, ErrorKind};

use crate::own::users::{builder, server};

/// Of a module's models: a report of the module `base`, so of every database.
const REPORT: &str = "base.report_irmodulereference";

async fn html(odoo: &Client, name: &str, id: i64) -> Result<String, odoo_client::Error> {
    odoo.report(name, [id], ReportFormat::Html).await.map(|page| String::from_utf8(page).unwrap())
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_reports_are_printed_in_every_format() {
    let builder = builder();
    for wire in [WireKind::JsonRpc, WireKind::Session] {
        let odoo = builder.clone().wire(wire).connect().await.unwrap();
        assert!(html(&odoo, REPORT, 1).await.unwrap().contains("<main"));
        let text = odoo.report(REPORT, [1_i64], ReportFormat::Text).await.unwrap();
        assert!(!text.is_empty());
        match odoo.report(REPORT, [1_i64], ReportFormat::Pdf).await {
            Ok(pdf) => assert!(pdf.starts_with(b"%PDF-")),
            // A server without the program that prints.
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::User, "{error}");
                assert!(error.server_message().unwrap().contains("Wkhtmltopdf"), "{error}");
            }
        }
        odoo.log_out().await.unwrap();
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_what_cannot_be_printed_has_its_error() {
    let builder = builder();
    let admin = builder.clone().connect().await.unwrap();
    let demo = builder.user("demo").password("demo").connect().await.unwrap();
    for format in [ReportFormat::Html, ReportFormat::Text, ReportFormat::Pdf] {
        for unknown in ["base.no_such_report", "no such/report?", "nodots", "web.layout"] {
            let error = admin.report(unknown, [1_i64], format).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnknownReport, "{format:?} {unknown}: {error}");
        }
        let error = admin.report("base.no_such_report", [0_i64; 0], format).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        let error = demo.report(REPORT, [1_i64], format).await.unwrap_err();
        if format == ReportFormat::Pdf && error.kind() == ErrorKind::User {
            // Without the program that prints, the server does not get as far.
            continue;
        }
        assert_eq!(error.kind(), ErrorKind::Access, "{format:?}: {error}");
        assert!(error.to_string().contains(REPORT), "{error}");
        let error = demo.report("account.report_invoice", [999_999_999_i64], format).await;
        match error.unwrap_err() {
            // The small database has no invoices.
            error if error.kind() == ErrorKind::UnknownReport => {}
            error => assert_eq!(error.kind(), ErrorKind::Missing, "{format:?}: {error}"),
        }
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_session_that_has_ended_is_begun_anew_to_print() {
    let builder = builder();
    let odoo = builder.wire(WireKind::Session).connect().await.unwrap();
    for format in [ReportFormat::Html, ReportFormat::Text] {
        let id = odoo.session_id().unwrap();
        let other = server().session(id.clone()).connect().await.unwrap();
        other.log_out().await.unwrap();
        assert!(!odoo.report(REPORT, [1_i64], format).await.unwrap().is_empty(), "{format:?}");
        let error = other.report(REPORT, [1_i64], format).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SessionExpired, "{error}");
    }
    odoo.log_out().await.unwrap();
}
