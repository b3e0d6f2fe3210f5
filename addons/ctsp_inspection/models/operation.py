from odoo import fields, models

from ..tools.operations import part


class InspectionOperation(models.Model):
    """One accepted recording on a clause, a conclusion or the account of an inspection: who recorded what when.

    Append-only. Its unique indexes are the concurrency control of recording: a revision is written once, and an
    operation id is written once. Rows are inserted by the recording engine in SQL; nobody has rights to write.
    """

    _name = "ctsp.inspection.operation"
    _description = "Recording on an Inspection"
    _inherit = ["ctsp.inspection.part.mixin"]
    _order = "id desc"
    _log_access = False

    line_id = fields.Many2one("ctsp.inspection.line", readonly=True, ondelete="cascade")
    part = fields.Char(readonly=True, help="What was recorded on where it is no clause: account or conclusion:<id>.")
    operation = fields.Char("Operation Id", required=True, readonly=True)
    revision = fields.Integer(required=True, readonly=True, aggregator=None)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True, ondelete="restrict")
    date = fields.Datetime("At", required=True, readonly=True)
    recorded = fields.Json("What Was Recorded", readonly=True)

    _operation_unique = models.UniqueIndex("(operation)", "This operation was written already.")
    _revision_unique = models.UniqueIndex("(line_id, revision)", "This revision was written already.")
    _part_revision_unique = models.UniqueIndex(
        "(inspection_id, part, revision) WHERE part IS NOT NULL", "This revision was written already.")

    def _is_of(self, operation, inspection):
        """Say whether this is what the user recorded by ``operation``, as parsed."""
        on = self.line_id.id == operation["target"] if operation["on"] == "line" else self.part == part(operation)
        return on and self.user_id.id == self.env.uid and self.inspection_id.id == inspection.id
