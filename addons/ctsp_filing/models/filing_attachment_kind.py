from odoo import fields, models


class FilingAttachmentKind(models.Model):
    """A kind of document a filing carries, and for which filings it is required. Maintained on screen."""

    _name = "ctsp.filing.attachment.kind"
    _description = "Kind of Filing Attachment"
    _order = "sequence, id"
    _integrity_fields = {1: ("code", "for_initial", "for_change", "for_specialty", "for_cancellation", "active")}

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    for_initial = fields.Boolean("First Filing", help="Required for a first filing.")
    for_change = fields.Boolean("Change", help="Required for every change.")
    for_specialty = fields.Boolean("New Specialty", help="Required for a change that adds a specialty.")
    for_cancellation = fields.Boolean("Cancellation", help="Required for a cancellation.")
    note = fields.Text("What It Must Show", translate=True)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("unique (code)", "This code is taken by another kind.")

    def _required_for(self, filing):
        """Return the kinds that ``filing`` must carry."""
        new = any(line.operation == "add" for line in filing.specialty_ids)
        return self.filtered(lambda kind: kind[f"for_{filing.kind}"] or (
            filing.kind == "change" and new and kind.for_specialty))
