//! Queries and groups that wait.

use std::time::Duration;

use super::{Blocking, Changes, Grouping, Query};
use crate::field::CanAggregate;
use crate::model::ToIds;
use crate::query::{Aggregated, ChangeCursor, Group, GroupBy, Number, Records, Sortable, Tuple};
use crate::read::Page;
use crate::{Context, Domain, Error, Field, Id, Model, OrderBy, Record};

impl<R: Record> Query<R> {
    forward! { query::Query:
        set filter(domain: impl Into<Domain<R::Model>>);
        set order_by(order: impl Into<OrderBy<R::Model>>);
        set limit(limit: u64);
        set offset(offset: u64);
        set with_context(context: impl Into<Context>);
        set active_test(only_active: bool);
        set page_size(records: u64);
    }

    /// As [`crate::Query::stream`]: an iterator, which asks for the next page when it is needed.
    pub fn stream(&self) -> Blocking<Records<R>> {
        Blocking { inner: self.inner.stream(), driver: self.driver.clone() }
    }

    /// As [`crate::Query::changes`]: an iterator, which asks for the next page when it is needed.
    pub fn changes(&self, since: impl Into<Option<ChangeCursor>>) -> Changes<R> {
        Blocking { inner: self.inner.changes(since), driver: self.driver.clone() }
    }

    /// As [`crate::Query::gone`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn gone(&self, held: impl ToIds<R::Model>) -> Result<Vec<Id<R::Model>>, Error> {
        self.driver.wait(self.inner.gone(held))
    }
}

impl<R: Record> Changes<R> {
    forward! { query::Changes:
        set overlap(overlap: Duration);
    }

    /// As [`crate::query::Changes::cursor`].
    pub fn cursor(&self) -> ChangeCursor {
        self.inner.cursor()
    }
}

impl<R: Record> Iterator for Changes<R> {
    type Item = Result<R, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.driver.wait(self.inner.next())
    }
}

macro_rules! ask {
    ($($name:ident -> $result:ty;)*) => {
        impl<R: Record> Query<R> {
            $(
                #[doc = concat!("As [`crate::Query::", stringify!($name), "`].")]
                ///
                /// # Errors
                ///
                /// The same.
                pub fn $name(&self) -> Result<$result, Error> {
                    self.driver.wait(self.inner.$name())
                }
            )*
        }
    };
}

ask! {
    fetch_all -> Vec<R>;
    fetch_page -> Page<R>;
    first -> Option<R>;
    one -> R;
    count -> u64;
    ids -> Vec<Id<R::Model>>;
    exists -> bool;
}

impl<R: Record> Iterator for Blocking<Records<R>> {
    type Item = Result<R, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.driver.wait(self.inner.next())
    }
}

impl<M: Model, K, V> Grouping<M, K, V> {
    forward! { query::Grouping:
        set filter(domain: Domain<M>);
        set asc();
        set desc();
        set limit(groups: u64);
        set offset(groups: u64);
    }

    /// As [`crate::query::Grouping::by`].
    pub fn by<B: GroupBy<M>>(self, by: B) -> Grouping<M, (K, B::Key), V> {
        self.map(|groups| groups.by(by))
    }

    /// As [`crate::query::Grouping::sum`].
    pub fn sum<N: Number, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, N::Sum)> {
        self.map(|groups| groups.sum(field))
    }

    /// As [`crate::query::Grouping::avg`].
    pub fn avg<N: Number, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, Option<f64>)> {
        self.map(|groups| groups.avg(field))
    }

    /// As [`crate::query::Grouping::min`].
    pub fn min<N: Aggregated, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, N::Value)> {
        self.map(|groups| groups.min(field))
    }

    /// As [`crate::query::Grouping::max`].
    pub fn max<N: Aggregated, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, N::Value)> {
        self.map(|groups| groups.max(field))
    }

    /// As [`crate::query::Grouping::count`].
    pub fn count<N: Sortable, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, u64)> {
        self.map(|groups| groups.count(field))
    }

    /// As [`crate::query::Grouping::count_distinct`].
    pub fn count_distinct<N: Sortable, A: CanAggregate<M>>(self, field: Field<M, N, A>) -> Grouping<M, K, (V, u64)> {
        self.map(|groups| groups.count_distinct(field))
    }
}

impl<M: Model, K: Tuple, V: Tuple> Grouping<M, K, V> {
    /// As [`crate::query::Grouping::fetch_all`].
    ///
    /// # Errors
    ///
    /// The same.
    #[expect(clippy::type_complexity, reason = "a list of groups")]
    pub fn fetch_all(self) -> Result<Vec<Group<M, K::Of, V::Of>>, Error> {
        self.driver.wait(self.inner.fetch_all())
    }
}
