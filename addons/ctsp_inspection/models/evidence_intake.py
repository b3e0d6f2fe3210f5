from odoo import api, fields, models


class InspectionEvidence(models.Model):
    """Evidence as clients send it and see it."""

    _inherit = "ctsp.inspection.evidence"

    def _record_values(self):
        """Return the rows as the recording screen and the mobile client show them."""
        return [{
            "id": row.id, "line": row.line_id.id or False, "kind": row.kind, "file_name": row.file_name,
            "size": row.size, "digest": row.digest, "author": row.author_id.name,
            "mine": row.author_id == self.env.user, "note": row.note or "",
            "place": self._where({name: row[name] for name in ("place", "latitude", "longitude")}),
            "taken_at": fields.Datetime.to_string(row.taken_at or row.received_at),
        } for row in self]

    @api.model
    def intake(self, inspection_id, values):
        """Take in a file. Public API; the upload route of the web screen calls it too.

        :param values: ``file_name``, ``data`` (base64) and optionally ``line_id``, ``taken_at``, ``latitude``,
            ``longitude``, ``place``, ``note``, ``operation`` (a UUID: sent again, the file is taken in once)
        :return: the row as :meth:`ctsp.inspection.record_open` lists it
        """
        self.env["ctsp.inspection"]._record_browse(inspection_id)
        if operation := values.get("operation"):
            known = self.search([("operation", "=", operation), ("author_id", "=", self.env.uid)])
            if known:
                return known._record_values()[0]
        return self.create({**values, "inspection_id": int(inspection_id)})._record_values()[0]
