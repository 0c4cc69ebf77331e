//! Which records fit a domain.

use std::sync::Arc;

use serde_json::Value;

use super::definitions::{FieldDef, Kind, ModelId};
use super::domain::{self, Expr};
use super::env::Env;
use crate::Fault;

impl Env<'_> {
    pub(crate) fn parse(&self, domain: &Value) -> Result<Expr, Fault> {
        domain::parse(self.registry.series, domain)
    }

    /// The records that fit, by id, archived ones left out if `active_test` says so and the domain does not speak of them.
    pub(crate) fn matching(&mut self, model: ModelId, expr: &Expr, active_test: bool) -> Result<Vec<i64>, Fault> {
        let def = Arc::clone(self.registry.def(model));
        let active = def.active.filter(|active| active_test && !expr.names(&def.def(*active).name));
        let restricted;
        let expr = match active {
            Some(active) => {
                restricted = Expr::And(vec![expr.clone(), Expr::leaf(&def.def(active).name, "=", true)]);
                &restricted
            }
            None => expr,
        };
        let node = domain::compile(self, model, expr)?;
        if let Some((field, _)) = node.wants_index()
            && self.store.table(model).rows.len() > 64
        {
            self.store.ensure_index(model, field);
        }
        Ok(node.select(self.store.table(model), &self.lang))
    }

    /// The records that are found by name, by id.
    pub(crate) fn by_name(
        &mut self,
        model: ModelId,
        operator: &str,
        name: &Value,
        active_test: bool,
    ) -> Result<Vec<i64>, Fault> {
        let expr = self.name_domain(model, operator, name)?;
        self.matching(model, &expr, active_test)
    }

    /// Those of `ids` that the domain of the field lets in.
    pub(crate) fn in_field_domain(&mut self, field: &FieldDef, ids: &[i64]) -> Result<Vec<i64>, Fault> {
        match (field.domain, field.comodel) {
            (Some(domain), Some(comodel)) if field.kind == Kind::One2many => {
                let expr = self.parse(domain)?;
                let node = domain::compile(self, comodel, &expr)?;
                let fits = |id: &i64| {
                    self.store.row(comodel, *id).is_some_and(|row| node.fits(*id, row, &self.lang) == Some(true))
                };
                Ok(ids.iter().copied().filter(fits).collect())
            }
            _ => Ok(ids.to_vec()),
        }
    }
}
