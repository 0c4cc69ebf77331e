//! Queries and records in records over every wire that the server of `ODOO_URL` has; skipped without it.
//! What the tests create they delete, also when they fail.

mod nested;

use crate::own::skipped;
use odoo_client::field::{ReadOnly, kind};
use odoo_client::model::UnknownValue;
use odoo_client::read::Properties;
use odoo_client::version::Difference;
use odoo_client::{Client, Date, ErrorKind, Field, Id, Ids, Many2one, Model, Record, Reference, Timestamp};
use serde_json::{Value, json};

use crate::own::records::{Tag, clean_up, mark, named, on_every_wire};

const TAGS: &str = "res.partner.category";

// Constants under names of this test's own: the shared markers have others.
macro_rules! model {
    ($($marker:ident $model:literal { $($constant:ident: $kind:ty = $name:literal,)* })*) => {
        $(enum $marker {}
        impl Model for $marker {
            const ODOO_NAME: &'static str = $model;
        }
        #[allow(dead_code, reason = "not every model's id is read")]
        impl $marker {
            const ID: Field<Self, kind::Id, ReadOnly> = Field::new("id");
            $(const $constant: Field<Self, $kind> = Field::new($name);)*
        })*
    };
}

enum Kind {
    Contact,
    Unknown(UnknownValue),
}
odoo_client::__rt::selection! { Kind: 0 "contact" => Contact, }

model! {
    Contact "res.partner" {
        NAME: kind::Char = "name",
        ACTIVE: kind::Boolean = "active",
        COLOR: kind::Integer = "color",
        COMMENT: kind::Html = "comment",
        VAT: kind::Char = "vat",
        CREATE_DATE: kind::Datetime = "create_date",
        PARTNER_LATITUDE: kind::Float = "partner_latitude",
        TYPE: kind::Selection<Kind> = "type",
        IMAGE_1920: kind::Binary = "image_1920",
        PARENT_ID: kind::Many2one<Contact> = "parent_id",
        CHILD_IDS: kind::One2many<Contact> = "child_ids",
        CATEGORY_ID: kind::Many2many<Category> = "category_id",
        COUNTRY_ID: kind::Many2one<Country> = "country_id",
    }
    Category "res.partner.category" {
        NAME: kind::Char = "name",
        COLOR: kind::Integer = "color",
        PARENT_ID: kind::Many2one<Category> = "parent_id",
    }
    Country "res.country" { CODE: kind::Char = "code", CURRENCY_ID: kind::Many2one<Currency> = "currency_id", }
    Currency "res.currency" { NAME: kind::Char = "name", RATE: kind::Float = "rate", ROUNDING: kind::Float = "rounding", }
    Attachment "ir.attachment" {
        NAME: kind::Char = "name",
        RES_ID: kind::Many2oneReference = "res_id",
        RES_MODEL: kind::Char = "res_model",
        DATAS: kind::Binary = "datas",
    }
    Menu "ir.ui.menu" { NAME: kind::Char = "name", ACTION: kind::Reference = "action", }
    Rate "res.currency.rate" { NAME: kind::Date = "name", RATE: kind::Float = "rate", }
    Lead "crm.lead" { NAME: kind::Char = "name", LEAD_PROPERTIES: kind::Properties = "lead_properties", }
}

#[derive(Record, Debug, PartialEq)]
#[odoo(model = Contact)]
struct Everything {
    id: Id<Contact>,
    name: String,
    active: bool,
    color: i32,
    comment: Option<String>,
    vat: Option<String>,
    create_date: Timestamp,
    partner_latitude: f64,
    r#type: Kind,
    image_1920: Option<Vec<u8>>,
    parent_id: Option<Many2one<Contact>>,
    child_ids: Ids<Contact>,
    category_id: Vec<Id<Category>>,
}

/// A picture of one pixel: the server makes sure that it is one.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

