//! What changed since, where it is hard: transactions that end late, thousands of changes in a second, runs that are broken off.
//! `tests/live/changes.rs` does so on real servers.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::models::{Dice, Tag};
use crate::support::moving::{Row, Shared, moving};
use crate::support::server::builder;
use odoo_client::query::ChangeCursor;
use odoo_client::{Client, Id, Query, Record};

const SECOND: i64 = 1_000_000;

#[derive(Record, Debug)]
#[odoo(model = Tag)]
struct Label {
    id: Id<Tag>,
    color: i64,
}

fn row(id: i64, micros: i64) -> Row {
    Row { id, micros, color: 0 }
}

async fn connect(rows: Vec<Row>) -> (Client, Query<Label>, Shared) {
    let (url, state) = moving(rows);
    let odoo = builder(&url).connect().await.unwrap();
    let query = odoo.query::<Label>();
    state.lock().unwrap().requests = 0;
    (odoo, query, state)
}

/// A run, which may be broken off after so many records: what came, and the cursor as it is kept.
async fn run(query: &Query<Label>, since: Option<&str>, most: usize) -> (Vec<(i64, i64)>, String) {
    let since: Option<ChangeCursor> = since.map(|text| text.parse().unwrap());
    let mut changes = query.changes(since).overlap(Duration::from_secs(60));
    let mut came = Vec::new();
    while came.len() < most {
        let Some(label) = changes.next().await else { break };
        let label = label.unwrap();
        came.push((label.id.get(), label.color));
    }
    (came, changes.cursor().to_string())
}

#[tokio::test]
async fn what_ends_late_is_not_skipped() {
    let (_odoo, query, state) = connect((1..=3).map(|id| row(id, id * 100 * SECOND)).collect()).await;
    let (came, cursor) = run(&query, None, 99).await;
    assert_eq!(came, [(1, 0), (2, 0), (3, 0)]);
    // Began before the newest change, and ends after the run.
    state.lock().unwrap().rows.push(row(9, 250 * SECOND));
    state.lock().unwrap().rows[0] = Row { color: 1, ..row(1, 241 * SECOND) };
    let (came, cursor) = run(&query, Some(&cursor), 99).await;
    assert_eq!(came, [(1, 1), (3, 0), (9, 0)], "and what the first run gave in that minute");
    // Within the same second as before, and later than what was read of it.
    state.lock().unwrap().rows[0].color = 2;
    state.lock().unwrap().rows[0].micros += 7;
    let (came, cursor) = run(&query, Some(&cursor), 99).await;
    assert_eq!(came, [(1, 2)]);
    assert_eq!(run(&query, Some(&cursor), 99).await.0, []);
}

#[tokio::test]
async fn thousands_share_a_second_and_come_once() {
    let mut rows: Vec<Row> = (1..=20).map(|id| row(id, id)).collect();
    let (_odoo, query, state) = connect(rows.clone()).await;
    let (_, cursor) = run(&query, None, 99).await;
    rows.extend((100..12_100).map(|id| row(id, 500 * SECOND + id % 10_000)));
    rows.push(row(50_000, 900 * SECOND));
    state.lock().unwrap().rows = rows;
    let (came, cursor) = run(&query, Some(&cursor), usize::MAX).await;
    let settled: Vec<i64> = came.iter().map(|(id, _)| *id).filter(|id| *id > 20).collect();
    assert_eq!(settled, (100..12_100).chain([50_000]).collect::<Vec<_>>(), "oldest first");
    let requests = state.lock().unwrap().requests;
    assert!(requests < 40, "{requests} requests");
    assert_eq!(run(&query, Some(&cursor), 99).await.0, []);

    // More at once than a cursor remembers: those come twice, and none is lost.
    let newest: Vec<Row> = (100..12_100).map(|id| Row { color: 5, ..row(id, 1_000 * SECOND) }).collect();
    state.lock().unwrap().rows = newest;
    let (came, cursor) = run(&query, Some(&cursor), usize::MAX).await;
    assert_eq!(came.len(), 12_000);
    assert!(cursor.len() < 200_000, "{}", cursor.len());
    assert_eq!(run(&query, Some(&cursor), usize::MAX).await.0.len(), 7_000);
}

