//! Streams, page by page, from an emulator with rows that a real one answered (`table.rs`), and what real ones answer to them. To
//! record that anew see `wires_recorded.rs` (here with `offline stream::`).

use std::sync::{Arc, Mutex};

use crate::support::recording::Case;
use crate::support::server::{builder, result, serve, serve_calls};
use crate::table::{Country, Land, Odoo, countries, drain, drained, id, ids};
use odoo_client::client::WireKind;
use odoo_client::field::{ReadOnly, kind};
use odoo_client::{Client, ErrorKind, Id, Model, Query, Record};
use odoo_emulator::{Fault, MethodCall};
use serde_json::{Value, json};

#[tokio::test]
async fn recordings_14() {
    play("14").await;
}

#[tokio::test]
async fn recordings_19() {
    play("19").await;
}

/// One page each: what a stream asks real servers for, and what they answer.
async fn play(series: &'static str) {
    let odoo = connect(series, "stream_by_id").await;
    let by_id = drained(odoo.query::<Land>().limit(30).page_size(30).stream()).await;
    assert!(by_id.len() == 30 && by_id.is_sorted(), "{by_id:?}");
    let odoo = connect(series, "stream_by_code").await;
    let mut stream = odoo.query::<Land>().order_by(Country::CODE.desc()).limit(5).stream();
    let mut codes = Vec::new();
    while let Some(land) = stream.next().await {
        codes.push(land.unwrap().code);
    }
    assert_eq!(codes, ["ZW", "ZM", "ZA", "YT", "YE"]);
}

/// Connects to a server that plays, or records, the case.
async fn connect(series: &'static str, name: &'static str) -> Client {
    let case = Case { series, wire: WireKind::JsonRpc, name };
    let recording = std::env::var("ODOO_RECORD").is_ok_and(|recorded| recorded == series);
    let url = serve(move |request| if recording { case.record(request) } else { case.replay(request) });
    builder(&url).wire(WireKind::JsonRpc).connect().await.unwrap()
}

fn all(odoo: &Odoo) -> Query<Land> {
    odoo.client.query()
}

#[tokio::test]
async fn pages_begin_behind_the_last_id() {
    let rows = countries();
    let mut odoo = Odoo::new(rows.clone()).await;
    assert_eq!(drained(all(&odoo).page_size(12).stream()).await, ids(&rows));
    let asked: Vec<_> = odoo.asked().iter().map(|call| json!([call.method, call.args])).collect();
    let fields = ["id", "code"];
    let page = |domain: Value| json!(["search_read", {"domain": domain, "order": "id", "limit": 12, "fields": fields}]);
    // The last one is not full, which does not tell that there is none behind it.
    let behind = |row: &Value| json!([["id", ">", row["id"]]]);
    let rest = json!(["search", {"domain": behind(&rows[29]), "order": "id"}]);
    assert_eq!(asked, [page(json!([])), page(behind(&rows[11])), page(behind(&rows[23])), rest]);

    // Where it is full, there is an empty one behind it.
    let mut odoo = Odoo::new(rows.clone()).await;
    assert_eq!(drained(all(&odoo).page_size(10).stream()).await, ids(&rows));
    assert_eq!((odoo.limits(), odoo.asked().len()), (vec![10; 4], 5));

    let mut odoo = Odoo::new(rows.clone()).await;
    let mut backwards = drained(all(&odoo).order_by(Country::ID.desc()).page_size(12).stream()).await;
    backwards.reverse();
    assert_eq!(backwards, ids(&rows));
    for (call, behind) in odoo.asked().iter().zip([None, Some(&rows[18]), Some(&rows[6]), Some(&rows[0])]) {
        assert_eq!(call.args["order"], "id desc");
        assert_eq!(call.args["domain"], behind.map_or(json!([]), |row| json!([["id", "<", row["id"]]])));
    }
    let methods: Vec<_> = odoo.asked().iter().map(|call| &*call.method).collect();
    assert_eq!(methods, ["search_read", "search_read", "search_read", "search"]);
}

/// To Odoo an empty list of fields is all of them.
#[tokio::test]
async fn for_records_without_fields_the_id_is_asked() {
    #[derive(Record)]
    #[odoo(model = Country)]
    struct Nothing {}

    let rows = countries();
    let mut odoo = Odoo::new(rows.clone()).await;
    let all = odoo.client.query::<Nothing>().order_by(Country::ID.asc());
    assert_eq!(all.fetch_all().await.unwrap().len(), rows.len());
    assert!(all.first().await.unwrap().is_some());
    let mut stream = all.page_size(20).stream();
    let mut count = 0;
    while let Some(record) = stream.next().await {
        record.unwrap();
        count += 1;
    }
    assert_eq!(count, rows.len());
    let mut asked = odoo.asked().iter().filter(|call| call.method != "search");
    assert!(asked.all(|call| call.method == "search_read" && call.args["fields"] == json!(["id"])));
}

