from datetime import timedelta

from odoo import api, fields, models

KEEP_DAYS = 90


class DatasetCall(models.Model):
    """A call of the open interfaces: every one with a test key, those that were refused with a key of production.

    A developer sees what he sent and was told; what was refused counts for the pace of the key (that a key was told to
    wait is not kept). Written by the platform alone. Nothing of the content is here: it lies with its submission.
    """

    _name = "ctsp.dataset.call"
    _description = "Interface Call"
    _inherit = ["ctsp.owned.mixin"]
    _order = "id desc"
    _rec_name = "target"
    _owner_path = "partner_id"
    _desk_hidden = ("credential_id",)

    partner_id = fields.Many2one("res.partner", "Institution", required=True, readonly=True, index=True,
                                 ondelete="cascade")
    credential_id = fields.Many2one(
        "ctsp.exchange.credential", "Interface Key", readonly=True, index="btree_not_null", ondelete="cascade",
        groups="ctsp_base.group_data_steward")
    called_at = fields.Datetime("Called At", required=True, readonly=True, default=fields.Datetime.now, index=True)
    is_test = fields.Boolean("Test", readonly=True)
    method = fields.Char(readonly=True)
    target = fields.Char("Address", required=True, readonly=True)
    dataset_id = fields.Many2one("ctsp.dataset", readonly=True, index="btree_not_null", ondelete="cascade")
    submission_id = fields.Many2one(
        "ctsp.dataset.submission", readonly=True, index="btree_not_null", ondelete="cascade")
    status = fields.Integer("HTTP", readonly=True, aggregator=None)
    code = fields.Integer(readonly=True, aggregator=None)
    message = fields.Char("Answer", readonly=True)
    reference = fields.Char("Reference", readonly=True, help="The requestId of the answer.")

    @api.model
    def _note(self, call, asked, status, body):
        """Write a call down, and what it shows about the developer's program. Superuser."""
        partner = call.credential.partner_id.commercial_partner_id
        there = call.submission and call.submission.exists()
        noted = self.create({
            "partner_id": partner.id, "credential_id": call.credential.id, "is_test": call.credential.is_sandbox,
            "method": asked.method, "target": asked.full_path.rstrip("?")[:500],
            "dataset_id": call.dataset.id if call.dataset else False,
            "submission_id": there.id if there else False, "status": status, "code": body["code"],
            "message": body["message"][:500], "reference": body["requestId"]})
        if noted.is_test and call.dataset and body["code"] == 0:
            self.env["ctsp.dataset.conformance"]._observe(partner, call.dataset, call.operation, there, body["data"])
        return noted

    @api.autovacuum
    def _gc_old(self):
        self.search([("called_at", "<", fields.Datetime.now() - timedelta(days=KEEP_DAYS))], limit=10_000).unlink()
