//! API keys made, listed, replaced and revoked, against the Odoo that `ODOO_URL`, `ODOO_DB`, `ODOO_USER` and
//! `ODOO_PASSWORD` name (an administrator; `demo` with the password `demo` is the ordinary user). Keys that a test makes it revokes, also when it fails.

use std::future::Future;
use std::time::Duration;

use odoo_client::client::WireKind;
use odoo_client::version::Difference;
use odoo_client::{Client, ErrorKind, Ids, SecretString, Timestamp};
use secrecy::ExposeSecret;

use crate::own::users::{builder, server};

/// Runs a test, then revokes the user's keys of this name.
async fn finally(odoo: &Client, name: &str, test: impl Future<Output = ()> + Send + 'static) {
    let outcome = tokio::spawn(test).await;
    let own = odoo.api_keys().list().await.unwrap().into_iter().filter(|key| key.name == name);
    odoo.api_keys().revoke(own.map(|key| key.id)).await.unwrap();
    outcome.unwrap();
}

fn name(test: &str) -> String {
    format!("odoo-client {test} {}", std::process::id())
}

/// An end that every version with ends lets an administrator choose, and none that the others would refuse.
fn end(odoo: &Client) -> Option<Timestamp> {
    odoo.version().has(Difference::KeysExpire).then(|| "2031-02-03T04:05:06Z".parse().unwrap())
}

async fn lets_in(odoo: &Client, key: &SecretString) -> Result<Client, odoo_client::Error> {
    server().database(odoo.database()).user(odoo.user()).api_key(key.clone()).connect().await
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_keys_are_made_listed_replaced_and_revoked() {
    let builder = builder();
    for wire in [WireKind::JsonRpc, WireKind::Session] {
        let odoo = builder.clone().wire(wire).connect().await.unwrap();
        let name = name(&format!("keys {wire}"));
        let test = {
            let (odoo, name) = (odoo.clone(), name.clone());
            async move {
                let keys = odoo.api_keys();
                let new = keys.create(&name, end(&odoo)).await.unwrap();
                assert!(!format!("{new:?} {keys:?}").contains(new.key.expose_secret()));
                let client = lets_in(&odoo, &new.key).await.unwrap();
                assert_eq!(client.uid(), odoo.uid());
                // With the key itself too.
                let listed = client.api_keys().list().await.unwrap();
                let [listed] = &listed.into_iter().filter(|key| key.name == name).collect::<Vec<_>>()[..] else {
                    panic!("not one key")
                };
                assert_eq!((Some(listed.id), listed.user_id, listed.expires), (new.id, odoo.uid(), end(&odoo)));
                assert!(listed.created.is_some() && !listed.user.is_empty());

                // A key alone begins no session.
                let error = client.api_keys().create(&name, end(&odoo)).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Config, "{error}");
                assert!(error.to_string().contains("password"), "{error}");

                let rotation = keys.rotate(listed.id, None).await.unwrap();
                lets_in(&odoo, &new.key).await.expect("the old key is good until the new one is stored");
                let replaced = rotation.finish().await.unwrap();
                lets_in(&odoo, &replaced.key).await.unwrap();
                let error = lets_in(&odoo, &new.key).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
                let left = keys.list().await.unwrap();
                let left: Vec<_> = left.into_iter().filter(|key| key.name == name).collect();
                assert_eq!(left.iter().map(|key| Some(key.id)).collect::<Vec<_>>(), [replaced.id]);
                match end(&odoo) {
                    // As long as the old one was.
                    Some(end) => assert!(left[0].expires.unwrap() >= end - Duration::from_secs(2), "{left:?}"),
                    None => assert_eq!(left[0].expires, None),
                }

                let rotation = keys.rotate(left[0].id, None).await.unwrap();
                let unwanted = rotation.new_key().key.clone();
                rotation.cancel().await.unwrap();
                let error = lets_in(&odoo, &unwanted).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
                lets_in(&odoo, &replaced.key).await.unwrap();

                keys.revoke(replaced.id).await.unwrap();
                let error = keys.rotate(left[0].id, None).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Missing, "{error}");
                keys.revoke(Ids::EMPTY).await.unwrap();
            }
        };
        finally(&odoo, &name, test).await;
    }
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_the_password_is_asked_for_again() {
    let builder = builder();
    let odoo = builder.wire(WireKind::Session).connect().await.unwrap();
    let name = name("identity");
    let test = {
        let (odoo, name) = (odoo.clone(), name.clone());
        async move {
            let adopted = server().session(odoo.session_id().unwrap()).connect().await.unwrap();
            let error = adopted.api_keys().create(&name, end(&odoo)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{error}");
            assert!(error.to_string().contains("ApiKeys::password"), "{error}");
            let wrong = adopted.api_keys().password("hunter2-the-secret");
            let error = wrong.create(&name, end(&odoo)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error}");
            assert!(!format!("{error} {error:?} {wrong:?}").contains("hunter2"), "{error}");
            assert!(!adopted.api_keys().list().await.unwrap().iter().any(|key| key.name == name));
            let right = adopted.api_keys().password(std::env::var("ODOO_PASSWORD").unwrap());
            lets_in(&odoo, &right.create(&name, end(&odoo)).await.unwrap().key).await.unwrap();
        }
    };
    finally(&odoo, &name, test).await;
}

#[tokio::test]
#[ignore = "needs ODOO_URL"]
async fn live_an_ordinary_user_may_do_less() {
    let builder = builder();
    let admin = builder.clone().connect().await.unwrap();
    let demo = builder.user("demo").password("demo").connect().await.unwrap();
    let name = name("ordinary");
    let test = {
        let (admin, demo, name) = (admin.clone(), demo.clone(), name.clone());
        async move {
            let keys = demo.api_keys();
            let soon = Timestamp::now() + Duration::from_secs(3600);
            let soon = end(&demo).map(|_| soon);
            let own = keys.create(&name, soon).await.unwrap().id.unwrap();
            assert!(keys.list_all().await.unwrap().iter().all(|key| key.user_id == demo.uid()));
            assert!(admin.api_keys().list_all().await.unwrap().iter().any(|key| key.id == own));
            assert!(!admin.api_keys().list().await.unwrap().iter().any(|key| key.id == own));
            let error = admin.api_keys().rotate(own, None).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Missing, "{error}");
            if end(&demo).is_some() {
                let error = keys.create(&name, None).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
                let error = keys.create(&name, end(&demo)).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
            } else {
                let error = keys.create(&name, Some(Timestamp::now())).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Config, "{error}");
            }

            let others = admin.api_keys().create(&name, end(&admin)).await.unwrap().id;
            let error = keys.revoke(others).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Access, "{error}");
            // An administrator may revoke those of all.
            admin.api_keys().revoke(others.into_iter().chain([own])).await.unwrap();
            assert!(!keys.list().await.unwrap().iter().any(|key| key.id == own));
        }
    };
    let of_demo = name.clone();
    finally(&admin, &name, async move { finally(&demo, &of_demo, test).await }).await;
}
