from odoo import api, fields, models

from odoo.addons.ctsp_risk.models.risk_alert import OPEN_STATES


class RiskAlert(models.Model):
    """Alerts about the lines to other systems."""

    _inherit = "ctsp.risk.alert"

    source = fields.Selection(selection_add=[("exchange", "Data Exchange")], ondelete={"exchange": "set default"})

    @api.model
    def _tell_stewards(self, rows):
        """Raise alerts for data stewards; what is open already says how things are now.

        :param rows: as of :meth:`_raise`; what an analyst dismissed stays silent until it is resolved
        """
        role = self.env.ref("ctsp_base.group_data_steward").id
        rows = [{"source": "exchange", "level": "warning", "role_id": role, **row} for row in rows]
        texts = {row["key"]: row["name"] for row in rows}
        for alert in self._raise(rows, watched=True).sudo():  # sudo: the engine's own alerts
            values = {"name": texts[alert.dedup_key]} if alert.name != texts[alert.dedup_key] else {}
            if not alert.role_id:  # from before there was one
                values["role_id"] = role
            if values:
                alert.write(values)

    @api.model
    def _exchange_keys(self, *kinds):
        """Return the keys of alerts of these ``kinds`` (``exchange:<kind>:<id>``) that are open or dismissed."""
        alerts = self.sudo().search([  # sudo: as above
            ("source", "=", "exchange"), ("dedup_key", "=like", "exchange:%"),
            "|", ("state", "in", OPEN_STATES), ("muted", "=", True)])
        return {key for key in alerts.mapped("dedup_key") if key.split(":")[1] in kinds}
