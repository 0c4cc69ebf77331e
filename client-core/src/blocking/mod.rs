//! The same client for programs without an async runtime: every method waits for what it asks for.
//!
//! ```no_run
//! # fn run() -> Result<(), odoo_client::Error> {
//! use odoo_client::blocking::Client;
//!
//! let odoo = Client::from_env()?;
//! let partners: i64 = odoo.model("res.partner").call("search_count").arg("domain", [(); 0]).send()?;
//! println!("{partners} partners on Odoo {}", odoo.version());
//! # Ok(())
//! # }
//! ```
//!
//! Settings are those of [`ClientBuilder`], which ends with [`connect_blocking`](ClientBuilder::connect_blocking) here;
//! values, domains, rows and errors are the same. What has no method of its own here can be waited for with
//! [`Client::wait`].
//!
//! A client has a thread of its own, which serves its connections; it ends with the last clone. Any number of threads can
//! use one client at the same time. In an async program a call works as well, but holds up the thread it is made on and
//! all tasks that wait for that thread: use [`crate::Client`] there.

/// Methods that set something, and those that wait.
macro_rules! forward {
    ($room:ident::$type:ident: $(set $set:ident($($given:ident: $what:ty),*);)* $(wait $wait:ident [$($generics:tt)*] ($($arg:ident: $arg_type:ty),*) -> $result:ty;)*) => {
        $(
            #[doc = concat!("As [`crate::", stringify!($room), "::", stringify!($type), "::", stringify!($set), "`].")]
            pub fn $set(self $(, $given: $what)*) -> Self {
                self.map(|inner| inner.$set($($given),*))
            }
        )*
        $(
            #[doc = concat!("As [`crate::", stringify!($room), "::", stringify!($type), "::", stringify!($wait), "`].")]
            ///
            /// # Errors
            ///
            /// The same.
            pub fn $wait<$($generics)*>(self $(, $arg: $arg_type)*) -> $result {
                self.driver.wait(self.inner.$wait($($arg),*))
            }
        )*
    };
}

mod driver;
mod http;
mod on_client;
mod typed;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde::de::DeserializeOwned;

use self::driver::Driver;
use crate::model::{ResUsersApikeys, ToIds, ToNumbers};
use crate::ops::{ApiKey, ChangeManyError, CreateManyError, NewApiKey, UpsertManyError, UpsertReport};
use crate::write::Argument;
use crate::{ClientBuilder, Context, Error, Id, Model, RetryPolicy, Timestamp};

/// As [`crate::Client`], but its methods wait for what they ask for.
#[derive(Clone)]
pub struct Client {
    client: crate::Client,
    driver: Arc<Driver>,
}

impl Client {
    /// Starts to describe a server and a user; [`connect_blocking`](ClientBuilder::connect_blocking) makes the client.
    pub fn builder() -> ClientBuilder {
        crate::Client::builder()
    }

    /// As [`crate::Client::from_env`].
    ///
    /// # Errors
    ///
    /// Those of [`crate::Client::from_env`].
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.connect_blocking()
    }

    /// Waits for anything that takes the async client.
    ///
    /// ```no_run
    /// # fn f(odoo: odoo_client::blocking::Client) -> Result<(), odoo_client::Error> {
    /// let client = odoo.as_async().clone();
    /// let info = odoo.wait(async move { client.session_info().await })?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.driver.wait(future)
    }

    /// The async client underneath. Its connections are served by the thread of this one: it is of use as long as this one
    /// or a clone of it is there.
    pub fn as_async(&self) -> &crate::Client {
        &self.client
    }

    /// As [`crate::Client::with_context`].
    #[must_use]
    pub fn with_context(&self, context: impl Into<Context>) -> Self {
        Self { client: self.client.with_context(context), driver: Arc::clone(&self.driver) }
    }

    fn with<T>(&self, inner: T) -> Blocking<T> {
        Blocking { inner, driver: Arc::clone(&self.driver) }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}

impl ClientBuilder {
    /// As [`connect`](Self::connect), for programs without an async runtime.
    ///
    /// # Errors
    ///
    /// Those of [`connect`](Self::connect), and [`Config`](crate::ErrorKind::Config) if the system has no thread to spare.
    pub fn connect_blocking(self) -> Result<Client, Error> {
        let driver = Driver::start()?;
        let client = driver.wait(self.connect())?;
        Ok(Client { client, driver })
    }

    /// As [`databases`](Self::databases), for programs without an async runtime.
    ///
    /// # Errors
    ///
    /// As [`connect_blocking`](Self::connect_blocking) and [`databases`](Self::databases).
    pub fn databases_blocking(self) -> Result<Vec<String>, Error> {
        Driver::start()?.wait(self.databases())
    }
}

/// A part of the client whose methods wait for what they ask for: see the aliases in this module.
#[derive(Clone)]
#[must_use = "it does nothing until it is asked to"]
pub struct Blocking<T> {
    inner: T,
    driver: Arc<Driver>,
}

