//! Groups against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and `ODOO_PASSWORD` name.
//! What is expected is the same for every version.

use std::collections::BTreeMap;

use odoo_client::query::Period;
use odoo_client::version::Difference;
use odoo_client::{Client, Command, Context, Date, Datetime, Domain, ErrorKind, Id};
use serde_json::{Value, json};

use crate::own::session::{clean_up, client, mark};
use crate::support::models::{Country, Currency, Kind, Partner, Rate, Tag};

const MODELS: [&str; 3] = ["res.partner", "res.partner.category", "res.currency"];

/// Partners: kind, colour, latitude, whether with a reference.
const PARTNERS: [(Kind, i32, f64, Option<&str>); 6] = [
    (Kind::Contact, 1, 0.25, Some("x")),
    (Kind::Contact, 2, 0.5, Some("y")),
    (Kind::Contact, 3, -4.0, None),
    (Kind::Invoice, 3, 8.0, Some("x")),
    (Kind::Invoice, 7, 0.125, Some("x")),
    (Kind::Other, 0, 0.0, None),
];

async fn partners(odoo: &Client, mark: &str) -> Id<Partner> {
    let parent =
        odoo.create(Partner::values().set(Partner::NAME, format!("{mark} parent")).set(Partner::IS_COMPANY, true));
    let parent = parent.await.unwrap();
    for (at, (kind, color, latitude, number)) in PARTNERS.into_iter().enumerate() {
        let values = Partner::values().set(Partner::NAME, format!("{mark} {at}")).set(Partner::TYPE, kind);
        let values = values.set(Partner::COLOR, color).set(Partner::PARTNER_LATITUDE, latitude);
        let values = if at < 4 { values.set(Partner::PARENT_ID, parent) } else { values };
        let values = if let Some(number) = number { values.set(Partner::REF, number) } else { values };
        odoo.create(values).await.unwrap();
    }
    parent
}

fn own(mark: &str) -> Domain<Partner> {
    Partner::NAME.eq_like(format!("{mark} _"))
}

