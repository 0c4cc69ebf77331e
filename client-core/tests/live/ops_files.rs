//! Binary fields, attachments and translations, against a real Odoo: the one that `ODOO_URL` and the other variables
//! name.
//!
//! Translations need a second language, which is installed in the database `small`, where there is one.

use crate::own::records::{Partner, Tag, clean_up, demo, mark, named, on_every_wire, on_every_wire_to};
use odoo_client::__rt::{RowReader, Slots};
use odoo_client::field::kind;
use odoo_client::ops::Translation;
use odoo_client::version::Difference;
use odoo_client::{Binary, Client, Context, ErrorKind, Id, Values};
use serde_json::{Value, json};

/// A picture of one red point.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82";

/// A projection with a binary field.
struct Photo {
    id: Id<Partner>,
    image_1920: Option<Vec<u8>>,
}

impl Slots for Photo {
    type Model = Partner;
    fn fields() -> &'static str {
        "id image_1920"
    }
    fn empty() -> Self {
        Self { id: Id::default(), image_1920: None }
    }
    fn read(&self, row: &mut RowReader<'_>) -> Self {
        Self { id: row.value(&self.id), image_1920: row.value(&self.image_1920) }
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_binary_fields_both_ways() {
    on_every_wire(binary_fields_both_ways).await;
}

async fn binary_fields_both_ways(odoo: Client) {
    let mark = mark("binary");
    clean_up(&odoo.clone(), &["res.partner"], &mark.clone(), async move {
        let values = || Values::new().set(Partner::NAME, &*mark);
        let with = odoo.create(values().set(Partner::IMAGE_1920, PNG)).await.unwrap();
        let without = odoo.create(values()).await.unwrap();
        // Odoo keeps a picture that is small enough as it is.
        assert_eq!(odoo.read_binary(with, Partner::IMAGE_1920).await.unwrap().as_deref(), Some(PNG));
        assert_eq!(odoo.read_binary(without, Partner::IMAGE_1920).await.unwrap(), None);
        // The client's `bin_size` does not get in the way; that of a projection is noticed.
        let sizes = odoo.with_context(Context::new().set("bin_size", true));
        assert_eq!(sizes.read_binary(with, Partner::IMAGE_1920).await.unwrap().as_deref(), Some(PNG));
        let page = sizes.read_page::<Photo>([with]).await.unwrap();
        assert_eq!((page.records.len(), page.failures[0].expected), (0, "base64 or `false`"));
        let photos: Vec<Photo> = odoo.read([with, without]).await.unwrap();
        assert_eq!((photos[0].id, photos[0].image_1920.as_deref()), (with, Some(PNG)));
        assert_eq!((photos[1].id, &photos[1].image_1920), (without, &None));

        let write = odoo.model("res.partner").call("write").ids([without]);
        write.arg("vals", std::collections::HashMap::from([("image_1920", Binary(PNG))])).send::<bool>().await.unwrap();
        odoo.update([with], Values::new().clear(Partner::IMAGE_1920)).await.unwrap();
        assert_eq!(odoo.read_binary(with, Partner::IMAGE_1920).await.unwrap(), None);
        assert_eq!(odoo.read_binary(without, Partner::IMAGE_1920).await.unwrap().as_deref(), Some(PNG));
        let error = odoo.read_binary(Id::new(999_999_999), Partner::IMAGE_1920).await.unwrap_err();
        assert_eq!((error.kind(), error.ids()), (ErrorKind::Missing, &[999_999_999][..]), "{error}");
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_attachments_of_a_record() {
    on_every_wire(attachments_of_a_record).await;
}

async fn attachments_of_a_record(odoo: Client) {
    let mark = mark("attachments");
    clean_up(&odoo.clone(), &["ir.attachment", "res.partner"], &mark.clone(), async move {
        let values = Values::new().set(Partner::NAME, &*mark).set(Partner::IMAGE_1920, PNG);
        let partner = odoo.create(values).await.unwrap();
        // The picture is an attachment too, but none of the record's.
        assert!(odoo.attachments(partner).await.unwrap().is_empty());
        let content: Vec<u8> = (0..300_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let name = format!("{mark} é 漢.bin");
        let file = odoo.attach(partner, &name, &content).await.unwrap();
        let empty = odoo.attach(partner, &format!("{mark} empty"), b"").await.unwrap();
        let link = json!({"name": format!("{mark} link"), "type": "url", "url": "https://example.com/a",
            "res_model": "res.partner", "res_id": partner});
        odoo.model("ir.attachment").call("create").arg("vals_list", [link]).send::<Vec<i64>>().await.unwrap();

        let found = odoo.attachments(partner).await.unwrap();
        assert_eq!(found.iter().map(|file| file.id).collect::<Vec<_>>()[..2], [file, empty]);
        assert_eq!((&*found[0].name, found[0].size), (&*name, 1_200_000));
        assert_eq!(found[0].checksum.as_ref().map(String::len), Some(40));
        assert_eq!((found[2].url.as_deref(), found[0].url.as_deref()), (Some("https://example.com/a"), None));
        assert!(odoo.download(file).await.unwrap() == content);
        assert!(odoo.download(empty).await.unwrap().is_empty());
        assert!(odoo.download(found[2].id).await.unwrap().is_empty());
        assert_eq!(demo().await.attachments(partner).await.unwrap().len(), 3);
        odoo.delete(found.iter().map(|file| file.id)).await.unwrap();
        assert!(odoo.attachments(partner).await.unwrap().is_empty());
        assert_eq!(odoo.download(file).await.unwrap_err().kind(), ErrorKind::Missing);
    })
    .await;
}

model! { View "ir.ui.view" {
    NAME_FIELD "name" kind::Char;
    ARCH_DB "arch_db" kind::Text;
    KEY "key" kind::Char;
} }

/// Sees to it that English and French are there.
async fn install_french(small: &Client) {
    // Two tests at the same time would get in each other's way.
    static INSTALLING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _installing = INSTALLING.lock().await;
    let installed: Vec<(String, String)> = small.model("res.lang").call("get_installed").send().await.unwrap();
    if !installed.iter().any(|(lang, _)| lang == "fr_FR") {
        let values = if small.version().has(Difference::TranslationsInRecord) {
            let langs = small.model("res.lang").call("search").arg("domain", json!([["code", "=", "fr_FR"]]));
            let langs: Vec<i64> = langs.with_context(("active_test", false)).send().await.unwrap();
            json!({"lang_ids": [[6, 0, langs]]})
        } else {
            json!({"lang": "fr_FR"})
        };
        let wizards = small.model("base.language.install");
        let wizard: Vec<i64> = wizards.call("create").arg("vals_list", [values]).send().await.unwrap();
        wizards.call("lang_install").ids(wizard).send::<Value>().await.unwrap();
    }
}

fn texts(translations: Vec<Translation>) -> Vec<(String, String, Option<String>)> {
    let mut all: Vec<_> = translations.into_iter().map(|text| (text.source, text.lang, text.value)).collect();
    all.sort_unstable();
    all
}

fn text(source: &str, lang: &str, value: Option<&str>) -> (String, String, Option<String>) {
    (source.to_owned(), lang.to_owned(), value.map(str::to_owned))
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_translations_of_whole_fields() {
    on_every_wire_to("small", translations_of_whole_fields).await;
}

async fn translations_of_whole_fields(odoo: Client) {
    install_french(&odoo).await;
    let mark = mark("translations");
    clean_up(&odoo.clone(), &["res.partner.category"], &mark.clone(), async move {
        let tag = odoo.create(named(&mark, "en")).await.unwrap();
        let (en, fr) = (format!("{mark} en"), format!("{mark} fr"));
        let all = async || texts(odoo.translations(tag, Tag::NAME).await.unwrap());
        assert_eq!(all().await, [text(&en, "en_US", Some(&en)), text(&en, "fr_FR", Some(&en))]);
        odoo.write_translations(tag, Tag::NAME, [("fr_FR", Some(&fr))]).await.unwrap();
        assert_eq!(all().await, [text(&en, "en_US", Some(&en)), text(&en, "fr_FR", Some(&fr))]);
        let french = odoo.with_context(Context::new().lang("fr_FR"));
        assert_eq!(french.search_count(Tag::NAME.eq(&*fr)).await.unwrap(), 1);
        let en2 = format!("{mark} en2");
        odoo.write_translations(tag, Tag::NAME, [("en_US", Some(&en2))]).await.unwrap();
        assert_eq!(all().await, [text(&en2, "en_US", Some(&en2)), text(&en2, "fr_FR", Some(&fr))]);
        odoo.write_translations(tag, Tag::NAME, [("fr_FR", None), ("en_US", Some(&en))]).await.unwrap();
        assert_eq!(all().await, [text(&en, "en_US", Some(&en)), text(&en, "fr_FR", Some(&en))]);

        let error = odoo.write_translations(tag, Tag::NAME, [("xx_XX", Some("x"))]).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::User | ErrorKind::Validation | ErrorKind::Server), "{error}");
        assert!(!error.may_have_executed(), "{error}");
        let error = odoo.translations(Id::new(999_999_999), Tag::NAME).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Missing, "{error}");
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_translations_of_terms() {
    on_every_wire_to("small", translations_of_terms).await;
}

async fn translations_of_terms(odoo: Client) {
    install_french(&odoo).await;
    let mark = mark("terms");
    clean_up(&odoo.clone(), &["ir.ui.view"], &mark.clone(), async move {
        let values = Values::<View>::new().set(View::NAME_FIELD, &*mark).set_raw("type", "qweb");
        let view = odoo.create(values.set_raw("arch", "<t><p>Good day</p><p>World</p></t>")).await.unwrap();
        let all = async || texts(odoo.translations(view, View::ARCH_DB).await.unwrap());
        let expected = |french: Option<&str>| {
            [
                text("Good day", "en_US", None),
                text("Good day", "fr_FR", french),
                text("World", "en_US", None),
                text("World", "fr_FR", None),
            ]
        };
        assert_eq!(all().await, expected(None));
        let terms = [("Good day", "Bonjour"), ("no such term", "rien")];
        odoo.write_term_translations(view, View::ARCH_DB, "fr_FR", terms).await.unwrap();
        assert_eq!(all().await, expected(Some("Bonjour")));
        let read = odoo.model("ir.ui.view").call("read").ids([view]).arg("fields", ["arch_db"]);
        let rows: Value = read.with_context(("lang", "fr_FR")).send().await.unwrap();
        assert_eq!(rows[0]["arch_db"], "<t><p>Bonjour</p><p>World</p></t>");
        odoo.write_term_translations(view, View::ARCH_DB, "fr_FR", [("Good day", "")]).await.unwrap();
        assert_eq!(all().await, expected(None));

        // A field that is not translated has no translations, and takes none.
        assert!(odoo.translations(view, View::KEY).await.unwrap().is_empty());
        let error = odoo.write_translations(view, View::KEY, [("fr_FR", Some("x"))]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::User, "{error}");
        assert!(error.to_string().contains("the field `key` is not translated"), "{error}");
    })
    .await;
}
