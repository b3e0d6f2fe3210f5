import inspect

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import get_public_method

from .desk_case import SECRET, Attacks


class OrmAttacks(Attacks):
    """Attacks by code that runs as a user of A: whatever a client can call ends there."""

    def test_reading(self):
        """No way of reading the ORM has shows a record of B, its name or its number."""
        for part in self.targets:
            model, ids = part.browse(), part.ids
            for what, attempt in {
                "read": lambda part=part: part.read(),
                "web_read": lambda part=part: part.web_read({"display_name": {}}),
                "attribute": lambda part=part: part[0].display_name,
                "export_data": lambda part=part: part.export_data(["id", "display_name"]),
            }.items():
                self._must_fail(f"{part._name}.{what}", attempt)
            domains = ([("id", "in", ids)], [("owner_partner_id", "=", self.company_b.id)])
            for domain in domains:
                self.assertFalse(model.search(domain))
                self.assertFalse(model.search_count(domain))
                self.assertFalse(model.search_read(domain, ["id"]))
                self.assertFalse(model.web_search_read(domain, {"id": {}})["records"])
                counts = model.formatted_read_group(domain, [], ["__count"])
                self.assertFalse(sum(group["__count"] for group in counts))
                groups = model.web_read_group(domain, ["create_date:month"], ["__count"])
                self.assertFalse(groups["groups"])
            self.assertFalse({found[0] for found in model.name_search(SECRET, limit=None)} & set(ids))
            self.assertNotIn(SECRET, repr(model.name_search("", limit=None)))

    def test_oracles(self):
        """Sorting, searching along paths and unreadable fields give nothing away about B."""
        for part in self.targets:
            model = part.browse()
            for name, field in model._fields.items():
                if field.type == "char" and field.store and model._has_field_access(field, "read"):
                    operator = "like" if field.column_type[0] == "varchar" else "="  # encrypted: no parts are found
                    self.assertFalse(model.search([(name, operator, SECRET)]))
            self.assertFalse(model.search_count([("owner_partner_id.name", "like", SECRET)]))

    def test_writing(self):
        """B's records are neither written, deleted, copied nor taken over; A's do not move to B."""
        for part in self.targets:
            name = next(iter(part._desk_fields), "owner_partner_id")
            self._must_fail(f"{part._name}.write", lambda part=part, name=name: part.write({name: False}))
            self._must_fail(f"{part._name}.unlink", lambda part=part: part.unlink())
            self._must_fail(f"{part._name}.copy", lambda part=part: part[0].copy())
            self._must_fail(
                f"{part._name}.web_save", lambda part=part, name=name: part[0].web_save({name: False}, {"id": {}}),
            )
            with self._refused(f"{part._name}.take over"):
                part.write({"owner_partner_id": self.company_a.id})
        self._must_fail("give away", lambda: self.record_a.write({"owner_partner_id": self.company_b.id}))
        self.assertEqual(self.record_a.sudo().owner_partner_id, self.company_a)

    def test_children(self):
        """Lines and files of B are not reached through A's record, nor A's moved into B's."""
        for name, field in self.record_a._fields.items():
            if field.type != "one2many" or "owner_partner_id" not in self.env[field.comodel_name]._fields:
                continue
            for theirs in self.record_b.sudo()[name]:
                for command in (Command.link(theirs.id), Command.update(theirs.id, {}), Command.delete(theirs.id)):
                    with self._refused(f"{name} {command[0]}"):
                        self.record_a.write({name: [command]})
            for ours in self.record_a.sudo()[name].with_user(self.user_a):
                self._must_fail(name, lambda ours=ours, f=field: ours.write({f.inverse_name: self.record_b.id}))

    def test_internal_fields(self):
        """Nothing off the allow-list is written on an own record, by value or by default_* context."""
        for part in (self.record_a, *self._desk_children(self.record_a.sudo())):
            part = part.with_user(self.user_a)[:1]
            allowed = set(part._desk_fields) | part._frozen_keys()
            for name, field in part._fields.items():
                if name in allowed or name in ("id", "display_name") or not part:
                    continue
                self._must_fail(f"{part._name}.{name}", lambda part=part, name=name: part.write({name: False}))
                if field.store and name not in ("create_date", "write_date", "create_uid", "write_uid"):
                    described = part.fields_get([name], ["readonly"])
                    self.assertTrue(not described or described[name]["readonly"], f"{name} looks writable")

    def test_public_methods(self):
        """Every public method that can be called with no argument leaves B alone and tells nothing of it."""
        for part in self.targets:
            for name in dir(type(part)):
                method = self._callable(part, name)
                if method is None:
                    continue
                with self._refused(f"{part._name}.{name}") as answer:
                    result = method(part)
                    # what comes back must be readable by A: B's records as a mere recordset tell nothing
                    answer.append(result.exists() and "" if hasattr(result, "_name") else result)

    @staticmethod
    def _callable(part, name):
        try:
            method = get_public_method(part, name)
            needed = [
                it for it in list(inspect.signature(method).parameters.values())[1:]
                if it.default is it.empty and it.kind in (it.POSITIONAL_ONLY, it.POSITIONAL_OR_KEYWORD, it.KEYWORD_ONLY)
            ]
        except (AccessError, AttributeError, ValueError, TypeError):
            return None
        return None if needed or isinstance(method, type) else method
