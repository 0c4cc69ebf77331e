//! What a user with fewer rights is told, against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name (an
//! administrator). The user is the test's own, and deleted also when it fails.

use crate::own::skipped;
use std::collections::BTreeMap;

use odoo_client::client::WireKind;
use odoo_client::field::kind;
use odoo_client::ops::{Check, Problem};
use odoo_client::version::Difference;
use odoo_client::{Client, ErrorKind, Id, Many2one, Readable, Record};
use serde_json::{Value, json};

use crate::own::users::{builder, delete_user, finally, make_key, make_user, name};

/// Runs a test as an ordinary user, over every wire that the server has.
async fn as_ordinary_user<T>(what: &str, test: impl Fn(Client, Client) -> T + Send + Sync + 'static)
where
    T: Future<Output = ()> + Send,
{
    let builder = builder();
    let admin = builder.clone().wire(WireKind::Session).connect().await.unwrap();
    let login = name(what);
    let user = make_user(&admin, &login, "rights of its own").await;
    let all = {
        let (admin, builder) = (admin.clone(), builder.user(login).password("rights of its own"));
        async move {
            let session = builder.clone().wire(WireKind::Session).connect().await.unwrap();
            test(admin.clone(), builder.clone().wire(WireKind::JsonRpc).connect().await.unwrap()).await;
            if session.version().has(Difference::Json2) {
                let key = make_key(&session, "rights").await.key;
                test(admin.clone(), builder.api_key(key).wire(WireKind::Json2).connect().await.unwrap()).await;
            }
            test(admin, session).await;
        }
    };
    finally(all, delete_user(&admin, user)).await;
}

async fn fields(odoo: &Client, model: &'static str) -> BTreeMap<String, Value> {
    odoo.model(model).call("fields_get").arg("attributes", ["type"]).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_refused_and_unknown_fields_are_data() {
    as_ordinary_user("rights refused", |admin, odoo| async move {
        let seen = fields(&odoo, "res.partner").await;
        let hidden: Vec<_> =
            fields(&admin, "res.partner").await.into_keys().filter(|field| !seen.contains_key(field)).take(2).collect();
        // In 18.0 there is but one.
        assert!(!hidden.is_empty(), "an ordinary user sees all");

        let read = async |fields: Value| {
            let call = odoo.model("res.partner").call("search_read").arg("domain", json!([])).arg("limit", 1);
            call.arg("fields", fields).send::<Value>().await.unwrap_err()
        };
        let error = read(json!([&["name".to_owned()], &hidden[..]].concat())).await;
        assert_eq!((error.kind(), error.fields_model()), (ErrorKind::Access, Some("res.partner")), "{error}");
        let named = if odoo.version().has(Difference::HiddenFieldsOneByOne) { 1 } else { hidden.len() };
        assert_eq!(error.fields(), hidden[..named], "{error}");
        let remedy = error.remedy().unwrap();
        assert!(remedy.contains("derive(Record)") && remedy.contains("cargo odoo regen"), "{remedy}");

        let error = read(json!(["name", "gone", "lost"])).await;
        assert_eq!((error.kind(), error.fields(), error.fields_model()), unknown("gone"), "{error}");
        assert!(error.remedy().unwrap().contains("regen --check"), "{error}");

        let partners = odoo.model("res.partner");
        let error = partners
            .call("search")
            .arg("domain", json!([["parent_id.gone", "=", 1]]))
            .send::<Value>()
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.fields(), error.fields_model()), unknown("gone"), "{error}");
        let write = admin.model("res.partner").call("write").ids([1]).arg("vals", json!({"gone": 1}));
        let error = write.send::<bool>().await.unwrap_err();
        assert_eq!((error.kind(), error.fields(), error.fields_model()), unknown("gone"), "{error}");

        let error = odoo
            .model("ir.config_parameter")
            .call("search")
            .arg("domain", json!([]))
            .send::<Value>()
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.fields(), error.fields_model()), (ErrorKind::Access, vec![], None), "{error}");
    })
    .await;
}

