from odoo import api, fields, models
from odoo.exceptions import UserError

NAMELESS = (UserError, ValueError, LookupError, TypeError, AttributeError)

class IntegrityIssue(models.Model):
    """What a verification found: the row, and the field where one was changed."""

    _name = "ctsp.integrity.issue"
    _description = "Finding about Important Data"
    _inherit = ["ctsp.export.mixin"]
    _order = "id"

    verification_id = fields.Many2one("ctsp.integrity.verification", index=True, ondelete="cascade", readonly=True)
    kind = fields.Selection(
        [("altered", "Altered"), ("added", "Row Put In"), ("missing", "Row Gone"),
         ("rolled_back", "Older State Put Back"), ("evidence", "Evidence Altered"),
         ("signature", "Signature Does Not Hold"), ("seal", "Seal Altered"), ("cut", "End Cut Off"),
         ("checkpoint", "Checkpoint Unreadable"), ("manifest", "Number of Rows Differs")],
        required=True, readonly=True, index=True)
    model = fields.Char("Technical Name", readonly=True)
    model_label = fields.Char("Kind of Record", compute="_compute_labels")
    res_id = fields.Integer("Record ID", readonly=True, aggregator=None)
    record_name = fields.Char("Record", readonly=True)
    field_name = fields.Char("Column", readonly=True)
    field_label = fields.Char("Field", compute="_compute_labels")
    revision = fields.Integer(readonly=True, aggregator=None)

    @api.depends("model", "field_name")
    def _compute_labels(self):
        for issue in self:
            model = self.env.get(issue.model) if issue.model else None
            issue.model_label = issue.model if model is None else self.env["ctsp.integrity"]._model_label(issue.model)
            field = model._fields.get(issue.field_name) if model is not None and issue.field_name else None
            issue.field_label = field._description_string(self.env) if field else issue.field_name

    @api.model
    def _values(self, found):
        """Return the values of a row for a finding of ``tools.evidence`` or of the chain."""
        return {
            "kind": found.kind, "model": found.model, "res_id": found.res_id, "field_name": found.name,
            "revision": found.revision or 0, "record_name": self._name_of(found)}

    @api.model
    def _name_of(self, found):
        """Return a name that people know the row by, nothing where it would tell personal data."""
        record = self.env[found.model].sudo().browse(found.res_id).exists() if found.model in self.env else None
        if not record:
            return False
        shown = record._rec_name
        if not shown or shown in getattr(record, "_personal_fields", {}):
            return False
        try:
            return record.with_context(active_test=False).display_name
        except NAMELESS:  # what was altered may not even have a name any more
            return False
