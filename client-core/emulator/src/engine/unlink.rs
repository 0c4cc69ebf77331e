//! `unlink`: records go, and with them what the database lets go.

use std::sync::Arc;

use super::definitions::ModelId;
use super::env::Env;
use super::faults;
use super::rights::Rights;
use super::store::Row;
use crate::Fault;
use crate::facts::OnDelete;

impl Env<'_> {
    /// Deletes records. Ids of which there is none are passed over, as Odoo does.
    pub(crate) fn unlink(&mut self, model: ModelId, ids: &[i64]) -> Result<(), Fault> {
        Rights::check(self, model, "unlink")?;
        super::rules::before_unlink(self, model, ids)?;
        for id in ids {
            self.delete(model, *id)?;
            self.forget_external_ids(model, *id);
        }
        // Those that others still point to, after all have gone.
        for id in ids {
            self.check_restricted(model, *id)?;
        }
        Ok(())
    }

    /// Deletes a record, and all that goes with it in the database.
    fn delete(&mut self, model: ModelId, id: i64) -> Result<(), Fault> {
        if !self.exists(model, id) {
            return Ok(());
        }
        self.store.put(model, id, None);
        let registry = Arc::clone(&self.registry);
        for (other, field) in registry.pointing_to(model).iter().copied() {
            if self.store.table(other).rows.is_empty() {
                continue;
            }
            let on_delete = registry.def(other).def(field).on_delete;
            if on_delete == OnDelete::Restrict {
                continue;
            }
            for pointing in self.pointing(other, field, id) {
                if on_delete == OnDelete::Cascade {
                    self.delete(other, pointing)?;
                } else if let Some(row) = self.store.row(other, pointing) {
                    let mut row = (**row).clone();
                    row.set(field, None);
                    self.store.put(other, pointing, Some(row));
                }
            }
        }
        for side in registry.sides_to(model).iter().copied() {
            let linked: Vec<_> = self.store.relation(side.relation).of(side.side, id).collect();
            for other in linked {
                self.link(side, id, other, false);
            }
        }
        Ok(())
    }

    /// Refuses the deletion of a record that others need.
    fn check_restricted(&self, model: ModelId, id: i64) -> Result<(), Fault> {
        for (other, field) in self.registry.pointing_to(model).iter().copied() {
            let def = self.registry.def(other);
            if def.def(field).on_delete == OnDelete::Restrict
                && !self.store.table(other).rows.is_empty()
                && !self.pointing(other, field, id).is_empty()
            {
                return Err(faults::no_target(self, def, def.def(field)));
            }
        }
        Ok(())
    }

    /// A deleted record has no external id, and no attachments. Of what the database deletes with it Odoo is not told. Seen on 14.0 and
    /// 19.0.
    fn forget_external_ids(&mut self, model: ModelId, id: i64) {
        let name = Arc::clone(&self.registry.def(model).name);
        for (table, model_field, id_field) in
            [("ir.model.data", "model", "res_id"), ("ir.attachment", "res_model", "res_id")]
        {
            let Some((data, def)) = self.registry.model(table).map(|(data, def)| (data, Arc::clone(def))) else {
                continue;
            };
            let (Some(of), Some(number)) = (def.id_of(model_field), def.id_of(id_field)) else { continue };
            if self.store.table(data).rows.is_empty() {
                continue;
            }
            self.store.ensure_index(data, number);
            let is_of = |row: &Row| row.get(of).and_then(|cell| cell.as_text("").cloned()).as_deref() == Some(&*name);
            let gone: Vec<_> = self
                .pointing(data, number, id)
                .into_iter()
                .filter(|one| self.store.row(data, *one).is_some_and(|row| is_of(row)))
                .collect();
            for one in gone {
                self.store.put(data, one, None);
            }
        }
    }
}
