import csv
from pathlib import Path

from odoo.tests import TransactionCase, tagged

TABLE = Path(__file__).parent / "unprotected.csv"


@tagged("post_install", "-at_install")
class TestProtection(TransactionCase):
    """Every table that is stored is under evidence, or somebody wrote down why not: ours and Odoo's, and the links of
    many2many fields. ``unprotected.csv``: the model, or model and field (``*``: of every model), and the reason.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with TABLE.open(encoding="utf-8", newline="") as stream:
            cls.reasons = {row["name"]: row["reason"] for row in csv.DictReader(stream)}
        cls.protected = cls.env["ctsp.integrity"]._map().models

    def stored(self):
        return [model for name in self.env.registry if (model := self.env[name])._auto
                and not (model._abstract or model._transient or name.startswith("ctsp.test."))]

    def test_tables(self):
        bare = {model._name for model in self.stored()} - self.protected.keys()
        given = {name for name in self.reasons if name in self.env}
        self.assertFalse(bare - given, "declare _integrity_fields, or give the reason in unprotected.csv")
        self.assertFalse(given - bare, "protected by now, or not stored: their reason is out of date")

    def test_links(self):
        """Links of protected rows, by either end."""
        covered = {link.relation for one in self.protected.values() for link in one.links.values()}
        bare = {f"{name}.{field.name}" for name in self.protected for field in self.env[name]._fields.values()
                if field.type == "many2many" and field.store and field.relation not in covered}
        given = {name for name in self.reasons if name not in self.env}
        everywhere = {name for name in given if name.startswith("*.")}
        bare = {f"*.{field}" if f"*.{field}" in everywhere else f"{model}.{field}"
                for model, _dot, field in (name.rpartition(".") for name in bare)}
        self.assertFalse(bare - given, "name the field in _integrity_fields, or give the reason in unprotected.csv")
        self.assertFalse(given - bare, "protected by now, or gone: their reason is out of date")

    def test_reasons(self):
        self.assertFalse([name for name, reason in self.reasons.items() if len(reason) < 20])

    def test_fields_have_columns(self):
        """What a class names can be read: a name without a column would be left out silently."""
        for name, protection in self.protected.items():
            for version, names in self.env[name]._integrity_fields.items():
                self.assertEqual(protection.versions[version], tuple(names), name)
