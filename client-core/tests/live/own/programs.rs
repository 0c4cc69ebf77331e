// The programs that this workspace promises to compile and run, word for word: included in a module for each pin, with the
// imports of that pin. Between and behind them is only what they need to be run as a test. rustfmt does not see this file.

#[derive(Record, Debug)]
#[odoo(model = Order)]
struct OpenOrder {
    id: Id<Order>,
    name: String,                           // a `false` here is an error that names the record
    partner_id: Option<Many2one<Partner>>,
    amount_total: f64,                      // or rust_decimal::Decimal with feature "decimal"
    date_order: Option<jiff::Timestamp>,    // UTC
    state: order::State,
}

async fn read() -> Result<Vec<OpenOrder>, Error> {
    let odoo = Client::from_env().await?;       // ODOO_URL, ODOO_DB, ODOO_USER, ODOO_PASSWORD or ODOO_API_KEY
    let mut open = odoo.query::<OpenOrder>()
        .filter(Order::STATE.eq(order::State::Sale) & Order::PARTNER_ID.dot(Partner::COUNTRY_ID).dot(Country::CODE).eq("BE"))
        .order_by(Order::DATE_ORDER.desc())
        .stream();                              // pages behind the scenes; .fetch_all(), .first(), .one(), .count() too

    let mut orders = Vec::new();
    while let Some(order) = open.next().await {
        orders.push(order?);
    }
    Ok(orders)
}

async fn write(odoo: &Client, tag: Id<PartnerCategory>) -> Result<Id<Partner>, Error> {
    let id = odoo.create(Partner::values().set(Partner::NAME, "Acme").set(Partner::CATEGORY_ID, [Command::link(tag)])).await?;
    odoo.update(id, Partner::values().clear(Partner::EMAIL).set(Partner::COMMENT, "vip")).await?;   // set, clear, leave: three things
    Ok(id)
}

/// How many orders there are in all groups, and what they come to.
async fn group(odoo: &Client) -> Result<(u64, f64), Error> {
    let by_state = odoo.group::<Order>().by(Order::STATE).sum(Order::AMOUNT_TOTAL).fetch_all().await?;
    Ok(by_state.iter().fold((0, 0.0), |(count, sum), group| (count + group.count, sum + group.value)))
}

async fn raw(odoo: &Client) -> Result<Value, Error> {
    let raw = odoo.model("x_custom").call("any_method").ids([1]).arg("k", 1).send::<serde_json::Value>().await?;
    Ok(raw)
}

/// Runs them all, and removes what they made.
async fn run(odoo: &Client) -> Result<(), Error> {
    let tag = odoo.create(PartnerCategory::values().set(PartnerCategory::NAME, "acceptance")).await?;
    let customer = write(odoo, tag).await?;
    let belgium = odoo.search(Country::CODE.eq("BE")).await?[0];
    odoo.update(customer, Partner::values().set(Partner::COUNTRY_ID, belgium)).await?;
    let order_id = odoo.create(Order::values().set(Order::PARTNER_ID, customer)).await?;
    let outcome = tokio::spawn(check(odoo.clone(), customer, order_id, tag)).await;
    // Without the entry, by a wizard.
    let cancel = odoo.model("sale.order").call("action_cancel").ids([order_id]).with_context(("disable_cancel_warning", true));
    cancel.send::<Value>().await?;
    odoo.delete(order_id).await?;
    odoo.delete(customer).await?;
    odoo.delete(tag).await?;
    outcome.unwrap()
}

async fn check(odoo: Client, customer: Id<Partner>, order_id: Id<Order>, tag: Id<PartnerCategory>) -> Result<(), Error> {
    let row: partner::Row = odoo.read([customer]).await?.remove(0);
    assert_eq!((row.name.as_deref(), row.email), (Some("Acme"), None));
    assert_eq!(row.category_id.iter().collect::<Vec<_>>(), [tag]);
    assert!(row.comment.unwrap().contains("vip"));

    assert!(read().await?.iter().all(|order| order.id != order_id), "it is not confirmed yet");
    confirm(&odoo, order_id).await?;
    let orders = read().await?;
    assert!(orders.is_sorted_by(|a, b| a.date_order >= b.date_order), "{orders:?}");
    let order = orders.into_iter().find(|order| order.id == order_id).unwrap();
    assert_eq!((order.partner_id.unwrap().id(), order.state), (customer, order::State::Sale));
    assert!(order.amount_total == 0.0 && order.date_order.is_some() && !order.name.is_empty());

    let (count, sum) = group(&odoo).await?;
    assert!(count == odoo.search_count(Domain::<Order>::all()).await? && sum > 0.0, "{count} {sum}");
    let error = raw(&odoo).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownModel, "{error}");
    Ok(())
}
