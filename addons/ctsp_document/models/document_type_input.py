from odoo import fields, models


class DocumentTypeInput(models.Model):
    """A text typed into each paper of a type, e.g. what was found on the spot; ``input.<code>`` in templates."""

    _name = "ctsp.document.type.input"
    _description = "Text to Fill In"
    _order = "sequence, id"
    _integrity_fields = {1: ("type_id", "code", "required", "initial")}

    type_id = fields.Many2one("ctsp.document.type", required=True, index=True, ondelete="cascade")
    name = fields.Char("Label", required=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    required = fields.Boolean()
    sample = fields.Text(help="Shown in the preview of a template.")
    initial = fields.Text("Begins With", help="Text a new paper begins with.")

    _code_unique = models.Constraint("unique (type_id, code)", "This code is taken.")
