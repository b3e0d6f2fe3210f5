from odoo import api, fields, models

from ..tools import seal_report


class AuditHostCheckpoint(models.Model):
    """A checkpoint of a host that the platform was told of."""

    _name = "ctsp.audit.host.checkpoint"
    _description = "Checkpoint of a Host"
    _order = "sequence desc"
    _rec_name = "sequence"

    host_id = fields.Many2one("ctsp.audit.host", required=True, index=True, ondelete="cascade", readonly=True)
    sequence = fields.Integer("Checkpoint", required=True, readonly=True, aggregator=None)
    digest = fields.Char("SM3", required=True, readonly=True)
    create_date = fields.Datetime("Seen At", readonly=True)

    _sequence_unique = models.Constraint("UNIQUE(host_id, sequence)", "This checkpoint is known already.")

    @api.model
    def _keep(self, host, sequence, digest):
        """Keep a checkpoint; return whether it contradicts those seen before, and is therefore not kept."""
        if not sequence:
            return False
        newest = self.search([("host_id", "=", host.id)], limit=1)
        same = self.search([("host_id", "=", host.id), ("sequence", "=", sequence)])
        if seal_report.went_back({one.sequence: one.digest for one in newest | same}, sequence, digest):
            return True
        if not same:
            self.create({"host_id": host.id, "sequence": sequence, "digest": digest})
            self.env["ctsp.audit.port"]._log("seal.checkpoint", host, host=host.name, sequence=sequence, digest=digest)
        return False