fn unknown(field: &'static str) -> (ErrorKind, Vec<&'static str>, Option<&'static str>) {
    (ErrorKind::UnknownField, vec![field], Some("res.partner"))
}

model! { Partner "res.partner" {
    NAME "name" kind::Char;
    SIGNUP_TYPE "signup_type" kind::Char;
    GONE "gone" kind::Integer;
    COLOR "color" kind::Char;
    COMMENT "comment" kind::Text;
    PARTNER_LATITUDE "partner_latitude" kind::Monetary;
    PARENT_ID "parent_id" kind::Many2one<Partner>;
    COUNTRY_ID "country_id" kind::Many2one<Parameter>;
} }

model! { Parameter "ir.config_parameter" {
    KEY "key" kind::Char;
} }

model! { Lost "x_lost.model" {} }

#[derive(Record)]
#[odoo(model = Partner)]
#[expect(dead_code, reason = "no record is read")]
struct Customer {
    name: String,
    signup_type: Option<String>,
    gone: i64,
    color: String,
    // Read alike, whatever of these it is: `html`, `float`.
    comment: Option<String>,
    partner_latitude: f64,
    parent_id: Option<Parent>,
    country_id: Option<Setting>,
}

#[derive(Record)]
#[odoo(model = Partner)]
#[expect(dead_code, reason = "no record is read")]
struct Parent {
    signup_type: Option<String>,
    parent_id: Option<Many2one<Partner>>,
}

#[derive(Record)]
#[odoo(model = Parameter)]
#[expect(dead_code, reason = "no record is read")]
struct Setting {
    key: String,
}

#[derive(Record)]
#[odoo(model = Lost)]
struct OfLost {}

type Told = (&'static str, Option<&'static str>, Problem);

fn misfit(model: &'static str, field: impl Into<Option<&'static str>>, problem: Problem) -> Told {
    (model, field.into(), problem)
}

fn told(check: &Check) -> Vec<Told> {
    check.misfits.iter().map(|misfit| (misfit.model, misfit.field, misfit.problem.clone())).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_a_check_finds_all_that_does_not_fit_at_once() {
    as_ordinary_user("rights misfits", |admin, odoo| async move {
        let of_partner = |field: &'static str, problem| misfit("res.partner", field, problem);
        let retyped = Problem::Retyped { expected: kind_types::<kind::Char>(), found: "integer".to_owned() };
        let repointed = Problem::Repointed { expected: "ir.config_parameter", found: "res.country".to_owned() };
        let for_all =
            [of_partner("color", retyped), of_partner("country_id", repointed), of_partner("gone", Problem::Gone)];
        let check = admin.check::<Customer>().await.unwrap();
        assert_eq!(told(&check), for_all);

        let check = odoo.check::<Customer>().await.unwrap();
        let for_user = [misfit("ir.config_parameter", None, Problem::Unreadable)];
        let for_user = for_user.into_iter().chain(for_all).chain([of_partner("signup_type", Problem::Unreadable)]);
        assert_eq!(told(&check), for_user.collect::<Vec<_>>());
        assert_eq!(
            check.to_string(),
            "ir.config_parameter: this user has no right to read it\n\
             res.partner.color: its type is `integer`, not `char` or `html` or `text` or `selection`\n\
             res.partner.country_id: it leads to res.country, not to ir.config_parameter\n\
             res.partner.gone: the model has no such field\n\
             res.partner.signup_type: this user has no right to read it"
        );
        let error = check.into_result().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misfit, "{error}");

        let check = odoo.check::<OfLost>().await.unwrap();
        assert_eq!(told(&check), [misfit("x_lost.model", None, Problem::Gone)]);
    })
    .await;
}

fn kind_types<K: kind::Kind>() -> &'static [&'static str] {
    K::TYPES
}