fn second(time: Datetime) -> i64 {
    time.timestamp().unwrap().as_second()
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_keys_and_aggregates_are_typed_and_the_same_everywhere() {
    let odoo = client().await;
    let mark = mark("groups");
    clean_up(&odoo.clone(), &MODELS, &mark.clone(), async move {
        let parent = partners(&odoo, &mark).await;
        let group = || odoo.group::<Partner>().filter(own(&mark));

        let kinds = group().by(Partner::TYPE).sum(Partner::COLOR).sum(Partner::PARTNER_LATITUDE).avg(Partner::COLOR);
        let kinds =
            kinds.min(Partner::COLOR).max(Partner::PARTNER_LATITUDE).count(Partner::REF).fetch_all().await.unwrap();
        let found: Vec<_> = kinds.iter().map(|group| (group.key.clone().unwrap(), group.value, group.count)).collect();
        assert_eq!(
            found,
            [
                (Kind::Contact, (6, -3.25, Some(2.0), Some(1), Some(0.5), 2), 3),
                (Kind::Invoice, (10, 8.125, Some(5.0), Some(3), Some(8.0), 2), 2),
                (Kind::Other, (0, 0.0, Some(0.0), Some(0), Some(0.0), 0), 1),
            ]
        );
        // The filter of a group finds its records.
        for group in &kinds {
            assert_eq!(odoo.search_count(group.domain()).await.unwrap(), group.count, "{}", group.domain());
        }

        #[cfg(feature = "decimal")]
        {
            let exact =
                group().by(Partner::TYPE).sum(Partner::PARTNER_LATITUDE).decimal().avg(Partner::PARTNER_LATITUDE);
            let exact = exact.decimal().count(Partner::ID).fetch_all().await.unwrap();
            let shown = exact.iter().map(|group| (group.value.0.to_string(), group.value.1.is_some(), group.value.2));
            let expected = [("-3.25", 3), ("8.125", 2), ("0.0", 1)];
            assert_eq!(shown.collect::<Vec<_>>(), expected.map(|(sum, count)| (sum.to_owned(), true, count)));
        }

        // The newest record, and the oldest.
        let ids = odoo.search(own(&mark)).await.unwrap();
        let all = group().max(Partner::ID).min(Partner::ID).fetch_all().await.unwrap();
        let ids = || ids.iter().map(|id| id.get());
        assert_eq!(all[0].value, (ids().max(), ids().min()));

        // One key, one value: neither is a tuple. An empty field is a key.
        let refs = group().by(Partner::REF).count_distinct(Partner::COLOR).fetch_all().await.unwrap();
        let found: Vec<_> = refs.iter().map(|group| (group.key.as_deref(), group.value, group.count)).collect();
        assert_eq!(found, [(Some("x"), 3, 3), (Some("y"), 1, 1), (None, 2, 2)]);
        assert_eq!(odoo.search_count(refs[2].domain()).await.unwrap(), 2);

        let parents = group().by(Partner::PARENT_ID).by(Partner::IS_COMPANY).fetch_all().await.unwrap();
        let found: Vec<_> = parents.iter().map(|group| (group.key.clone(), group.count)).collect();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].0.0.as_ref().unwrap().id(), found[0].0.1, found[0].1), (parent, false, 4));
        assert_eq!(found[0].0.0.as_ref().unwrap().name(), Some(&*format!("{mark} parent")));
        assert_eq!((&found[1].0.0, found[1].0.1, found[1].1), (&None, false, 2));

        // Order, by an aggregate or a key, limit and offset.
        let by_sum = || group().by(Partner::TYPE).sum(Partner::COLOR).desc();
        let sums = |groups: Vec<odoo_client::query::Group<Partner, Option<Kind>, i64>>| {
            groups.iter().map(|group| group.value).collect::<Vec<_>>()
        };
        assert_eq!(sums(by_sum().fetch_all().await.unwrap()), [10, 6, 0]);
        assert_eq!(sums(by_sum().limit(2).fetch_all().await.unwrap()), [10, 6]);
        assert_eq!(sums(by_sum().offset(1).fetch_all().await.unwrap()), [6, 0]);
        assert_eq!(sums(by_sum().limit(1).offset(1).fetch_all().await.unwrap()), [6]);
        assert_eq!(sums(group().by(Partner::TYPE).desc().sum(Partner::COLOR).fetch_all().await.unwrap()), [0, 10, 6]);
        let colors = group().by(Partner::COLOR).desc().fetch_all().await.unwrap();
        assert_eq!(colors.iter().map(|group| group.key).collect::<Vec<_>>(), [7, 3, 2, 1, 0].map(Some));

        // No key: one group, also of no records.
        let whole = group().sum(Partner::COLOR).max(Partner::COLOR).fetch_all().await.unwrap();
        assert_eq!(whole.len(), 1);
        assert_eq!((whole[0].key, whole[0].value, whole[0].count), ((), (16, Some(7)), 6));
        let nothing =
            group().filter(!Domain::all()).sum(Partner::COLOR).avg(Partner::COLOR).min(Partner::REF).count(Partner::ID);
        let nothing = nothing.fetch_all().await.unwrap();
        assert_eq!((nothing[0].value.clone(), nothing[0].count), ((0, None, None, 0), 0));
        assert!(group().filter(!Domain::all()).by(Partner::TYPE).fetch_all().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_what_a_version_cannot_do_is_said_before_it_is_asked() {
    let odoo = client().await;
    let mark = mark("many");
    clean_up(&odoo.clone(), &MODELS, &mark.clone(), async move {
        let version = odoo.version();
        let tag = odoo.create(Tag::values().set(Tag::NAME, format!("{mark} tag"))).await.unwrap();
        let parent = partners(&odoo, &mark).await;
        let child = odoo.search(own(&mark)).await.unwrap()[0];
        odoo.update(child, Partner::values().set(Partner::CATEGORY_ID, [Command::link(tag)])).await.unwrap();
        odoo.update(parent, Partner::values().set(Partner::REF, "P")).await.unwrap();
        let group = || odoo.group::<Partner>().filter(own(&mark));

        let tags = group().by(Partner::CATEGORY_ID).fetch_all().await;
        if !version.has(Difference::GroupByMany2many) {
            assert_eq!(tags.unwrap_err().kind(), ErrorKind::Unsupported);
        } else {
            let tags: Vec<_> =
                tags.unwrap().iter().map(|group| (group.key.as_ref().map(|tag| tag.id()), group.count)).collect();
            assert_eq!(tags, [(Some(tag), 1), (None, 5)]);
        }
        let far =
            group().by(Partner::PARENT_ID.dot(Partner::REF)).by(Partner::PARENT_ID.dot(Partner::CREATE_DATE).year());
        let far = far.sum(Partner::COLOR).fetch_all().await;
        if !version.has(Difference::GroupByPath) {
            let error = far.unwrap_err();
            assert!(error.kind() == ErrorKind::Unsupported && error.to_string().contains("`parent_id.ref`"), "{error}");
        } else {
            let far = far.unwrap();
            let found: Vec<_> =
                far.iter().map(|group| (group.key.0.as_deref(), group.key.1.is_some(), group.value)).collect();
            assert_eq!(found, [(Some("P"), true, 9), (None, false, 7)]);
            let year = far[0].key.1.unwrap();
            assert_eq!((second(year.to) - second(year.from)) / 86_400 / 5, 73, "{year:?}");
            assert_eq!(odoo.search_count(far[0].domain()).await.unwrap(), 4);
        }
        let same = group().by(Partner::COLOR).max(Partner::COLOR).fetch_all().await;
        if !version.has(Difference::AggregatesOfKeys) {
            assert_eq!(same.unwrap_err().kind(), ErrorKind::Unsupported);
        } else {
            assert!(same.unwrap().iter().all(|group| group.key == group.value));
        }
        assert_eq!(odoo.search_count(Country::CODE.eq("BE")).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_dates_are_grouped_by_periods() {
    let odoo = client().await;
    let mark = mark("C");
    let name = format!("{}", std::process::id() % 1_000_000);
    clean_up(&odoo.clone(), &["res.currency"], &name.clone(), async move {
        let _ = mark;
        let euro: Vec<Value> = odoo
            .model("res.currency")
            .call("search_read")
            .arg("domain", json!([["name", "=", "EUR"]]))
            .arg("fields", ["symbol"])
            .with_context(("active_test", false))
            .send()
            .await
            .unwrap();
        assert_eq!(euro.len(), 1);
        let values = Currency::values().set(Currency::NAME, name.get(..3).unwrap_or(&name)).set_raw("symbol", "¤");
        let currency = odoo.create(values).await.unwrap();
        let outcome = {
            let odoo = odoo.clone();
            tokio::spawn(async move { periods(&odoo, currency).await }).await
        };
        odoo.delete(currency).await.unwrap();
        outcome.unwrap();
    })
    .await;
}

/// The rates of a currency are the one plain `date` that any database lets one write.
async fn periods(odoo: &Client, currency: Id<Currency>) {
    let day = |year, month, day| Date::new(year, month, day).unwrap();
    let days =
        [day(2023, 12, 31), day(2024, 1, 1), day(2024, 1, 31), day(2024, 2, 29), day(2024, 3, 31), day(2024, 4, 1)];
    for (at, date) in days.into_iter().enumerate() {
        let rate = f64::from(u32::try_from(at).unwrap()) + 1.0;
        let values = Rate::values().set(Rate::CURRENCY_ID, currency).set(Rate::NAME, date).set(Rate::RATE, rate);
        odoo.create(values).await.unwrap();
    }
    let group = || odoo.group::<Rate>().filter(Rate::CURRENCY_ID.eq(currency));
    let months = group().by(Rate::NAME.month()).sum(Rate::RATE).min(Rate::NAME);
    // 14 has no aggregates of what it groups by.
    if odoo.version().has(Difference::AggregatesOfKeys) {
        assert_eq!(months.fetch_all().await.unwrap()[1].value.1, Some(day(2024, 1, 1)));
    } else {
        assert_eq!(months.fetch_all().await.unwrap_err().kind(), ErrorKind::Unsupported);
    }
    let months = group().by(Rate::NAME.month()).sum(Rate::RATE).fetch_all().await.unwrap();
    let found: Vec<_> = months.iter().map(|group| (group.key.unwrap(), group.value, group.count)).collect();
    let month = |year, month, to_year, to_month| Period { from: day(year, month, 1), to: day(to_year, to_month, 1) };
    assert_eq!(
        found,
        [
            (month(2023, 12, 2024, 1), 1.0, 1),
            (month(2024, 1, 2024, 2), 5.0, 2),
            (month(2024, 2, 2024, 3), 4.0, 1),
            (month(2024, 3, 2024, 4), 5.0, 1),
            (month(2024, 4, 2024, 5), 6.0, 1),
        ]
    );
    assert_eq!(odoo.search_count(months[1].domain()).await.unwrap(), 2);
    // Several periods of one field; the first of the year begins both.
    let both = group().by(Rate::NAME.year()).by(Rate::NAME.quarter()).fetch_all().await.unwrap();
    let found: Vec<_> = both.iter().map(|group| (group.key.0.unwrap(), group.key.1.unwrap(), group.count)).collect();
    assert_eq!(
        found,
        [
            (month(2023, 1, 2024, 1), month(2023, 10, 2024, 1), 1),
            (month(2024, 1, 2025, 1), month(2024, 1, 2024, 4), 4),
            (month(2024, 1, 2025, 1), month(2024, 4, 2024, 7), 1),
        ]
    );
    let one = group().by(Rate::NAME.day()).fetch_all().await.unwrap();
    assert_eq!(one.iter().map(|group| group.key.unwrap().from).collect::<Vec<_>>(), days);
    // From Monday, or from Sunday: what it says it does.
    for week in group().by(Rate::NAME.week()).fetch_all().await.unwrap() {
        let Period { from, to } = week.key.unwrap();
        assert_eq!((to - from).get_days(), 7);
        let is_sunday = odoo.version().has(Difference::WeeksOfLanguage);
        let first = if is_sunday { jiff::civil::Weekday::Sunday } else { jiff::civil::Weekday::Monday };
        assert_eq!(from.weekday(), first, "{from}");
        let inside = days.iter().filter(|day| from <= **day && **day < to).count();
        assert_eq!(u64::try_from(inside).unwrap(), week.count);
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_datetimes_are_grouped_in_the_time_zone_of_the_context() {
    let odoo = client().await;
    // Records that are in every database; the sums are compared with the records themselves.
    let rows: Vec<Value> = odoo
        .model("res.partner")
        .call("search_read")
        .arg("domain", json!([["id", "<", 40]]))
        .arg("fields", ["create_date", "color"])
        .with_context(("active_test", false))
        .send()
        .await
        .unwrap();
    let all = odoo.with_context(Context::new().active_test(false));
    for (zone, odoo) in [
        (None, all.clone()),
        (Some("Pacific/Kiritimati"), all.with_context(Context::new().tz("Pacific/Kiritimati"))),
        (Some("Asia/Kolkata"), all.with_context(Context::new().tz("Asia/Kolkata"))),
    ] {
        let group = || odoo.group::<Partner>().filter(Partner::ID.lt(40));
        let mut counts = BTreeMap::new();
        for day in group().by(Partner::CREATE_DATE.day()).count(Partner::ID).fetch_all().await.unwrap() {
            let period = day.key.unwrap();
            assert_eq!(day.value, day.count);
            assert_eq!(second(period.to) - second(period.from), 86_400, "{zone:?} {period:?}");
            let midnight = second(period.from).rem_euclid(86_400) / 60;
            assert_eq!(
                midnight,
                match zone {
                    None => 0,
                    Some("Pacific/Kiritimati") => 600,
                    _ => 1_110,
                },
                "{zone:?} {period:?}"
            );
            counts.insert(period, day.count);
        }
        for (period, count) in &counts {
            let inside = rows.iter().filter(|row| {
                let time = row["create_date"].as_str().unwrap().parse().unwrap();
                period.from <= time && time < period.to
            });
            assert_eq!(u64::try_from(inside.count()).unwrap(), *count);
        }
        assert_eq!(counts.values().sum::<u64>(), u64::try_from(rows.len()).unwrap());
        let hours = group().by(Partner::CREATE_DATE.hour()).fetch_all().await.unwrap();
        assert!(hours.iter().all(|hour| hour.key.is_some_and(|hour| second(hour.to) - second(hour.from) == 3_600)));
    }
}
