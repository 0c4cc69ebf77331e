//! What changed since, on a server that others change meanwhile. Each seed is a run of a hundred random edits, deletions,
//! archivings and interruptions, at the end of which both sides are equal; `CHANGES_SEEDS` says how many there are (2 if not).

use std::collections::BTreeMap;

use crate::own::records::{Tag, clean_up, mark, named, on_every_wire};
use crate::support::models::Dice;
use odoo_client::query::ChangeCursor;
use odoo_client::{Client, Domain, ErrorKind, Id, Query, Record, Values};

#[derive(Record, Debug, Clone, PartialEq)]
#[odoo(model = Tag)]
struct Label {
    id: Id<Tag>,
    name: String,
    color: i64,
    active: bool,
}

/// The other side: what it holds, and where it was.
#[derive(Default)]
struct Mirror {
    held: BTreeMap<Id<Tag>, Label>,
    cursor: Option<String>,
}

impl Mirror {
    /// Takes what changed, but no more than so many records; then it is killed.
    async fn step(&mut self, query: &Query<Label>, most: u64) {
        let kept: Option<ChangeCursor> = self.cursor.as_ref().map(|text| text.parse().unwrap());
        let mut changes = query.changes(kept);
        for _ in 0..most {
            let Some(label) = changes.next().await else { break };
            let label = label.unwrap();
            self.held.insert(label.id, label);
        }
        self.cursor = Some(changes.cursor().to_string());
    }

    async fn settle(&mut self, query: &Query<Label>) {
        self.step(query, u64::MAX).await;
        for id in query.gone(self.held.keys().copied().collect::<Vec<_>>()).await.unwrap() {
            self.held.remove(&id);
        }
    }
}

async fn run(odoo: &Client, mark: &str, seed: u64) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ (seed + 1).wrapping_mul(0x1000_0001));
    let query =
        odoo.query::<Label>().filter(Domain::raw("name", "=like", format!("{mark}%"))).page_size(1 + dice.below(20));
    let mut mirror = Mirror::default();
    let mut ids: Vec<Id<Tag>> = Vec::new();
    for step in 0..100 {
        let pick = |dice: &mut Dice| if ids.is_empty() { None } else { Some(*dice.pick(&ids)) };
        match (dice.below(12), pick(&mut dice)) {
            (0..=2, _) | (_, None) => {
                let some = (0..=dice.below(8)).map(|n| named(mark, &format!("{step} {n}")));
                ids.extend(odoo.create_many(some).send().await.unwrap());
            }
            (3 | 4, Some(id)) => odoo.update(id, named(mark, &format!("{step} new"))).await.unwrap(),
            (5 | 6, Some(id)) => {
                let color = i64::try_from(dice.below(12)).unwrap();
                odoo.update(id, Values::new().set(Tag::COLOR, color)).await.unwrap();
            }
            (7, Some(id)) => odoo.update(id, Values::new().set(Tag::ACTIVE, dice.below(2) == 0)).await.unwrap(),
            (8, Some(id)) => {
                odoo.delete(id).await.unwrap();
                ids.retain(|other| *other != id);
            }
            (9 | 10, _) => mirror.step(&query, dice.below(10)).await,
            _ => mirror.settle(&query).await,
        }
    }
    mirror.settle(&query).await;
    let there = query.active_test(false).order_by(Tag::ID.asc()).fetch_all().await.unwrap();
    let held: Vec<Label> = mirror.held.into_values().collect();
    assert_eq!(held, there, "seed {seed}");
    assert_eq!(held.iter().map(|label| label.id).collect::<Vec<_>>(), ids, "seed {seed}");
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_both_sides_are_equal_after_random_changes() {
    let odoo = Client::from_env().await.unwrap();
    let seeds = std::env::var("CHANGES_SEEDS").map_or(2, |seeds| seeds.parse().unwrap());
    for seed in 0..seeds {
        let mark = mark(&format!("changes {seed}"));
        let (client, own) = (odoo.clone(), mark.clone());
        clean_up(&odoo, &["res.partner.category"], &mark, async move { run(&client, &own, seed).await }).await;
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_changes_over_every_wire() {
    on_every_wire(|odoo| async move {
        let mark = mark("changes");
        clean_up(&odoo.clone(), &["res.partner.category"], &mark.clone(), async move {
            let query = odoo
                .query::<Label>()
                .filter(Domain::raw("name", "=like", format!("{mark}%")))
                .order_by(Tag::NAME.desc())
                .limit(1);
            let ids = odoo.create_many((0..5).map(|n| named(&mark, &n.to_string()))).send().await.unwrap();
            let next = async |since: Option<ChangeCursor>| {
                let (mut changes, mut came) = (query.changes(since), Vec::new());
                while let Some(label) = changes.next().await {
                    came.push(label.unwrap().id);
                }
                (came, changes.cursor())
            };
            let (came, cursor) = next(None).await;
            assert_eq!(came, ids);
            // What a first run gives is not remembered; from then on nothing comes twice that did not change.
            let (came, cursor) = next(Some(cursor)).await;
            assert_eq!(came, ids);
            assert!(cursor.to_string().len() < 500, "{cursor}");
            let (came, cursor) = next(Some(cursor)).await;
            assert_eq!(came, []);
            // Perhaps within the second of the last change.
            odoo.update(ids[3], Values::new().set(Tag::ACTIVE, false)).await.unwrap();
            odoo.update(ids[1], named(&mark, "other")).await.unwrap();
            let (mut came, cursor) = next(Some(cursor)).await;
            came.sort();
            assert_eq!(came, [ids[1], ids[3]]);
            odoo.delete(ids[0]).await.unwrap();
            assert_eq!(next(Some(cursor.clone())).await.0, []);
            assert_eq!(query.gone(ids.clone()).await.unwrap(), [ids[0]]);
            let many: Vec<Id<Tag>> = (0..100_000).map(|n| Id::new(1_000_000_000 + n)).chain(ids).collect();
            assert_eq!(query.gone(many).await.unwrap().len(), 100_001);

            let other = odoo.query::<Other>().changes(cursor).next().await.unwrap().unwrap_err();
            assert_eq!(other.kind(), ErrorKind::Config, "{other}");
            let view = odoo.query::<View>().changes(None).next().await.unwrap().unwrap_err();
            assert_eq!(view.kind(), ErrorKind::UnknownField, "{view}");
        })
        .await;
    })
    .await;
}

model! { Currency "res.currency" {
    NAME "name" odoo_client::field::kind::Char;
} }

#[derive(Record, Debug)]
#[odoo(model = Currency)]
#[expect(dead_code, reason = "only read")]
struct Other {
    name: String,
}

// A view of the database, without `write_date`.
model! { Report "report.stock.quantity" {
    STATE "state" odoo_client::field::kind::Char;
} }

#[derive(Record, Debug)]
#[odoo(model = Report)]
#[expect(dead_code, reason = "only read")]
struct View {
    state: String,
}
