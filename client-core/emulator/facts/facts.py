# What Odoo's own code says of its models and `fields_get` does not, as JSON: a program for Odoo's shell, which has `env`.
#
#   odoo shell -d DATABASE --no-http --log-level=warn < facts.py > generated/acme/facts.json
#   cargo xtask live shell 19 < client-core/emulator/facts/facts.py > client-core/emulator/facts/19.json
#
# It is of what an administrator sees, as a pin is, and changes nothing. Of defaults it has what is the same on every server.

import json
import random
import re
import sys
from datetime import timedelta

from odoo import fields

AUTOMATIC = {"id", "create_uid", "create_date", "write_uid", "write_date", "__last_update", "display_name", "parent_path"}
# Whose records a default may be for the emulator to know it: its own user, company and currency.
OWN = {"res.company", "res.users", "res.currency"}


def is_constant(name, field, value):
    """Whether a default is one everywhere, rather than a number or a name of this server."""
    if field.type in ("boolean", "integer", "float", "monetary"):
        return isinstance(value, (bool, int, float))
    if field.type == "char" and re.search(r"\d{3}", value or ""):
        return False
    if field.type in ("text", "html") and len(value or "") > 80:
        return False
    return field.type in ("selection", "char", "text", "html") and value and name != "tz"


def defaults(model, names):
    if model._abstract:
        return {}
    asked = []
    # What chance or the day decides is another the next time.
    for seed in range(3):
        random.seed(seed)
        clock["days"] = 40 * seed
        try:
            with env.cr.savepoint():
                asked.append(model.default_get([name for name in names if name != "id"]))
        except Exception:
            return {}  # It wants a context that no call by itself has.
    known = {}
    for name, value in asked[0].items():
        field = model._fields.get(name)
        if field is None or any(other.get(name) != value for other in asked):
            continue
        if field.type == "many2one" and value and field.comodel_name in OWN:
            known[name] = "@" + field.comodel_name
        elif is_constant(name, field, value):
            known[name] = value
    return known


clock = {"days": 0}


def shift(of, name):
    """Odoo's clock goes by that."""
    ask = getattr(of, name)
    setattr(of, name, staticmethod(lambda *given: ask(*given) + timedelta(clock["days"])))


def methods(model):
    """The public methods."""
    classes = type(model).mro()

    def is_public(name):
        found = [method for method in (getattr(each, name, None) for each in classes) if callable(method)]
        return found and not any(getattr(method, "_api_private", False) for method in found)  # by mark since 19

    return [name for name in dir(type(model)) if name[0] != "_" and name != "init" and is_public(name)]


def facts_of_field(name, field):
    facts = {}
    if field.type == "many2many" and field.store:
        facts["table"] = [field.relation, field.column1, field.column2]
    if field.type == "many2one" and field.store and field.ondelete not in ("set null", None):
        facts["ondelete"] = field.ondelete
    is_usual = bool(field.store and not field.compute and field.type != "one2many")
    if field.store and name not in AUTOMATIC and bool(field.copy) != is_usual:
        facts["copy"] = bool(field.copy)
    if field.type == "char" and field.size:
        facts["size"] = field.size
    if field.type == "float" and field.store and field.get_digits(env):
        facts["digits"] = field.get_digits(env)[1]
    if field.type in ("one2many", "many2many") and field.store and not field.related:
        if isinstance(field.context, dict) and "active_test" in field.context:
            facts["active_test"] = field.context["active_test"]
        if isinstance(field.domain, list) and field.domain:
            facts["domain"] = field.domain
    return facts


def facts_of_model(model, rules):
    facts = {}
    # Up to 18 users have more that are no fields of theirs: a checkbox for each group.
    names = sorted(set(model.fields_get(attributes=["type"])) & set(model._fields))
    if model._order != "id":
        facts["order"] = model._order
    if model._rec_name != "name":
        facts["rec_name"] = model._rec_name
    if model._inherits:
        facts["inherits"] = dict(model._inherits)
    if model._parent_name != "parent_id":
        facts["parent"] = model._parent_name
    if model._parent_store:
        facts["parent_store"] = True
    if model._abstract:
        facts["abstract"] = True
    if getattr(model, "_rec_names_search", None):  # since 16
        facts["names_search"] = list(model._rec_names_search)
    if known := defaults(model, names):
        facts["defaults"] = known
    if model._name in rules:
        facts["rules"] = True
    if model._name == "base":
        facts["methods"] = methods(model)  # that every model has
    of_fields = {name: facts_of_field(name, model._fields[name]) for name in names}
    if known := {name: field for name, field in of_fields.items() if field}:
        facts["fields"] = known
    return facts


for of, name in ((fields.Date, "today"), (fields.Datetime, "now"), (fields.Datetime, "today")):
    shift(of, name)
administrator = env(user=env.ref("base.user_admin").id)
rules = set(env["ir.rule"].search([("active", "=", True)]).mapped("model_id.model"))
lines = []
for name in sorted(env.registry):
    facts = json.dumps(facts_of_model(administrator[name], rules), separators=(",", ":"), ensure_ascii=False, default=str)
    lines.append(json.dumps(name) + ":" + facts)
env.cr.rollback()
sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")
