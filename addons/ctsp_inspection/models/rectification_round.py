from odoo import api, fields, models


class RectificationRound(models.Model):
    """One answer as it was handed in, and what the inspectors said to it. Written by the steps alone, kept for good."""

    _name = "ctsp.rectification.round"
    _description = "Answer to a Finding"
    _inherit = ["ctsp.owned.mixin"]
    _order = "rectification_id, number desc"
    _rec_name = "number"
    _desk_parent = "rectification_id"
    _desk_hidden = ("decided_by",)
    _integrity_fields = {1: (
        "rectification_id", "number", "handed_in_at", "cause", "correction", "prevention", "date_done", "files",
        "result", "reason", "decided_at", "decided_by")}

    rectification_id = fields.Many2one(
        "ctsp.rectification", required=True, readonly=True, index=True, ondelete="restrict")
    number = fields.Integer("Answer No.", required=True, readonly=True, aggregator=None)
    handed_in_at = fields.Datetime("Handed In On", readonly=True)
    cause = fields.Text("Root Cause", readonly=True)
    correction = fields.Text("Corrective Action", readonly=True)
    prevention = fields.Text("Preventive Action", readonly=True)
    date_done = fields.Date("Carried Out On", readonly=True)
    files = fields.Text("Files and Digests", readonly=True)
    result = fields.Selection([("accepted", "Accepted"), ("returned", "Returned")], readonly=True)
    reason = fields.Text("What the Inspectors Said", readonly=True)
    decided_at = fields.Datetime("Decided On", readonly=True)
    decided_by = fields.Many2one("res.users", readonly=True)

    _number_unique = models.Constraint("UNIQUE(rectification_id, number)", "This answer exists already.")

    @api.model
    def _open(self, item):
        """Freeze what ``item`` says now as its next round. Called as superuser by the step."""
        return self.create({
            "rectification_id": item.id, "number": len(item.round_ids) + 1, "handed_in_at": item.answered_at,
            "cause": item.cause, "correction": item.correction, "prevention": item.prevention,
            "date_done": item.date_done,
            "files": "\n".join(f"{row.file_name}  SM3 {row.digest}" for row in item.file_ids),
        })

    def _close(self, result, reason, user):
        """Write what was decided on the round. Called as superuser by the step."""
        self.write({
            "result": result, "reason": reason, "decided_at": fields.Datetime.now(), "decided_by": user.id})
