from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.ctsp_base.tools import validators

CODES = ("uscc", "record_no")


class Institution(models.Model):
    """Which institutions another system means: by unified social credit code, filing number, name, in this order.

    Nobody is guessed: codes that speak of different institutions, or that are not the registered ones, identify none.
    """

    _inherit = "ctsp.institution"

    @api.model
    def _identify(self, uscc, record_no, name):
        """Return ``(institution, how it was found, why it was not)`` for one; see :meth:`_identified`."""
        values = {"uscc": uscc, "record_no": record_no, "name": name or ""}
        return self._identified(values, self._registered([values]))

    @api.model
    def _registered(self, rows):
        """Return the institutions that codes and names of ``rows`` speak of: ``{(field, value): institutions}``."""
        wanted = {name: [self._plain_code(name, row[name]) for row in rows] for name in CODES}
        names = [row["name"].strip() for row in rows]
        found = defaultdict(self.browse)
        for name, codes in wanted.items():
            for institution in self.search([(name, "in", [code for code in codes if code])]):
                found[name, institution[name]] |= institution
        for institution in self.search(Domain("name", "in", names) | Domain("former_name_ids.name", "in", names)):
            for name in {institution.name, *institution.former_name_ids.mapped("name")}:
                found["name", name] |= institution
        return found

    @api.model
    def _identified(self, values, registered):
        """Return ``(institution, how it was found, why it was not)`` for one of the rows of :meth:`_registered`."""
        codes = {name: self._plain_code(name, values[name]) for name in CODES}
        asked = {**codes, "name": values["name"].strip()}
        found = {name: one for name, value in asked.items()
                 if value and len(one := registered.get((name, value), self.browse())) == 1}
        if len(set(found.values())) > 1 and len({found.get("uscc"), found.get("record_no")} - {None}) != 1:
            return self.browse(), False, self.env._(
                "Credit code, filing number and name speak of different institutions")
        for how, institution in found.items():
            if any(code and institution[name] and institution[name] != code for name, code in codes.items()):
                return self.browse(), False, self.env._(
                    "Its credit code or filing number is not the registered one of %(institution)s",
                    institution=institution.name)
            return institution, how, False
        return self.browse(), False, self.env._(
            "No institution with this credit code, filing number or name is registered")

    @staticmethod
    def _plain_code(name, value):
        """Return a code in its written form; None for none, or one that cannot be."""
        try:
            return getattr(validators, name)(value) if value else None
        except ValueError:
            return None
