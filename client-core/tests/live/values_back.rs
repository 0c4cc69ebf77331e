//! What was read is written back, and what no Odoo could take is not sent, against the Odoo that `ODOO_URL`, `ODOO_DB`,
//! `ODOO_USER` and `ODOO_PASSWORD` name.

use std::collections::BTreeMap;

use odoo_client::field::kind;
use odoo_client::model::UnknownValue;
use odoo_client::{Command, Date, ErrorKind, Id, Ids, Link, Model, Record, Values};
use serde_json::Value;

use crate::own::session::{clean_up, client, mark};

model! { Lead "crm.lead" {
    DATE_DEADLINE "date_deadline" kind::Date;
    DESCRIPTION "description" kind::Html;
    EXPECTED_REVENUE "expected_revenue" kind::Monetary;
    ID "id" kind::Id;
    NAME "name" kind::Char;
    PRIORITY "priority" kind::Selection<Priority>;
    PROBABILITY "probability" kind::Float;
    TAG_IDS "tag_ids" kind::Many2many<Tag>;
    TEAM_ID "team_id" kind::Many2one<Team>;
    USER_ID "user_id" kind::Many2one<User>;
} }

model! { Tag "crm.tag" {} }

model! { Team "crm.team" {} }

model! { User "res.users" {} }

pub(crate) enum Priority {
    High,
    Unknown(UnknownValue),
}
odoo_client::__rt::selection! { Priority: 0 "2" => High, }

#[derive(Record, Debug, PartialEq)]
#[odoo(model = Lead)]
struct Row {
    id: Id<Lead>,
    name: String,
    date_deadline: Option<Date>,
    description: Option<String>,
    expected_revenue: f64,
    priority: Option<Priority>,
    tag_ids: Ids<Tag>,
    team_id: Link<Team>,
    user_id: Link<User>,
}

