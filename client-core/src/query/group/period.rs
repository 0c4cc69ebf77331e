//! Dates by the hour, day, week, month, quarter or year they are in.

use std::borrow::Cow;
use std::marker::PhantomData;

use super::GroupBy;
use super::column::{Column, Temporal};
use super::read::{Key, Spec};
use crate::field::Path;
use crate::field::{CanGroup, Field, kind};

/// A stretch of time: an hour, a day, a week, a month, a quarter or a year.
///
/// Days begin at midnight in the time zone of the context (`tz`, see [`Context::tz`](crate::Context::tz)), in UTC if it
/// has none; for a datetime both ends are that moment in UTC. Weeks begin with Monday in Odoo 14, and in 19 with the day that the
/// language of the context says (Sunday in American English, which is taken if there is no language).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period<T> {
    /// Its beginning.
    pub from: T,
    /// Its end, which is no longer part of it: the beginning of the next.
    pub to: T,
}

/// The period that a date is in, to group by: `Order::DATE_ORDER.month()`.
#[derive(Clone)]
pub struct ByPeriod<M, K> {
    path: Cow<'static, str>,
    granularity: &'static str,
    types: PhantomData<fn(*const M, *const K)>,
}

impl<M, K: Temporal> GroupBy<M> for ByPeriod<M, K>
where
    Option<Period<K::Point>>: Column,
{
    type Key = Option<Period<K::Point>>;
    fn spec(self) -> Spec {
        Spec(Key::new(self.path, Some(self.granularity), false))
    }
}

macro_rules! periods {
    ($([$($generics:ident),*] $of:ty, $near:ident;)*) => { $(
        impl<$($generics),*> $of
        where
            K: Temporal,
        {
            /// The day, to [group by](crate::query::Grouping::by).
            pub fn day(self) -> ByPeriod<M, K>
            where
                A: CanGroup<$near>,
            {
                ByPeriod { path: self.path(), granularity: "day", types: PhantomData }
            }

            /// The week, to [group by](crate::query::Grouping::by). Odoo's versions differ in the day it begins with: see
            /// [`Period`].
            pub fn week(self) -> ByPeriod<M, K>
            where
                A: CanGroup<$near>,
            {
                ByPeriod { path: self.path(), granularity: "week", types: PhantomData }
            }

            /// The month, to [group by](crate::query::Grouping::by).
            pub fn month(self) -> ByPeriod<M, K>
            where
                A: CanGroup<$near>,
            {
                ByPeriod { path: self.path(), granularity: "month", types: PhantomData }
            }

            /// The quarter of a year, to [group by](crate::query::Grouping::by).
            pub fn quarter(self) -> ByPeriod<M, K>
            where
                A: CanGroup<$near>,
            {
                ByPeriod { path: self.path(), granularity: "quarter", types: PhantomData }
            }

            /// The year, to [group by](crate::query::Grouping::by).
            pub fn year(self) -> ByPeriod<M, K>
            where
                A: CanGroup<$near>,
            {
                ByPeriod { path: self.path(), granularity: "year", types: PhantomData }
            }
        }
    )* };
}

periods! {
    [M, K, A] Field<M, K, A>, M;
    [M, K, N, A] Path<M, K, N, A>, N;
}

impl<M, A> Field<M, kind::Datetime, A> {
    /// The hour, to [group by](crate::query::Grouping::by).
    pub fn hour(self) -> ByPeriod<M, kind::Datetime>
    where
        A: CanGroup<M>,
    {
        ByPeriod { path: self.path(), granularity: "hour", types: PhantomData }
    }
}

impl<M, N, A> Path<M, kind::Datetime, N, A> {
    /// The hour, to [group by](crate::query::Grouping::by).
    pub fn hour(self) -> ByPeriod<M, kind::Datetime>
    where
        A: CanGroup<N>,
    {
        ByPeriod { path: self.path(), granularity: "hour", types: PhantomData }
    }
}
