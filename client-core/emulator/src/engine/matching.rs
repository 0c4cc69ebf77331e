//! Which records fit a domain.

use std::sync::Arc;

use serde_json::Value;

use super::definitions::{FieldDef, Kind, ModelId};
use super::domain::{self, Expr, Node};
use super::env::Env;
use crate::Fault;
use crate::series::Difference;

impl Env<'_> {
    pub(crate) fn parse(&self, domain: &Value) -> Result<Expr, Fault> {
        let parsed = domain::parse(self.registry.series, domain);
        // Up to 18 what is false for all is seen before what is wrong.
        if parsed.is_err() && !self.has(Difference::DomainObjects) && domain::is_false(domain) {
            return Ok(Expr::Const(false));
        }
        parsed
    }

    /// The records that fit, by id, archived ones left out if `active_test` says so and the domain does not speak of them.
    pub(crate) fn matching(&mut self, model: ModelId, expr: &Expr, active_test: bool) -> Result<Vec<i64>, Fault> {
        if self.is_false(expr) { Ok(Vec::new()) } else { self.selected(model, expr, active_test) }
    }

    /// Whether the series sees that no record fits before it looks.
    pub(crate) fn is_false(&self, expr: &Expr) -> bool {
        !self.has(Difference::DomainObjects) && expr.is_false()
    }

    /// The same for what groups: 19 makes the domain ready first.
    pub(crate) fn is_nothing(&mut self, model: ModelId, expr: &Expr) -> Result<bool, Fault> {
        if !self.has(Difference::DomainObjects) {
            return Ok(expr.is_false());
        }
        Ok(matches!(domain::compile(self, model, expr)?, Node::Const(false) | Node::Found(false)))
    }

    /// The records that fit; or, from 19 on, what is known of the domain before the database is asked: that there are none, or what is
    /// wrong with it.
    pub(crate) fn found(
        &mut self,
        model: ModelId,
        expr: &Expr,
        active_test: bool,
    ) -> Result<Result<Vec<i64>, Node>, Fault> {
        if self.is_false(expr) {
            return Ok(Ok(Vec::new()));
        }
        let node = self.node(model, expr, active_test)?;
        Ok(if node.is_settled() { Err(node) } else { Ok(self.select(model, &node)) })
    }

    /// Those that fit, where the database is asked in any case.
    pub(crate) fn selected(&mut self, model: ModelId, expr: &Expr, active_test: bool) -> Result<Vec<i64>, Fault> {
        let node = self.node(model, expr, active_test)?.checked()?;
        Ok(self.select(model, &node))
    }

    fn node(&mut self, model: ModelId, expr: &Expr, active_test: bool) -> Result<Node, Fault> {
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
        domain::node(self, model, expr)
    }

    fn select(&mut self, model: ModelId, node: &Node) -> Vec<i64> {
        if let Some((field, _)) = node.wants_index()
            && self.store.table(model).rows.len() > 64
        {
            self.store.ensure_index(model, field);
        }
        node.select(self.store.table(model), &self.lang)
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
        match (&field.domain, field.comodel) {
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