/// Of the pin of the server's series.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_whole_rows_fit_whom_pinned_them_and_not_a_user_with_fewer_rights() {
    as_ordinary_user("rights rows", |admin, odoo| async move {
        let (all, fewer) = match odoo.version().series() {
            "19.0" => {
                (admin.check::<odoo19::res::partner::Row>().await, odoo.check::<odoo19::res::partner::Row>().await)
            }
            "14.0" => {
                (admin.check::<odoo14::res::partner::Row>().await, odoo.check::<odoo14::res::partner::Row>().await)
            }
            other => return skipped(format_args!("it is of the pins of 14.0 and 19.0, the server is {other}")),
        };
        let all = all.unwrap();
        assert!(all.is_ok() && all.to_string() == "all fields fit", "{all}");
        let fewer = fewer.unwrap();
        assert!(!fewer.is_ok() && fewer.misfits.iter().all(|misfit| misfit.problem == Problem::Unreadable), "{fewer}");
    })
    .await;
}

model! { Contact "res.partner" {
    NAME "name" kind::Char;
    PARENT_ID "parent_id" kind::Many2one<Self>;
    CHILD_IDS "child_ids" kind::One2many<Self>;
} }

model! { Carrier "delivery.carrier" {
    NAME "name" kind::Char;
} }

model! { Location "lunch.location" {
    NAME "name" kind::Char;
} }

model! { User "res.users" {
    PROPERTY_DELIVERY_CARRIER_ID "property_delivery_carrier_id" kind::Many2one<Carrier>;
    LAST_LUNCH_LOCATION_ID "last_lunch_location_id" kind::Many2one<Location>;
} }

#[derive(Record)]
#[odoo(model = User)]
struct Served {
    property_delivery_carrier_id: Option<Readable<Deliverer>>,
}

#[derive(Record)]
#[odoo(model = Carrier)]
#[expect(dead_code, reason = "an ordinary user may not read it")]
struct Deliverer {
    name: String,
}

#[derive(Record)]
#[odoo(model = User)]
struct Eater {
    last_lunch_location_id: Option<Readable<Place>>,
}

#[derive(Record)]
#[odoo(model = Location)]
#[expect(dead_code, reason = "an ordinary user may not read it")]
struct Place {
    name: String,
}

/// One that an ordinary user may read no record of, in each series another.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_a_record_of_a_model_that_the_user_may_not_read_costs_no_other() {
    as_ordinary_user("rights model", |admin, odoo| async move {
        let is_new = odoo.version().has(Difference::AllGroupIds);
        let (model, field) = if is_new {
            ("delivery.carrier", "property_delivery_carrier_id")
        } else {
            ("lunch.location", "last_lunch_location_id")
        };
        let found = admin.model(model).call("search_read").arg("domain", json!([])).arg("fields", ["name"]);
        let found: Vec<Value> = found.arg("limit", 1).send().await.unwrap();
        // A new user may have rights of many apps.
        let group = admin.model("ir.model.data").call("search_read").arg("fields", ["res_id"]);
        let group = group.arg("domain", json!([["module", "=", "base"], ["name", "=", "group_user"]]));
        let group = group.send::<Vec<Value>>().await.unwrap()[0]["res_id"].take();
        let groups = if is_new { "group_ids" } else { "groups_id" };
        let values = json!({field: found[0]["id"], groups: [[6, 0, [group]]]});
        let user = admin.model("res.users").call("write").ids([odoo.uid()]);
        user.arg("vals", values).send::<bool>().await.unwrap();
        let user = odoo.uid().cast();
        let to = if is_new {
            unreadable(odoo.read::<Served>([user]).await.unwrap().remove(0).property_delivery_carrier_id)
        } else {
            unreadable(odoo.read::<Eater>([user]).await.unwrap().remove(0).last_lunch_location_id)
        };
        assert_eq!(to, (found[0]["id"].as_i64().unwrap(), found[0]["name"].as_str().map(str::to_owned)));
    })
    .await;
}

fn unreadable<R: Record>(read: Option<Readable<R>>) -> (i64, Option<String>) {
    match read {
        Some(Readable::Unreadable(to)) => (to.id().get(), to.name().map(str::to_owned)),
        Some(Readable::Read(_)) => panic!("the user may read it"),
        None => panic!("there is none"),
    }
}

