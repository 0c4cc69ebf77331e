//! Records in records.

use super::*;

#[derive(Record, Debug, PartialEq)]
#[odoo(model = Contact)]
struct Company {
    id: Id<Contact>,
    name: String,
    parent_id: Option<Many2one<Contact>>,
    country_id: Option<Land>,
    category_id: Vec<Label>,
    child_ids: Vec<Person>,
}

#[derive(Record, Debug, PartialEq)]
#[odoo(model = Contact)]
struct Person {
    name: String,
    country_id: Option<Land>,
    parent_id: Many2one<Contact>,
}

#[derive(Record, Debug, PartialEq)]
#[odoo(model = Country)]
struct Land {
    id: Id<Country>,
    code: Option<String>,
    currency_id: Option<Money>,
}

#[derive(Record, Debug, PartialEq)]
#[odoo(model = Currency)]
struct Money {
    name: String,
    rounding: f64,
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_records_in_records_are_those_that_separate_reads_give() {
    on_every_wire(|odoo| async move {
        let mark = mark("nested");
        clean_up(&odoo.clone(), &["res.partner", TAGS], &mark.clone(), async move {
            let a: Id<Tag> = odoo.create(named(&mark, "a").set(Tag::COLOR, 3_i64)).await.unwrap();
            let b: Id<Tag> = odoo.create(named(&mark, "b").set(Tag::PARENT_ID, a)).await.unwrap();
            let lands: Vec<Land> = odoo.query::<Land>().filter(Country::CODE.is_in(["BE", "US"])).fetch_all().await.unwrap();
            let land = |at: usize| lands[at % lands.len()].id.get();
            for n in 0..3 {
                let people: Vec<Value> = (0..n)
                    .map(|p| json!([0, 0, {"name": format!("{mark} {n}.{p}"), "type": "other", "country_id": if p == 0 { json!(land(n)) } else { json!(false) }}]))
                    .collect();
                let tags = [json!([]), json!([a.get()]), json!([a.get(), b.get()])][n].clone();
                let country = if n == 1 { json!(false) } else { json!(land(n)) };
                create(&odoo, json!({"name": format!("{mark} {n}"), "is_company": true, "country_id": country,
                    "category_id": [[6, 0, tags]], "child_ids": people})).await;
            }
            let companies = || {
                let own = Contact::NAME.ilike(&mark) & Contact::PARENT_ID.is_empty();
                odoo.query::<Company>().filter(own).order_by(Contact::NAME.asc())
            };
            let read: Vec<Company> = companies().fetch_all().await.unwrap();
            assert_eq!(read.iter().map(|company| company.child_ids.len()).collect::<Vec<_>>(), [0, 1, 2]);
            assert_eq!(read.iter().map(|company| company.category_id.len()).collect::<Vec<_>>(), [0, 1, 2]);
            let people = || read.iter().flat_map(|company| &company.child_ids);
            assert!(people().any(|person| person.country_id.is_none()) && people().any(|person| person.country_id.is_some()));
            // The same by hand: every field of every record on its own.
            for company in &read {
                let ids = odoo.read::<Everything>([company.id]).await.unwrap().remove(0);
                assert_eq!((&ids.name, &ids.parent_id), (&company.name, &company.parent_id));
                assert_eq!(odoo.read::<Label>(ids.category_id).await.unwrap(), company.category_id);
                assert_eq!(odoo.read::<Person>(ids.child_ids).await.unwrap(), company.child_ids);
                for country in company.country_id.iter().chain(company.child_ids.iter().filter_map(|p| p.country_id.as_ref())) {
                    assert_eq!(odoo.read::<Land>([country.id]).await.unwrap(), [country].map(|land| Land {
                        id: land.id, code: land.code.clone(),
                        currency_id: land.currency_id.as_ref().map(|m| Money { name: m.name.clone(), rounding: m.rounding }),
                    }));
                }
                assert!(company.child_ids.iter().all(|person| person.parent_id.id() == company.id));
            }
            // By id, in pages, and one by one it is the same too.
            assert_eq!(odoo.read::<Company>(read.iter().map(|company| company.id)).await.unwrap(), read);
            assert_eq!(collect(companies().page_size(2).stream()).await, read);
            assert_eq!(companies().offset(2).first().await.unwrap().as_ref(), read.last());
            assert!(companies().offset(3).fetch_all().await.unwrap().is_empty());
        })
        .await;
    })
    .await;
}

/// To Odoo no fields would be all of them.
#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_records_without_fields_are_read_everywhere() {
    #[derive(Record)]
    #[odoo(model = Country)]
    struct Nothing {}

    #[derive(Record)]
    #[odoo(model = Contact)]
    struct Empty {
        country_id: Option<Nothing>,
        category_id: Vec<Nobody>,
    }

    #[derive(Record)]
    #[odoo(model = Category)]
    struct Nobody {}

    on_every_wire(|odoo| async move {
        let countries = odoo.query::<Nothing>().filter(Country::CODE.is_in(["BE", "US"]));
        let ids = countries.ids().await.unwrap();
        assert_eq!(countries.fetch_all().await.unwrap().len(), ids.len());
        assert_eq!(collect(countries.stream()).await.len(), ids.len());
        assert_eq!(odoo.read::<Nothing>(ids.iter().copied().chain([Id::new(1 << 30)])).await.unwrap().len(), ids.len());
        let known = odoo.query::<Everything>().filter(Contact::COUNTRY_ID.is_set()).order_by(Contact::ID.asc());
        // The oldest, which no other test deletes meanwhile.
        let known = known.limit(3).fetch_all().await.unwrap();
        let read: Vec<Empty> = odoo.read(known.iter().map(|contact| contact.id)).await.unwrap();
        assert!(!read.is_empty() && read.len() == known.len());
        for (empty, contact) in read.iter().zip(known) {
            assert!(empty.country_id.is_some() && empty.category_id.len() == contact.category_id.len());
        }
    })
    .await;
}

/// Contains itself: there is no end to what it asks for.
#[derive(Record, Debug)]
#[odoo(model = Contact)]
#[allow(dead_code, reason = "it is never read")]
struct Endless {
    child_ids: Vec<Endless>,
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_a_struct_that_contains_itself_is_an_error() {
    on_every_wire(|odoo| async move {
        let outcome = odoo.query::<Endless>().filter(Contact::CHILD_IDS.is_set()).limit(1).fetch_all().await;
        // A version without specifications finds the end of the data before that of the structs.
        match outcome {
            Err(error) => assert_eq!(error.kind(), ErrorKind::Config, "{error}"),
            Ok(found) => assert!(!odoo.version().has(Difference::Specifications) && found.len() == 1),
        }
    })
    .await;
}