#[derive(Record, Debug)]
#[odoo(model = Attachment)]
struct File {
    res_id: Option<i64>,
    datas: Option<Vec<u8>>,
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_struct_reads_fields_of_all_types() {
    on_every_wire(|odoo| async move {
        let mark = mark("types");
        clean_up(&odoo.clone(), &["res.partner", TAGS, "ir.attachment"], &mark.clone(), async move {
            let tag: Id<Tag> = odoo.create(named(&mark, "tag")).await.unwrap();
            let parent = create(&odoo, json!({"name": format!("{mark} é"), "is_company": true})).await;
            let values = json!({
                "name": format!("{mark} child"), "parent_id": parent, "type": "contact", "category_id": [[6, 0, [tag.get()]]],
                "comment": "<p>vip</p>", "partner_latitude": 50.5, "color": -7, "image_1920": PIXEL,
            });
            let child = create(&odoo, values).await;

            let both = odoo.query::<Everything>().filter(Contact::NAME.ilike(&mark)).order_by(Contact::ID.asc());
            // Bytes are wanted, whatever the context says of sizes.
            let both = both.with_context(("bin_size", true)).with_context(("bin_size_image_1920", true));
            let [of_parent, of_child]: [Everything; 2] = both.fetch_all().await.unwrap().try_into().unwrap();
            assert_eq!((of_parent.id.get(), &*of_parent.name), (parent, &*format!("{mark} é")));
            assert!(of_parent.comment.is_none() && of_parent.image_1920.is_none() && of_parent.parent_id.is_none());
            assert!(of_parent.active && of_parent.category_id.is_empty());
            assert_eq!(of_parent.child_ids, [Id::new(child)].into_iter().collect());
            assert_eq!((of_child.color, of_child.partner_latitude, &of_child.r#type), (-7, 50.5, &Kind::Contact));
            assert!(of_child.comment.as_deref().is_some_and(|comment| comment.contains("vip")));
            assert!(of_child.image_1920.as_deref().is_some_and(|image| image.starts_with(b"\x89PNG")));
            assert_eq!(of_child.parent_id.as_ref().map(|link| link.id().get()), Some(parent));
            assert!(of_child.parent_id.as_ref().and_then(Many2one::name).is_some_and(|name| name.contains(&mark)));
            assert_eq!(of_child.category_id, [Id::new(tag.get())]);
            let age = Timestamp::now().duration_since(of_child.create_date).as_secs();
            assert!((-60..600).contains(&age), "{age}");
            let again: Vec<Everything> = odoo.read([of_child.id, of_parent.id]).await.unwrap();
            assert_eq!(again, [of_child, of_parent]);

            let file = json!({"name": format!("{mark} file"), "datas": "aGVsbG8=", "res_model": "res.partner", "res_id": parent});
            let empty = json!({"name": format!("{mark} loose")});
            odoo.model("ir.attachment").call("create").arg("vals_list", [file, empty]).send::<Value>().await.unwrap();
            let files = odoo.query::<File>().filter(Attachment::NAME.ilike(&mark)).order_by(Attachment::ID.asc());
            let [file, loose]: [File; 2] = files.fetch_all().await.unwrap().try_into().unwrap();
            assert_eq!((file.res_id, file.datas.as_deref()), (Some(parent), Some(&b"hello"[..])));
            // Odoo answers 0 for an empty many2one_reference, and an empty text for the content of an empty file.
            assert_eq!((loose.res_id, loose.datas.as_deref()), (Some(0), Some(&b""[..])));
        })
        .await;
    })
    .await;
}

async fn create(odoo: &Client, values: Value) -> i64 {
    let ids: Vec<i64> = odoo.model("res.partner").call("create").arg("vals_list", [values]).send().await.unwrap();
    ids[0]
}

#[derive(Record, Debug, PartialEq)]
#[odoo(model = Category)]
struct Label {
    id: Id<Category>,
    name: String,
    color: i64,
    parent_id: Option<Many2one<Category>>,
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_first_one_count_ids_exists() {
    on_every_wire(|odoo| async move {
        let mark = mark("one");
        clean_up(&odoo.clone(), &[TAGS], &mark.clone(), async move {
            let mut ids = Vec::new();
            for (color, name) in [(2_i64, "b"), (1, "a"), (2, "c")] {
                ids.push(Id::<Category>::new(
                    odoo.create(named(&mark, name).set(Tag::COLOR, color)).await.unwrap().get(),
                ));
            }
            odoo.create(named(&mark, "gone").set(Tag::ACTIVE, false)).await.unwrap();
            let own = || odoo.query::<Label>().filter(Category::NAME.ilike(&mark));
            let by_two = own().order_by(Category::COLOR.desc()).order_by(Category::NAME.desc());
            assert_eq!(by_two.ids().await.unwrap(), [ids[2], ids[0], ids[1]]);
            assert_eq!(by_two.clone().limit(2).offset(1).ids().await.unwrap(), [ids[0], ids[1]]);
            assert_eq!(by_two.first().await.unwrap().map(|label| label.id), Some(ids[2]));
            assert_eq!(own().filter(Category::COLOR.eq(1_i64)).one().await.unwrap().id, ids[1]);
            assert_eq!((own().count().await.unwrap(), own().limit(1).count().await.unwrap()), (3, 3));
            assert_eq!(own().active_test(false).count().await.unwrap(), 4);
            assert_eq!((own().exists().await.unwrap(), own().offset(3).exists().await.unwrap()), (true, false));
            let none = own().filter(Category::COLOR.eq(9_i64));
            assert!(!none.exists().await.unwrap() && none.first().await.unwrap().is_none());
            assert_eq!(none.one().await.unwrap_err().kind(), ErrorKind::Missing);
            let error = own().one().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Ambiguous, "{error}");
            // To the server it would mean all.
            assert!(
                own().limit(0).fetch_all().await.unwrap().is_empty() && own().limit(0).ids().await.unwrap().is_empty()
            );
            assert!(own().limit(0).stream().next().await.is_none());
        })
        .await;
    })
    .await;
}

async fn collect<R: Record>(mut records: odoo_client::query::Records<R>) -> Vec<R> {
    let mut all = Vec::new();
    while let Some(record) = records.next().await {
        all.push(record.unwrap());
    }
    all
}

#[derive(Record, Debug)]
#[odoo(model = Menu)]
struct Action {
    id: Id<Menu>,
    name: String,
    action: Option<Reference>,
}

#[derive(Record, Debug)]
#[odoo(model = Rate)]
struct Dated {
    name: Date,
    rate: f64,
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_references_and_dates_are_read() {
    on_every_wire(|odoo| async move {
        let menus = odoo.query::<Action>().active_test(false).limit(200).fetch_all().await.unwrap();
        let actions: Vec<&Reference> = menus.iter().filter_map(|menu| menu.action.as_ref()).collect();
        assert!(!actions.is_empty() && actions.len() < menus.len(), "{menus:?}");
        assert!(actions.iter().all(|action| action.model().starts_with("ir.actions.") && action.id() > 0));
        assert!(menus.iter().all(|menu| menu.id.get() > 0 && !menu.name.is_empty()));
        let rates = odoo.query::<Dated>().filter(Rate::RATE.gt(0.0)).limit(3).fetch_all().await.unwrap();
        assert!(rates.iter().all(|rate| rate.name.year() >= 2000 && rate.rate > 0.0), "{rates:?}");
    })
    .await;
}

#[derive(Record, Debug)]
#[odoo(model = Lead)]
struct Prospect {
    name: String,
    lead_properties: Properties,
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_properties_are_read() {
    on_every_wire(|odoo| async move {
        let has_leads = odoo.model("crm.lead").call("fields_get").arg("allfields", ["lead_properties"]).send::<Value>();
        if !has_leads.await.is_ok_and(|fields| fields["lead_properties"]["type"] == "properties") {
            return skipped("there are no leads with properties");
        }
        let mark = mark("properties");
        clean_up(&odoo.clone(), &["crm.lead", "crm.team"], &mark.clone(), async move {
            let definition = json!([
                {"name": "aaaaaaaaaaaaaaa1", "type": "char", "string": "Colour"},
                {"name": "aaaaaaaaaaaaaaa2", "type": "boolean", "string": "Is"},
            ]);
            let team = json!({"name": format!("{mark} team"), "lead_properties_definition": definition});
            let team: Vec<i64> = odoo.model("crm.team").call("create").arg("vals_list", [team]).send().await.unwrap();
            let lead = json!({"name": format!("{mark} lead"), "team_id": team[0], "lead_properties": {"aaaaaaaaaaaaaaa1": "red"}});
            odoo.model("crm.lead").call("create").arg("vals_list", [lead]).send::<Value>().await.unwrap();
            let lead = odoo.query::<Prospect>().filter(Lead::NAME.ilike(&mark)).one().await.unwrap();
            let shown: Vec<_> = lead.lead_properties.iter().map(|p| (p.string(), p.ttype(), p.value().cloned())).collect();
            let unset = (!odoo.version().has(Difference::UnsetPropertyHasNoValue)).then_some(json!(false));
            assert_eq!(shown, [("Colour", "char", Some(json!("red"))), ("Is", "boolean", unset)], "{}", lead.name);
        })
        .await;
    })
    .await;
}