#[tokio::test]
async fn in_another_order_the_ids_come_first() {
    let mut rows = countries();
    let mut odoo = Odoo::new(rows.clone()).await;
    rows.sort_by_key(|row| std::cmp::Reverse(row["code"].as_str().unwrap().to_owned()));
    let by_code = all(&odoo).order_by(Country::CODE.desc()).page_size(12);
    assert_eq!(drained(by_code.stream()).await, ids(&rows));
    let asked = odoo.asked();
    assert_eq!(
        (&*asked[0].method, &asked[0].args["order"], asked[0].number("limit")),
        ("search", &json!("code desc"), None)
    );
    let pages: Vec<_> = asked[1..].iter().map(|call| (&*call.method, call.args["ids"].clone())).collect();
    let expected: Vec<_> = ids(&rows).chunks(12).map(|page| ("read", json!(page))).collect();
    assert_eq!(pages, expected);
}

#[tokio::test]
async fn limit_and_offset_are_those_of_the_stream() {
    let rows = countries();
    let wanted = ids(&rows);
    for (limit, limits) in [(7, &[3, 3, 1][..]), (6, &[3, 3]), (2, &[2]), (0, &[])] {
        let mut odoo = Odoo::new(rows.clone()).await;
        let part = drained(all(&odoo).offset(4).limit(limit).page_size(3).stream()).await;
        assert_eq!(part, wanted[4..4 + usize::try_from(limit).unwrap()]);
        assert_eq!(odoo.limits(), limits);
        let offsets: Vec<_> = odoo.asked().iter().map(|call| call.number("offset")).collect();
        // Behind the first page the ids tell where to go on.
        let expected: Vec<_> = (0..limits.len()).map(|page| Some(4).filter(|_| page == 0)).collect();
        assert_eq!(offsets, expected);

        let mut odoo = Odoo::new(rows.clone()).await;
        let by_code = all(&odoo).order_by(Country::CODE.asc()).offset(4).limit(limit).page_size(3);
        assert_eq!(drained(by_code.stream()).await.len(), usize::try_from(limit).unwrap());
        let searched = odoo.asked().first().map(|call| (call.number("offset"), call.number("limit")));
        assert_eq!(searched, (limit > 0).then_some((Some(4), Some(limit))));
        assert_eq!(odoo.asked().iter().filter(|call| call.method == "read").count(), limits.len());
    }
    // More than there are.
    let odoo = Odoo::new(rows).await;
    assert_eq!(drained(all(&odoo).limit(1_000).page_size(20).stream()).await, wanted);
}

#[tokio::test]
async fn one_page_is_asked_for_ahead_and_no_more() {
    for is_by_id in [true, false] {
        let mut odoo = Odoo::new(countries()).await;
        let query = all(&odoo).page_size(4);
        // In another order the ids are one call more.
        let (query, ids) = if is_by_id { (query, 0) } else { (query.order_by(Country::CODE.asc()), 1) };
        let mut stream = query.stream();
        for page in 1..=3 {
            stream.next().await.unwrap().unwrap();
            // It comes though nobody asks for a record of it.
            odoo.wait_for(ids + page + 1).await;
            for _ in 1..4 {
                stream.next().await.unwrap().unwrap();
            }
            assert_eq!(odoo.asked().len(), ids + page + 1);
        }
    }
}

