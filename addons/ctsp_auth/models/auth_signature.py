from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.ctsp_crypto.fields import EncryptedText

from ..tools import signing


class AuthSignature(models.Model):
    """A signature of a person, by his own certificate, under a step that binds: what he signed, with what, when.

    Chain and revocation were checked when it was given; the certificate stays, so that the signature can be verified at
    any time. Rows are the platform's. Electronic Signature Law of the PRC, articles 13 and 14.
    """

    _name = "ctsp.auth.signature"
    _description = "Signature by Certificate"
    _inherit = ["ctsp.encrypted.mixin"]
    _order = "id desc"
    _rec_name = "record_name"
    _audit_what = "write"
    _integrity_fields = {1: (
        "user_id", "certificate_id", "model", "res_id", "step", "date", "text", "signature")}

    user_id = fields.Many2one("res.users", "Signed By", required=True, readonly=True, index=True, ondelete="restrict")
    certificate_id = fields.Many2one(
        "ctsp.auth.certificate", "Certificate", required=True, readonly=True, ondelete="restrict")
    model = fields.Char("Technical Name", required=True, readonly=True)
    model_label = fields.Char("Kind of Record", compute="_compute_model_label")
    res_id = fields.Many2oneReference("Record ID", model_field="model", required=True, readonly=True)
    record_name = fields.Char("Record", readonly=True)
    step = fields.Char(required=True, readonly=True)
    date = fields.Datetime("Signed At", required=True, readonly=True, default=fields.Datetime.now)
    text = EncryptedText("What Was Signed", readonly=True)
    signature = fields.Char(required=True, readonly=True, help="SM2 with SM3, r‖s, hexadecimal.")
    is_valid = fields.Boolean("Holds", compute="_compute_is_valid")

    _record_idx = models.Index("(model, res_id)")

    @api.depends("model")
    def _compute_model_label(self):
        for row in self:
            # superuser: names of models are in a table that few read
            row.model_label = self.env["ir.model"].sudo()._get(row.model).name or row.model

    @api.depends("text", "signature", "certificate_id")
    def _compute_is_valid(self):
        for row in self:
            row.is_valid = row.certificate_id._verifies(row.text or "", row.signature)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._refuse_change()
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        self._refuse_change()

    def unlink(self):  # pylint: disable=method-required-super
        self._refuse_change()

    def _refuse_change(self):
        raise AccessError(self.env._("Signatures are given by people and kept by the platform: nobody changes them."))

    @api.model
    def _newest(self, model, ids):
        """Return ``{record: newest signature under it}``."""
        rows = self.sudo().search([("model", "=", model), ("res_id", "in", ids)], order="id")  # sudo: the engine asks
        return {row.res_id: row for row in rows}


class IntegritySignature(models.AbstractModel):
    """Rows of important data whose newest step was signed by a person carry his signature."""

    _inherit = "ctsp.integrity.signature"

    @api.model
    def _sign_as_user(self, model, rows):
        found = self.env["ctsp.auth.signature"]._newest(model, [res_id for res_id, _statement in rows])
        return [
            (row.signature, f"certificate:{row.id}")
            if (row := found.get(res_id)) and signing.covers(row.text, statement) else None
            for res_id, statement in rows]

    @api.model
    def _verify_of_user(self, rows):
        kinds = [(key_ref or "").partition(":") for _statement, _signature, key_ref in rows]
        ids = [int(number) for kind, _colon, number in kinds if kind == "certificate" and number.isdecimal()]
        found = {row.id: row for row in self.env["ctsp.auth.signature"].sudo().browse(ids).exists()}  # sudo: as above
        return [
            self._is_of_user(found.get(int(number)), statement, signature)
            if kind == "certificate" and number.isdecimal() else None
            for (kind, _colon, number), (statement, signature, _key) in zip(kinds, rows)]

    @api.model
    def _is_of_user(self, row, statement, signature):
        return bool(row) and row.signature == signature and row.is_valid and signing.covers(row.text, statement)