impl Row {
    fn values(self) -> Values<Lead> {
        Values::new()
            .set(Lead::NAME, self.name)
            .set(Lead::DATE_DEADLINE, self.date_deadline)
            .set(Lead::DESCRIPTION, self.description)
            .set(Lead::EXPECTED_REVENUE, self.expected_revenue)
            .set(Lead::PRIORITY, self.priority)
            .set(Lead::TAG_IDS, &self.tag_ids)
            .set(Lead::TEAM_ID, &self.team_id)
            .set(Lead::USER_ID, self.user_id.id())
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn a_row_is_written_back_as_it_was_read() {
    let odoo = client().await;
    let mark = mark("back");
    let (test_odoo, test_mark) = (odoo.clone(), mark.clone());
    clean_up(&odoo, &[Lead::ODOO_NAME], &mark, async move {
        let (odoo, mark) = (test_odoo, test_mark);
        let tags: Vec<i64> =
            odoo.model(Tag::ODOO_NAME).call("search").arg("domain", [(); 0]).arg("limit", 2).send().await.unwrap();
        let teams: Vec<i64> =
            odoo.model(Team::ODOO_NAME).call("search").arg("domain", [(); 0]).arg("limit", 1).send().await.unwrap();
        let tags: Vec<Id<Tag>> = tags.into_iter().map(Id::new).collect();
        let full = Values::new()
            .set(Lead::NAME, format!("{mark} full"))
            .set(Lead::DATE_DEADLINE, Date::constant(2030, 1, 31))
            .set(Lead::EXPECTED_REVENUE, 1234.5)
            .set(Lead::PRIORITY, Priority::High)
            .set(Lead::TAG_IDS, &tags)
            .set(Lead::TEAM_ID, Some(Id::new(teams[0])));
        let full = odoo.create(full).await.unwrap();
        let empty = Values::new()
            .set(Lead::NAME, format!("{mark} empty"))
            .set(Lead::DATE_DEADLINE, None::<Date>)
            .set(Lead::TEAM_ID, &Link::EMPTY)
            .set(Lead::USER_ID, None::<Id<User>>);
        let empty = odoo.create(empty).await.unwrap();

        for id in [full, empty] {
            let row = odoo.get::<Row>(id).await.unwrap().unwrap();
            assert_eq!(
                (row.tag_ids.len(), row.team_id.is_empty()),
                if id == full { (tags.len(), false) } else { (0, true) }
            );
            odoo.update(id, odoo.get::<Row>(id).await.unwrap().unwrap().values()).await.unwrap();
            assert_eq!(odoo.get::<Row>(id).await.unwrap().unwrap(), row);
            // Onto the other one, which is then the same but for its id.
            let other = if id == full { empty } else { full };
            let before = odoo.get::<Row>(other).await.unwrap().unwrap();
            odoo.update(&[other], odoo.get::<Row>(id).await.unwrap().unwrap().values()).await.unwrap();
            let copied = odoo.get::<Row>(other).await.unwrap().unwrap();
            assert_eq!(Row { id, ..copied }, row);
            odoo.update(other, before.values()).await.unwrap();
        }
        // Filters see the same as was written.
        let own = || Lead::NAME.eq_like(format!("{mark}%"));
        let of = async |domain| odoo.search(own() & domain).await.unwrap();
        assert_eq!(of(Lead::TEAM_ID.eq(&Link::EMPTY)).await, [empty]);
        assert_eq!(of(Lead::DATE_DEADLINE.eq(None::<Date>)).await, [empty]);
        assert_eq!(of(Lead::DATE_DEADLINE.eq(Some(Date::constant(2030, 1, 31)))).await, [full]);
        assert_eq!(of(Lead::PRIORITY.is_in([Some(Priority::High)])).await, [full]);
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn what_is_refused_changes_nothing() {
    let odoo = client().await;
    let mark = mark("refused");
    let (test_odoo, test_mark) = (odoo.clone(), mark.clone());
    clean_up(&odoo, &[Lead::ODOO_NAME], &mark, async move {
        let (odoo, mark) = (test_odoo, test_mark);
        let values = || Values::new().set(Lead::NAME, &mark).set(Lead::PROBABILITY, 25.0);
        let lead = odoo.create(values().set(Lead::EXPECTED_REVENUE, 19.99)).await.unwrap();
        for odd in [f64::NAN, f64::INFINITY] {
            let error = odoo.update(lead, values().set(Lead::EXPECTED_REVENUE, odd)).await.unwrap_err();
            assert_eq!((error.kind(), error.may_have_executed()), (ErrorKind::Encode, false));
            assert!(error.to_string().contains("crm.lead.expected_revenue: JSON has no number"), "{error}");
            assert!(odoo.create(values().set(Lead::EXPECTED_REVENUE, odd)).await.is_err());
            assert!(odoo.search(Lead::EXPECTED_REVENUE.lt(odd)).await.is_err());
        }
        assert_eq!(odoo.search(Lead::NAME.eq(&mark)).await.unwrap(), [lead]);
        assert_eq!(odoo.search(Lead::ID.eq(lead) & Lead::EXPECTED_REVENUE.eq(19.99)).await.unwrap(), [lead]);
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn arguments_of_methods_are_read_as_what_they_are() {
    let odoo = client().await;
    let mark = mark("arguments");
    let (test_odoo, test_mark) = (odoo.clone(), mark.clone());
    clean_up(&odoo, &[Lead::ODOO_NAME], &mark, async move {
        let (odoo, mark) = (test_odoo, test_mark);
        let lead = odoo.create(Values::new().set(Lead::NAME, &mark)).await.unwrap();
        let day = Date::constant(2030, 1, 31);
        let leads = odoo.model(Lead::ODOO_NAME);
        let write = |vals: BTreeMap<&'static str, Date>| leads.call("write").ids(lead).arg("vals", vals);
        assert!(write(BTreeMap::from([("date_deadline", day)])).send::<bool>().await.unwrap());
        let domain = (("id", "=", lead), ("date_deadline", "=", day));
        assert_eq!(leads.call("search").arg("domain", domain).send::<Vec<i64>>().await.unwrap(), [lead.get()]);
        let vals = Values::<Lead>::new().set(Lead::PRIORITY, Priority::High);
        assert!(leads.call("write").ids(lead).arg("vals", &vals).send::<bool>().await.unwrap());
        let found = leads.call("search").arg("domain", Lead::ID.eq(lead) & Lead::PRIORITY.eq(Priority::High));
        assert_eq!(found.send::<Vec<i64>>().await.unwrap(), [lead.get()]);
        // The context of the call too.
        let call =
            leads.call("default_get").arg("fields", ["date_deadline"]).with_context(("default_date_deadline", day));
        assert_eq!(call.send::<BTreeMap<String, Value>>().await.unwrap()["date_deadline"], "2030-01-31");
        let tags = Values::<Lead>::new().set(Lead::TAG_IDS, [Command::<Tag>::clear()]);
        odoo.update(&lead, tags).await.unwrap();
    })
    .await;
}

#[cfg(feature = "decimal")]
#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn decimals_are_stored_and_found() {
    use rust_decimal::Decimal;

    let odoo = client().await;
    let mark = mark("decimals");
    let (test_odoo, test_mark) = (odoo.clone(), mark.clone());
    clean_up(&odoo, &[Lead::ODOO_NAME], &mark, async move {
        let (odoo, mark) = (test_odoo, test_mark);
        #[derive(Record)]
        #[odoo(model = Lead)]
        struct Revenue {
            expected_revenue: Decimal,
        }
        for text in ["19.99", "0.07", "123456789.12"] {
            let decimal: Decimal = text.parse().unwrap();
            let values = Values::new().set(Lead::NAME, &mark).set(Lead::EXPECTED_REVENUE, decimal);
            let lead = odoo.create(values).await.unwrap();
            assert_eq!(odoo.get::<Revenue>(lead).await.unwrap().unwrap().expected_revenue, decimal);
            let equal = Lead::ID.eq(lead) & Lead::EXPECTED_REVENUE.eq(decimal);
            assert_eq!(odoo.search(equal).await.unwrap(), [lead]);
        }
    })
    .await;
}
