from odoo import api, models
from odoo.exceptions import UserError


class LawReader(models.Model):
    """What the reader shows of a version: its articles by chapter, with the clauses that rest on each."""

    _inherit = "ctsp.law.version"  # pylint: disable=consider-merging-classes-inherited; see the file's title

    @api.model
    def read_version(self, version_id):
        """Return everything the reader needs of one version; the rights of the user decide."""
        version = self.browse(int(version_id)).exists()
        if not version:
            raise UserError(self.env._("This version of the law is not there any more."))
        version.check_access("read")
        law = version.law_id
        return {
            "id": version.id, "law": law.name, "issuer": law.issuer or "", "version": version.name,
            "number": version.number or "", "status": version.status, "status_label": version._label("status"),
            "issued": version._day("date_issued"), "from": version._day("date_from"), "to": version._day("date_to"),
            "replaced_by": version.replaced_by_id.display_name or "", "coverage": version.coverage,
            "source": version.source or "", "note": version.note or "",
            "versions": [
                {"id": other.id, "name": other.name, "number": other.number or "", "status": other._label("status")}
                for other in law.version_ids],
            "articles": [article._reader_row() for article in version.article_ids],
        }

    def _label(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _day(self, name):
        return self[name].isoformat() if self[name] else ""