/// As [`crate::client::ModelRef`].
pub type ModelRef = Blocking<crate::client::ModelRef>;
/// As [`crate::client::Call`].
pub type Call = Blocking<crate::client::Call>;
/// As [`crate::ops::CreateMany`].
pub type CreateMany<M> = Blocking<crate::ops::CreateMany<M>>;
/// As [`crate::ops::ChangeMany`].
pub type ChangeMany<M> = Blocking<crate::ops::ChangeMany<M>>;
/// As [`crate::ops::UpsertMany`].
pub type UpsertMany<M> = Blocking<crate::ops::UpsertMany<M>>;
/// As [`crate::ops::ApiKeys`].
pub type ApiKeys = Blocking<crate::ops::ApiKeys>;
/// As [`crate::ops::HttpRequest`].
pub type HttpRequest = Blocking<crate::ops::HttpRequest>;
/// As [`crate::ops::HttpResponse`].
pub type HttpResponse = Blocking<crate::ops::HttpResponse>;
/// As [`crate::ops::JsonRoute`].
pub type JsonRoute = Blocking<crate::ops::JsonRoute>;
/// As [`crate::query::Changes`]; it is an iterator.
pub type Changes<R> = Blocking<crate::query::Changes<R>>;
/// As [`crate::Query`].
pub type Query<R> = Blocking<crate::Query<R>>;
/// As [`crate::query::Grouping`].
pub type Grouping<M, K = (), V = ()> = Blocking<crate::query::Grouping<M, K, V>>;
/// As [`crate::ops::Rotation`].
pub type Rotation = Blocking<crate::ops::Rotation>;

impl<T> Blocking<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Blocking<U> {
        Blocking { inner: change(self.inner), driver: self.driver }
    }
}

impl<T: fmt::Debug> fmt::Debug for Blocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl ModelRef {
    /// As [`crate::client::ModelRef::name`].
    pub fn name(&self) -> &str {
        self.inner.name()
    }

    /// As [`crate::client::ModelRef::call`].
    pub fn call(&self, method: impl Into<Cow<'static, str>>) -> Call {
        Blocking { inner: self.inner.call(method), driver: Arc::clone(&self.driver) }
    }
}

impl Call {
    /// As [`crate::client::Call::ids`].
    pub fn ids<V>(self, ids: impl ToNumbers<V>) -> Self {
        self.map(|call| call.ids(ids))
    }

    forward! { client::Call:
        set arg(name: impl Into<Cow<'static, str>>, value: impl Argument);
        set with_context(context: impl Into<Context>);
        set timeout(timeout: Duration);
        set retry(policy: RetryPolicy);
        set idempotent();
        wait send [T: DeserializeOwned] () -> Result<T, Error>;
    }
}

impl<M: Model> CreateMany<M> {
    forward! { ops::CreateMany:
        set max_records(records: usize);
        set max_bytes(bytes: usize);
        wait send [] () -> Result<Vec<Id<M>>, CreateManyError<M>>;
    }
}

impl<M: Model> ChangeMany<M> {
    forward! { ops::ChangeMany:
        set max_records(records: usize);
        set idempotent();
        wait send [] () -> Result<(), ChangeManyError<M>>;
    }
}

impl<M: Model> UpsertMany<M> {
    forward! { ops::UpsertMany:
        set max_records(records: usize);
        wait send [] () -> Result<UpsertReport<M>, UpsertManyError<M>>;
    }
}

impl ApiKeys {
    forward! { ops::ApiKeys:
        set password(password: impl Into<SecretString>);
    }

    /// As [`crate::ops::ApiKeys::list`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn list(&self) -> Result<Vec<ApiKey>, Error> {
        self.driver.wait(self.inner.list())
    }

    /// As [`crate::ops::ApiKeys::list_all`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn list_all(&self) -> Result<Vec<ApiKey>, Error> {
        self.driver.wait(self.inner.list_all())
    }

    /// As [`crate::ops::ApiKeys::create`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn create(&self, name: impl AsRef<str>, expires: Option<Timestamp>) -> Result<NewApiKey, Error> {
        self.driver.wait(self.inner.create(name, expires))
    }

    /// As [`crate::ops::ApiKeys::revoke`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn revoke(&self, ids: impl ToIds<ResUsersApikeys>) -> Result<(), Error> {
        self.driver.wait(self.inner.revoke(ids))
    }

    /// As [`crate::ops::ApiKeys::rotate`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn rotate(&self, id: Id<ResUsersApikeys>, expires: Option<Timestamp>) -> Result<Rotation, Error> {
        let inner = self.driver.wait(self.inner.rotate(id, expires))?;
        Ok(Blocking { inner, driver: Arc::clone(&self.driver) })
    }
}

impl Rotation {
    /// As [`crate::ops::Rotation::new_key`].
    pub fn new_key(&self) -> &NewApiKey {
        self.inner.new_key()
    }

    forward! { ops::Rotation:
        wait finish [] () -> Result<NewApiKey, Error>;
        wait cancel [] () -> Result<(), Error>;
    }
}
