from odoo import fields, models


class TrialParty(models.Model):
    """A party to a trial outside the institutions, and its role (临床试验参与各方)."""

    _name = "ctsp.trial.party"
    _description = "Party to a Trial"
    _inherit = ["ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "trial_id, sequence, id"
    _rec_name = "organization_id"
    _import_part_of = "ctsp.trial"
    _import_keys = (("trial_id", "organization_id", "role"),)
    _import_fields = ("trial_id", "organization_id", "role", "duties", "sequence")
    _import_headers = {"organization_id": ("申办者", "参与方", "参与方名称"), "role": ("参与方角色", "参与方类型")}

    trial_id = fields.Many2one("ctsp.trial", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    organization_id = fields.Many2one("ctsp.organization", required=True, index=True, ondelete="restrict")
    role = fields.Selection([
        ("sponsor", "Sponsor"), ("cro", "CRO"), ("smo", "SMO"), ("data", "Data Management"),
        ("statistics", "Statistics"), ("laboratory", "Central Laboratory"),
        ("other", "Other Service")], required=True, default="sponsor")
    duties = fields.Char()

    _party_unique = models.Constraint(
        "UNIQUE(trial_id, organization_id, role)", "This party is already listed with this role.")