#[tokio::test]
async fn the_size_of_pages_follows_that_of_the_answers() {
    // Made from a recorded row: there are not so many countries, and they have shorter codes.
    let many = async |length: usize| {
        let mut row = countries().remove(0);
        let row_of = |id: i64| {
            row["id"] = id.into();
            row.clone()
        };
        let rows = (1..=1_500).map(row_of).collect();
        Odoo::with(rows, move |_, call| {
            let mut rows = call.inherited()?;
            rows.as_array_mut().unwrap().iter_mut().for_each(|row| row["code"] = "x".repeat(length).into());
            Ok(Some(rows))
        })
        .await
    };
    let mut odoo = many(20_000).await;
    assert_eq!(drained(all(&odoo).limit(400).stream()).await.len(), 400);
    let limits = odoo.limits();
    // Of 20 kB each, 50 make a megabyte.
    assert!(limits[0] == 200 && (10..=50).contains(&limits[1]), "{limits:?}");
    assert!(limits[1..].iter().all(|limit| *limit <= 50), "{limits:?}");

    let mut odoo = many(2).await;
    assert_eq!(drained(all(&odoo).stream()).await.len(), 1_500);
    let limits = odoo.limits();
    assert!(
        limits.windows(2).all(|pair| pair[1] <= 2 * pair[0]) && limits.iter().any(|limit| *limit > 200),
        "{limits:?}"
    );
    // Not beyond what the caller says.
    let mut odoo = many(2).await;
    assert_eq!(drained(all(&odoo).page_size(300).stream()).await.len(), 1_500);
    let limits = odoo.limits();
    assert!(limits.iter().all(|limit| *limit <= 300) && limits.contains(&300), "{limits:?}");
}

#[tokio::test]
async fn records_deleted_meanwhile_make_no_other_be_left_out_or_come_twice() {
    for is_by_id in [true, false] {
        let rows = countries();
        let wanted = ids(&rows);
        // Behind, in the middle of the page that comes, and far ahead: before the second page and before the fourth.
        let (early, late) = ([0, 1, 5, 20].map(|at| wanted[at]), [10, 14, 29].map(|at| wanted[at]));
        let first_page = usize::from(!is_by_id);
        let mut odoo = Odoo::with(rows.clone(), move |calls, call| {
            if calls == first_page + 1 {
                call.call(Country::ODOO_NAME, "unlink", vec![json!(early)])?;
            } else if calls == first_page + 3 {
                call.call(Country::ODOO_NAME, "unlink", vec![json!(late)])?;
            }
            Ok(None)
        })
        .await;
        let query = all(&odoo).page_size(4);
        let query = if is_by_id { query } else { query.order_by(Country::CODE.asc()) };
        let mut seen = drained(query.stream()).await;
        let came = seen.clone();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), came.len(), "none twice: {came:?}");
        let kept = |id: &i64| !early.contains(id) && !late.contains(id);
        let of_those_kept: Vec<i64> = seen.iter().copied().filter(kept).collect();
        assert_eq!(of_those_kept, wanted.iter().copied().filter(kept).collect::<Vec<_>>(), "none left out");
        assert!(!seen.contains(&wanted[29]), "what is gone is not given out");
        assert!(odoo.asked().len() > first_page + 3);
    }
}

#[tokio::test]
async fn a_record_that_is_created_meanwhile_comes_if_its_id_is_ahead() {
    let rows = countries();
    let new = id(rows.last().unwrap()) + 1;
    let wanted = ids(&rows);
    let create = |calls, call: &mut MethodCall<'_>| {
        if calls == 1 {
            call.call(Country::ODOO_NAME, "create", vec![json!({"name": "Nowhere", "code": "XX"})])?;
        }
        Ok(None)
    };
    let odoo = Odoo::with(rows.clone(), create).await;
    assert_eq!(drained(all(&odoo).page_size(8).stream()).await, [&wanted[..], &[new]].concat());
    let odoo = Odoo::with(rows, create).await;
    assert_eq!(drained(all(&odoo).order_by(Country::CODE.asc()).page_size(8).stream()).await.len(), wanted.len());
}

#[tokio::test]
async fn an_error_in_the_middle_ends_a_stream_behind_what_came_before() {
    for is_by_id in [true, false] {
        let first_page = usize::from(!is_by_id);
        let refuse = |is_it: bool| if is_it { Err(Fault::access("You may not.")) } else { Ok(None) };
        let mut odoo = Odoo::with(countries(), move |calls, _| refuse(calls == first_page + 2)).await;
        let query = all(&odoo).page_size(4);
        let query = if is_by_id { query } else { query.order_by(Country::CODE.asc()) };
        let mut came = drain(query.stream()).await;
        assert_eq!(came.pop(), Some(Err(ErrorKind::Access)));
        assert!(came.len() == 8 && came.iter().all(Result::is_ok), "{came:?}");
        assert_eq!(odoo.asked().len(), first_page + 3, "nothing is asked for behind it");
    }
    // Of the ids themselves, and of the first page.
    for query in [|odoo: &Odoo| all(odoo), |odoo: &Odoo| all(odoo).order_by(Country::CODE.asc())] {
        let odoo = Odoo::with(countries(), |_, _| Err(Fault::access("You may not."))).await;
        assert_eq!(drain(query(&odoo).stream()).await, [Err(ErrorKind::Access)]);
    }
}

