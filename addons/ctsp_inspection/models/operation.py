from odoo import fields, models


class InspectionOperation(models.Model):
    """One accepted recording on a clause: who recorded what when. Append-only.

    Its two unique indexes are the concurrency control of recording: a revision of a line is written once, and an
    operation id is written once. Rows are inserted by the recording engine in SQL; nobody has rights to write.
    """

    _name = "ctsp.inspection.operation"
    _description = "Recording on a Clause"
    _inherit = ["ctsp.inspection.part.mixin"]
    _order = "id desc"
    _log_access = False

    line_id = fields.Many2one("ctsp.inspection.line", required=True, readonly=True, ondelete="cascade")
    operation = fields.Char("Operation Id", required=True, readonly=True)
    revision = fields.Integer(required=True, readonly=True, aggregator=None)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True, ondelete="restrict")
    date = fields.Datetime("At", required=True, readonly=True)
    recorded = fields.Json("What Was Recorded", readonly=True)

    _operation_unique = models.UniqueIndex("(operation)", "This operation was written already.")
    _revision_unique = models.UniqueIndex("(line_id, revision)", "This revision was written already.")
