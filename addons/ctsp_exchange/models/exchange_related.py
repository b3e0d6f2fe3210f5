from odoo import api, fields, models
from odoo.fields import Domain

ROUNDS = 4  # from a receipt to its message, to its task, to the task's other messages, to their receipts


class ExchangeMessageRelated(models.Model):
    """Everything that was said about one business, under whatever number: a task, its states, its results, receipts."""

    _inherit = "ctsp.exchange.message"

    related_number = fields.Char(
        "Business, with All about It", compute="_compute_related_number", search="_search_related_number")

    @api.depends("business_id")
    def _compute_related_number(self):
        for message in self:
            message.related_number = message.business_id

    def _search_related_number(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", self._of_business(list(value)).ids)

    @api.model
    def _of_business(self, numbers):
        """Return every message about the businesses with these ``numbers``, as superuser: rights decide later."""
        messages = self.sudo().with_context(active_test=False)  # sudo: as above
        codes = self.env["ctsp.exchange.type"].sudo().search([("receipt", "=", True)]).mapped("code")  # sudo: as above
        found = messages.search([("business_id", "in", [
            *numbers, *(f"{code}:{number}" for code in set(codes) for number in numbers)])])
        for _round in range(ROUNDS):
            whole = found | messages.search(found._kin_domain())
            if whole == found:
                break
            found = whole
        return found

    def _kin_domain(self):
        """Return which messages have a number, a receipt or a record in common with these."""
        numbers = set(self.mapped("business_id"))
        receipts = self.filtered(lambda message: message.type_id.code == "receipt")
        numbers |= {number.partition(":")[2] or number for number in receipts.mapped("business_id")}
        numbers |= {f"{message.type_id.code}:{message.business_id}" for message in self if message.type_id.receipt}
        domain = Domain("business_id", "in", list(numbers))
        about = {}
        for link in self.link_ids:
            about.setdefault(link.res_model, set()).add(link.res_id)
        told = about.pop(self._name, set())
        links = Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        for name, ids in self._kin_records(about).items():
            links |= Domain("res_model", "=", name) & Domain("res_id", "in", list(ids))
        return domain | Domain("id", "in", list(told)) | Domain("link_ids", "any", links)

    @api.model
    def _kin_records(self, about):
        """Return ``about`` (model → ids) with the records that are the same business: hook of connectors."""
        return about