#[tokio::test]
async fn a_run_goes_on_where_it_was_broken_off_whatever_changes_meanwhile() {
    for seed in 1..40 {
        let mut dice = Dice(seed * 0x0123_4567_89ab_cdef);
        let rows = (1..=200).map(|id| row(id, i64::try_from(dice.below(300)).unwrap() * SECOND)).collect();
        let (_odoo, query, state) = connect(rows).await;
        let query = query.page_size(1 + dice.below(40));
        // Each request finds something else: the clock goes on, and what is written now began up to 50 seconds ago.
        let (mut clock, mut inner) = (300 * SECOND, Dice(seed * 77 + 1));
        state.lock().unwrap().before = Some(Box::new(move |rows| {
            clock += i64::try_from(inner.below(5_000_000)).unwrap();
            for _ in 0..inner.below(4) {
                let at = usize::try_from(inner.below(220)).unwrap();
                let color = i64::try_from(inner.below(1_000)).unwrap();
                let began = clock - i64::try_from(inner.below(50_000_000)).unwrap();
                match rows.get_mut(at) {
                    // Two transactions on one record follow each other.
                    Some(old) if old.micros < began => *old = Row { color, ..row(old.id, began) },
                    Some(_) => {}
                    None => {
                        let id = rows.iter().map(|old| old.id).max().unwrap() + 1;
                        rows.push(Row { color, ..row(id, began) });
                    }
                }
            }
        }));
        let (mut held, mut cursor): (BTreeMap<i64, i64>, Option<String>) = Default::default();
        for _ in 0..15 {
            let most = if dice.below(3) == 0 { usize::MAX } else { usize::try_from(dice.below(60)).unwrap() };
            let (came, kept) = run(&query, cursor.as_deref(), most).await;
            held.extend(came);
            cursor = Some(kept);
        }
        state.lock().unwrap().before = None;
        held.extend(run(&query, cursor.as_deref(), usize::MAX).await.0);
        let there: BTreeMap<i64, i64> = state.lock().unwrap().rows.iter().map(|row| (row.id, row.color)).collect();
        assert_eq!(held, there, "seed {seed}");
    }
}

#[tokio::test]
async fn what_the_user_may_not_read_hides_nothing_behind_it() {
    // Slices of 5,000 changes, in which there is nothing to be read at times.
    let rows: Vec<Row> = (1..=12_000).map(|id| row(id, (20_000 - id) * SECOND)).collect();
    let (_odoo, query, state) = connect(rows.clone()).await;
    state.lock().unwrap().hidden = (100..11_990).chain([7]).collect();
    let readable: Vec<i64> = (1..100).filter(|id| *id != 7).chain(11_990..=12_000).collect();
    let (came, cursor) = run(&query, None, usize::MAX).await;
    assert_eq!(came.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), readable);
    state.lock().unwrap().rows = rows.iter().map(|row| Row { micros: row.micros + 30_000 * SECOND, ..*row }).collect();
    let (came, _) = run(&query, Some(&cursor), usize::MAX).await;
    let mut came: Vec<i64> = came.into_iter().map(|(id, _)| id).collect();
    came.sort_unstable();
    assert_eq!(came, readable);
}

#[tokio::test]
async fn an_unchanged_range_costs_one_request() {
    let ids: Vec<Id<Tag>> = (1..=300_000).map(|n| Id::new(n * 3)).collect();
    let (_odoo, query, state) = connect(ids.iter().map(|id| row(id.get(), 0)).collect()).await;
    let gone = async || {
        state.lock().unwrap().requests = 0;
        let gone = query.gone(ids.clone()).await.unwrap();
        (gone.into_iter().map(Id::get).collect::<Vec<_>>(), state.lock().unwrap().requests)
    };
    assert_eq!(gone().await, (vec![], 3));
    // As many as before, but others.
    state.lock().unwrap().rows[150_000].id = 450_004;
    assert_eq!(gone().await, (vec![450_003], 3 + 14));
    state.lock().unwrap().rows.truncate(299_999);
    state.lock().unwrap().rows.remove(7);
    let (found, requests) = gone().await;
    assert_eq!(found, [24, 450_003, 900_000]);
    assert!(requests <= 3 + 3 * 14, "{requests}");
    assert_eq!(query.gone(Vec::<Id<Tag>>::new()).await.unwrap(), []);
}