/// A real server sends such a value only where its field is of another type than the struct says.
#[tokio::test]
async fn a_record_that_does_not_decode_is_an_error_in_its_place() {
    let mut rows = countries();
    rows[5]["code"] = false.into();
    let expected: Vec<_> =
        rows.iter().map(|row| if row["code"] == false { Err(ErrorKind::Decode) } else { Ok(id(row)) }).collect();
    let odoo = Odoo::new(rows).await;
    assert_eq!(drain(all(&odoo).page_size(4).stream()).await, expected);
}

/// As Odoo does with `mail.message` and `mail.activity`: what the user may not read it leaves out behind the limit, so that pages
/// are short, or empty, long before the end (seen on 14.0 and 19.0).
#[tokio::test]
async fn a_page_that_is_not_full_need_not_be_the_last() {
    let rows = countries();
    let wanted = ids(&rows);
    for hidden in [&wanted[2..3], &wanted[..5], &wanted[1..20], &wanted[20..], &wanted[..]] {
        let seen: Vec<i64> = wanted.iter().copied().filter(|id| !hidden.contains(id)).collect();
        let unreadable = hidden.to_vec();
        let hide = move |_, call: &mut MethodCall<'_>| {
            let mut answer = call.inherited()?;
            let id = |row: &Value| row.as_i64().unwrap_or_else(|| id(row));
            answer.as_array_mut().unwrap().retain(|row| !unreadable.contains(&id(row)));
            Ok(Some(answer))
        };
        let odoo = Odoo::with(rows.clone(), hide).await;
        assert_eq!(drained(all(&odoo).page_size(4).stream()).await, seen, "without {hidden:?}");
        let mut backwards = drained(all(&odoo).order_by(Country::ID.desc()).page_size(4).stream()).await;
        backwards.reverse();
        assert_eq!(backwards, seen);
        let few = drained(all(&odoo).limit(7).page_size(4).stream()).await;
        assert_eq!(few, seen[..seen.len().min(7)]);
    }
}

/// Of `ir.attachment` Odoo leaves out the values of binary fields, unless a condition is about `id` or `res_field` (by the source
/// of 14.0; seen on 19.0). That pages begin behind an id is nothing that was asked for.
#[tokio::test]
async fn the_pages_of_attachments_are_all_without_the_values_of_binary_fields() {
    model! { File "ir.attachment" {
        ID "id" kind::Id, ReadOnly;
        NAME "name" kind::Char;
        RES_FIELD "res_field" kind::Char;
    } }
    #[derive(Record)]
    #[odoo(model = File)]
    struct Name {
        name: String,
    }

    let domains: Arc<Mutex<Vec<Value>>> = Arc::default();
    let seen = Arc::clone(&domains);
    let url = serve_calls(move |request| {
        let kwargs = request.params()["args"][6].take();
        let mut seen = seen.lock().unwrap();
        let first = 2 * seen.len();
        seen.push(kwargs["domain"].clone());
        let rows = if first < 4 { first + 1..first + 3 } else { 0..0 };
        result(&rows.map(|id| json!({"id": id, "name": "a"})).collect())
    });
    let odoo = builder(&url).connect().await.unwrap();
    let own = json!(["res_field", "=", false]);
    for (query, expected) in [
        (odoo.query::<Name>(), json!([[own], [own, ["id", ">", 2]], [own, ["id", ">", 4]]])),
        (odoo.query().filter(File::ID.gt(Id::new(0)) | File::NAME.eq("a")), json!(null)),
        (odoo.query().filter(File::RES_FIELD.is_set()), json!(null)),
    ] {
        domains.lock().unwrap().clear();
        let mut stream = query.page_size(2).stream();
        while let Some(name) = stream.next().await {
            assert_eq!(name.unwrap().name, "a");
        }
        let asked = json!(domains.lock().unwrap()[..3]);
        if expected.is_array() {
            assert_eq!(asked, expected);
        } else {
            assert!(!asked.to_string().contains(&own.to_string()), "{asked}");
        }
    }
}

/// By hand: the models whose rows come from a view of the database need not be in order.
#[tokio::test]
async fn a_server_that_always_sends_the_same_page_is_not_read_forever() {
    let page = json!(countries()[..3]);
    let mut odoo = Odoo::with(Vec::new(), move |_, _| Ok(Some(page.clone()))).await;
    let came = drain(all(&odoo).page_size(3).stream()).await;
    assert_eq!(came.last(), Some(&Err(ErrorKind::Protocol)));
    assert_eq!((came.len(), odoo.asked().len()), (7, 2));
}
