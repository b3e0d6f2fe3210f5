
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools.language import in_record_language


class InspectorCertificate(models.Model):
    """A certificate of an inspector with its validity; kinds marked ``required`` must be valid to inspect."""

    _name = "ctsp.inspector.certificate"
    _description = "Certificate of an Inspector"
    _inherit = ["ctsp.expiry.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "inspector_id, valid_to desc, id"
    _rec_names_search = ["number"]
    _expiry_parameter = "inspection.certificate_warning_days"
    _import_part_of = "ctsp.inspector"
    _import_keys = (("kind_id", "number"),)
    _import_fields = ("inspector_id", "kind_id", "number", "issuer", "date_issued", "valid_to")
    _import_headers = {"inspector_id": ("检查员", "姓名"), "number": ("证号", "证件编号"), "date_issued": ("发证日期",)}
    _integrity_fields = {1: ("inspector_id", "kind_id", "number", "issuer", "date_issued", "valid_to")}

    inspector_id = fields.Many2one("ctsp.inspector", required=True, index=True, ondelete="cascade")
    kind_id = fields.Many2one(
        "ctsp.dictionary.item", "Certificate", required=True, index=True, ondelete="restrict",
        domain="[('dictionary_code', '=', 'inspector_certificate')]")
    number = fields.Char("Certificate No.", required=True)
    issuer = fields.Char("Issued By")
    date_issued = fields.Date("Issued On")
    valid_to = fields.Date(index=True)

    _number_unique = models.Constraint(
        "UNIQUE(kind_id, number)", "A certificate of this kind and number is registered already.")

    @api.depends("kind_id", "number")
    def _compute_display_name(self):
        for row in self:
            row.display_name = " ".join(filter(None, (row.kind_id.name, row.number)))

    @api.constrains("date_issued", "valid_to")
    def _check_dates(self):
        for row in self:
            if row.date_issued and row.valid_to and row.valid_to < row.date_issued:
                raise ValidationError(self.env._(
                    "Certificate %(number)s: “Valid To” lies before “Issued On”.", number=row.number))

    # ------------------------------------------------------------------
    # Alerts
    # ------------------------------------------------------------------
    def _alert_key(self):
        return f"inspector.certificate:{self.id}"

    @api.model
    def _cron_watch(self):
        """Raise an alert for each certificate in use that expires soon or has expired; close those of renewed ones."""
        alerts = self.env["ctsp.risk.alert"]
        due = self.search([("expiry_state", "in", ("expiring", "expired")), ("inspector_id.active", "=", True)])
        due = due.filtered(lambda row: not row._renewed())
        raised = alerts.search([
            ("dedup_key", "=like", "inspector.certificate:%"),
            "|", ("state", "in", ("new", "assigned")), ("muted", "=", True)])
        keys = {row._alert_key() for row in due}
        alerts._resolve(set(raised.mapped("dedup_key")) - keys)
        alerts._raise([row._alert_row() for row in in_record_language(due)], watched=True)

    def _renewed(self):
        """Say whether the inspector holds a later certificate of the same kind."""
        others = self.inspector_id.certificate_ids.filtered(lambda row: row.kind_id == self.kind_id) - self
        return any(not row.valid_to or row.valid_to > self.valid_to for row in others)

    def _alert_row(self):
        text = self.env._("Certificate of %(inspector)s has expired: %(certificate)s") \
            if self.expiry_state == "expired" \
            else self.env._("Certificate of %(inspector)s expires soon: %(certificate)s")
        return {
            "key": self._alert_key(),
            "record": self.inspector_id,
            "name": text % {"inspector": self.inspector_id.name, "certificate": self.display_name},
            "level": "warning",
            "source": "deadline",
            "role_id": self.env.ref("ctsp_base.group_planner").id,
            "date_deadline": self.valid_to,
        }
