//! Ids that are gone.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::of_all;
use crate::Error;
use crate::query::Search;
use crate::version::Difference;

/// How many ids are compared at a time.
const RANGE: usize = 100_000;
/// So few are asked for, and not compared.
const FEW: usize = 1_000;

/// Which of these ids the search does not find.
pub(super) async fn gone(search: &Search, mut held: Vec<i64>) -> Result<Vec<i64>, Error> {
    let search = of_all(search.copy());
    held.sort_unstable();
    held.dedup();
    let mut gone = Vec::new();
    // The last one is looked at first.
    let mut ranges: Vec<&[i64]> = held.chunks(RANGE).rev().collect();
    while let Some(range) = ranges.pop() {
        let (Some(first), Some(last)) = (range.first(), range.last()) else { continue };
        let sum = range.iter().map(|id| i128::from(*id)).sum();
        if range.len() > FEW && count_and_sum(&search, *first, *last).await? == Some((range.len() as u64, sum)) {
            continue;
        }
        if range.len() > FEW {
            let (low, high) = range.split_at(range.len() / 2);
            ranges.extend([high, low]);
        } else {
            let part = search.also(vec![json!(["id", "in", range])]);
            let there: BTreeSet<i64> = part.ids(None).await?.into_iter().collect();
            gone.extend(range.iter().filter(|id| !there.contains(id)));
        }
    }
    Ok(gone)
}

/// How many records there are in a range of ids, and the sum of their ids.
async fn count_and_sum(search: &Search, first: i64, last: i64) -> Result<Option<(u64, i128)>, Error> {
    let part = search.also(vec![json!(["id", ">=", first]), json!(["id", "<=", last])]);
    let model = search.client.model(search.model);
    let (call, name) = if search.client.version().has(Difference::FormattedReadGroup) {
        (model.call("formatted_read_group").arg("aggregates", ["__count", "id:sum"]), "id:sum")
    } else {
        (model.call("read_group").arg("fields", ["id:sum"]), "id")
    };
    let call = call.arg("groupby", [(); 0]).arg("domain", &part.domain).with_context(search.context.clone());
    let groups: Vec<Map<String, Value>> = call.send().await?;
    let group = groups.first();
    // Of nothing, it is nothing.
    let number = |name: &str| group.and_then(|group| group.get(name)?.as_i64());
    Ok(number("__count").map(|count| (count.unsigned_abs(), number(name).unwrap_or_default().into())))
}
