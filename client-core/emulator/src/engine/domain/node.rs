//! A domain made ready: whether a record fits, and which records of a table do.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::scalar::Test;
use crate::Fault;
use crate::engine::cell::Cell;
use crate::engine::definitions::FieldId;
use crate::engine::env::Env;
use crate::engine::group::Part;
use crate::engine::store::{Key, Row, Table};
use crate::engine::zone;
use crate::series::Difference;

/// A domain made ready for one model: what is asked of other models has become sets of ids.
#[derive(Debug)]
pub(crate) enum Node {
    Const(bool),
    /// The same, which is known once other records were looked at.
    Found(bool),
    /// Neither, for every record.
    Unknown,
    /// What is wrong, found where SQL is made: not at all where the rest of the domain decides for all records. From 19 on.
    Wrong(Box<Fault>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Ids(Arc<HashSet<i64>>),
    Scalar(FieldId, Test),
    /// The same of the number of a part of a date, on the clocks of a zone.
    Part(FieldId, Part, Option<TimeZone>, Test),
    /// The same of the record's own number.
    Id(Test),
}

impl Node {
    /// What is wrong where SQL is made: up to 18 that is when a condition is read, from 19 on when all of them are.
    pub(super) fn wrong_in_sql(env: &Env<'_>, fault: Fault) -> Result<Self, Fault> {
        if env.has(Difference::DomainObjects) { Ok(Self::Wrong(Box::new(fault))) } else { Err(fault) }
    }

    pub(crate) fn not(node: Self) -> Self {
        match node {
            Self::Const(value) => Self::Const(!value),
            Self::Found(value) => Self::Found(!value),
            Self::Wrong(fault) => Self::Wrong(fault),
            node => Self::Not(Box::new(node)),
        }
    }

    /// Itself, or what is wrong with it.
    pub(crate) fn checked(self) -> Result<Self, Fault> {
        if let Self::Wrong(fault) = self { Err(*fault) } else { Ok(self) }
    }

    /// Whether it is known of all records that they do not fit, or wrong, before any of them is looked at.
    pub(crate) fn is_settled(&self) -> bool {
        matches!(self, Self::Const(false) | Self::Found(false) | Self::Wrong(_))
    }

    /// All or any of these, the quick ones first: the order says nothing, and what is decided is not asked for.
    pub(crate) fn quick_first(mut nodes: Vec<Self>) -> Vec<Self> {
        nodes.sort_by_key(Self::is_slow);
        nodes
    }

    fn is_slow(&self) -> bool {
        match self {
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().any(Self::is_slow),
            Self::Not(node) => node.is_slow(),
            Self::Scalar(_, test) | Self::Id(test) => test.is_slow(),
            Self::Part(..) => true,
            Self::Const(_) | Self::Found(_) | Self::Unknown | Self::Wrong(_) | Self::Ids(_) => false,
        }
    }

    /// Whether a record fits: `None` is neither, as with NULL in SQL, and leaves the record out.
    pub(crate) fn fits(&self, id: i64, row: &Row, lang: &str) -> Option<bool> {
        match self {
            Self::Const(value) | Self::Found(value) => Some(*value),
            Self::Unknown | Self::Wrong(_) => None,
            Self::And(nodes) => {
                let mut all = Some(true);
                for node in nodes {
                    match node.fits(id, row, lang) {
                        Some(false) => return Some(false),
                        None => all = None,
                        Some(true) => {}
                    }
                }
                all
            }
            Self::Or(nodes) => {
                let mut any = Some(false);
                for node in nodes {
                    match node.fits(id, row, lang) {
                        Some(true) => return Some(true),
                        None => any = None,
                        Some(false) => {}
                    }
                }
                any
            }
            Self::Not(node) => node.fits(id, row, lang).map(|fits| !fits),
            Self::Ids(ids) => Some(ids.contains(&id)),
            Self::Scalar(field, test) => test.fits(row.get(*field), lang),
            Self::Part(field, part, zone, test) => {
                test.fits(number_of(row.get(*field), *part, zone.as_ref()).as_ref(), lang)
            }
            Self::Id(test) => test.fits_id(id),
        }
    }

    /// The field and the keys that records must have one of, where the domain says so and an index would serve: what is in it of
    /// the first such condition that all must fit.
    pub(crate) fn wants_index(&self) -> Option<(FieldId, &HashSet<Key>)> {
        match self {
            Self::Scalar(field, test) => Some((*field, test.only_keys()?)),
            Self::And(nodes) => nodes.iter().find_map(Self::wants_index),
            _ => None,
        }
    }

    /// The ids that records are among, where the domain says so.
    fn only_ids(&self) -> Option<Vec<i64>> {
        match self {
            Self::Ids(ids) => Some(ids.iter().copied().collect()),
            Self::Id(test) => test.only_keys().map(|keys| {
                keys.iter().filter_map(|key| if let Key::Int(id) = key { Some(*id) } else { None }).collect()
            }),
            Self::And(nodes) => nodes.iter().find_map(Self::only_ids),
            _ => None,
        }
    }

    /// The records that fit, by id.
    pub(crate) fn select(&self, table: &Table, lang: &str) -> Vec<i64> {
        let fits = |id: &i64, row: &Row| self.fits(*id, row, lang) == Some(true);
        let mut candidates = self.only_ids();
        if candidates.is_none()
            && let Some((field, keys)) = self.wants_index()
            && let Some(index) = table.index(field)
        {
            candidates = Some(keys.iter().filter_map(|key| index.get(key)).flatten().copied().collect());
        }
        match candidates {
            Some(mut ids) => {
                ids.sort_unstable();
                ids.dedup();
                ids.retain(|id| table.rows.get(id).is_some_and(|row| fits(id, row)));
                ids
            }
            None => table.rows.iter().filter(|(id, row)| fits(id, row)).map(|(id, _)| *id).collect(),
        }
    }
}

/// The number of the part of a date that a row holds.
fn number_of(cell: Option<&Cell>, part: Part, zone: Option<&TimeZone>) -> Option<Cell> {
    let time = zone::read(cell?.as_text("")?)?;
    Some(Cell::Int(part.of(zone.map_or(Some(time), |zone| zone::local(time, zone))?)))
}
