from ast import literal_eval

from odoo import api, models, tools
from odoo.exceptions import MissingError, ValidationError

TERMS = "ctsp.dictionary.item"


class Base(models.AbstractModel):
    """Every model: a field that offers the terms of one dictionary takes no other.

    The domain of a field binds the screen only; this binds imports, remote calls, defaults and code as well.
    """

    _inherit = "base"

    def _validate_fields(self, field_names, excluded_names=()):
        names = set(field_names)
        super()._validate_fields(names, excluded_names)
        for name, code in self._dictionaries().items():
            if name in names:
                self.sudo()._check_terms(self._fields[name], code)  # compares only; constraints run so, too

    @api.model
    @tools.ormcache(cache="stable")
    def _dictionaries(self):
        """Return ``{field name: code of the dictionary}`` of the fields whose domain names one."""
        found = {}
        for name, field in self._fields.items():
            if field.comodel_name != TERMS or not field.store or not isinstance(field.domain, str):
                continue
            try:
                conditions = literal_eval(field.domain)
            except (SyntaxError, ValueError):  # looks at other fields of the record
                continue
            codes = [term[2] for term in conditions if tuple(term[:2]) == ("dictionary_code", "=")]
            if codes:
                found[name] = codes[0]
        return found

    def _check_terms(self, field, code):
        try:
            alien = self[field.name].filtered(lambda term: term.dictionary_code != code)[:1]
        except MissingError:  # the database refuses it, and names the field
            return
        if alien:
            dictionary = self.env["ctsp.dictionary"].search([("code", "=", code)], limit=1)
            raise ValidationError(self.env._(
                "%(field)s: “%(term)s” is not a term of the dictionary “%(dictionary)s”.",
                field=field._description_string(self.env), term=alien.name, dictionary=dictionary.name or code))