#[derive(Record, Debug)]
#[odoo(model = Contact)]
struct WithParent {
    name: String,
    parent_id: Option<Named>,
}

#[derive(Record, Debug)]
#[odoo(model = Contact)]
struct Named {
    name: String,
}

#[derive(Record, Debug)]
#[odoo(model = Contact)]
struct WithReadable {
    parent_id: Option<Readable<Named>>,
    child_ids: Vec<Readable<WithParentRead>>,
}

#[derive(Record, Debug)]
#[odoo(model = Contact)]
struct WithParentRead {
    name: String,
    parent_id: Readable<Named>,
}

/// A parent in a company that the user is not in (the demo data has a second one).
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs ODOO_URL"]
async fn live_an_inner_record_that_the_user_may_not_read_costs_no_other_and_is_not_empty() {
    as_ordinary_user("rights inner", |admin, odoo| async move {
        let partners = admin.model("res.partner");
        let create = |values: Value| partners.call("create").arg("vals_list", json!([values])).send::<Vec<i64>>();
        let mark = name("inner");
        let chicago = admin.model("res.company").call("search").arg("domain", json!([["name", "ilike", "Chicago"]]));
        let Some(chicago) = chicago.send::<Vec<i64>>().await.unwrap().pop() else {
            crate::own::skipped("no second company in this database");
            return;
        };
        let secret = create(json!({"name": format!("{mark} secret"), "company_id": chicago})).await.unwrap()[0];
        let open = create(json!({"name": format!("{mark} open")})).await.unwrap()[0];
        let of_secret = create(json!({"name": format!("{mark} a"), "parent_id": secret})).await.unwrap()[0];
        let of_open = create(json!({"name": format!("{mark} b"), "parent_id": open})).await.unwrap()[0];
        partners.call("write").ids([of_secret]).arg("vals", json!({"company_id": false})).send::<bool>().await.unwrap();
        let all = vec![of_secret, of_open, secret, open];
        let delete = async { assert!(partners.call("unlink").ids(all).send::<bool>().await.unwrap()) };
        let read = async move {
            let ids = [of_secret, of_open].map(odoo_client::Id::<Contact>::new);
            let of_query = odoo.query::<WithParent>().filter(Contact::NAME.ilike(&*mark) & Contact::PARENT_ID.is_set());
            for page in [odoo.read_page::<WithParent>(ids).await.unwrap(), of_query.fetch_page().await.unwrap()] {
                assert!(page.records.len() == 1 && page.records[0].name.ends_with(" b"), "{page:?}");
                assert!(page.records[0].parent_id.as_ref().unwrap().name.contains("open"), "{page:?}");
                let failure = page.failures[0].to_string();
                assert!(
                    failure.contains(&format!(
                        "res.partner({of_secret}).parent_id: expected a record that this user may read"
                    )),
                    "{failure}"
                );
                assert!(failure.contains(&format!("[{secret},")), "{failure}");
            }

            let ids = [of_secret, of_open, open].map(Id::<Contact>::new);
            let [of_secret, of_open, open] = &odoo.read::<WithReadable>(ids).await.unwrap()[..] else { panic!() };
            match &of_secret.parent_id {
                Some(Readable::Unreadable(to)) => {
                    assert_eq!((to.id().get(), to.name()), (secret, Some(&*format!("{mark} secret"))));
                }
                read => panic!("{read:?}"),
            }
            assert!(of_secret.child_ids.is_empty());
            assert!(of_open.parent_id.as_ref().unwrap().get().unwrap().name.contains("open"));
            assert!(open.parent_id.is_none());
            let child = open.child_ids[0].get().unwrap();
            assert!(child.name.ends_with(" b") && child.parent_id.get().unwrap().name.contains("open"), "{child:?}");

            let required: Vec<WithParentRead> = odoo.read(&ids[..2]).await.unwrap();
            assert_eq!(required.iter().map(|one| one.parent_id.get().is_some()).collect::<Vec<_>>(), [false, true]);
        };
        finally(read, delete).await;
    })
    .await;
}
