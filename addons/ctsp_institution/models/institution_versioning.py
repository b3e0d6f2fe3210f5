from odoo import fields, models

from .institution_version import MAKE_TOKEN

PENDING = "ctsp_institution.versions"
"""key of the transaction's list of changed institutions in ``cr.precommit.data``"""


class Institution(models.Model):
    """Making of versions: by an approved filing at once, otherwise once per institution at the end of a transaction."""

    _inherit = "ctsp.institution"

    version_number = fields.Integer("Latest Version", readonly=True, copy=False, default=0, aggregator=None)

    def _version_mark(self):
        """Remember that these institutions changed, so that the transaction ends with a version of each."""
        data = self.env.cr.precommit.data
        if PENDING not in data:
            data[PENDING] = {"ids": {}, "why": {}}
            self.env.cr.precommit.add(self.browse()._version_flush)
        data[PENDING]["ids"].update(dict.fromkeys(self._ids))

    def _version_because(self, kind, origin=None, reason=None):
        """Say why this transaction changes the registry; shown on the versions made at its end.

        :param kind: ``import`` or ``correction``
        :param origin: the record that caused it (an import job), None for none
        """
        self._version_mark()
        self.env.cr.precommit.data[PENDING]["why"] = {"kind": kind, "origin": origin, "reason": reason}

    def _version_flush(self):
        """Make the versions the transaction owes. Institutions not yet filed have no history."""
        owed = self.env.cr.precommit.data.pop(PENDING, None)
        if not owed:
            return
        # whoever could change a part owes the version of the whole
        institutions = self.sudo().browse(owed["ids"]).exists().filtered(lambda i: i.state != "pending")
        institutions._make_version(**owed["why"], only_changed=True)

    def _latest_version(self):
        """Return the latest version of one institution, empty when it has none."""
        self.ensure_one()
        return self.env["ctsp.institution.version"].search([("institution_id", "=", self.id)], limit=1)

    def _make_version(self, origin=None, reason=None, kind=None, only_changed=False):
        """Freeze what the registry says now.

        :param origin: the record that caused it (a filing, an import job), None for a correction
        :param str reason: free text
        :param kind: ``filing`` (default with an origin), ``import`` or ``correction``
        :param only_changed: make none where nothing differs from the latest version
        :return: the new versions, in the order of the institutions
        """
        vals_list = []
        # a snapshot is complete whatever its author may read; the version's own rights guard it afterwards
        language = self.env.company.sudo().partner_id.lang or self.env.lang
        for institution in self.sudo().with_context(lang=language):
            personal = {}
            content = institution._version_nodes(personal)[0]
            if only_changed and institution._latest_version()._says(content, personal):
                continue
            institution.version_number += 1
            vals_list.append({
                "institution_id": institution.id,
                "number": institution.version_number,
                "date": fields.Datetime.now(),
                "kind": kind or ("filing" if origin else "correction"),
                "origin_model": origin._name if origin else False,
                "origin_id": origin.id if origin else False,
                "origin_label": origin.display_name if origin else False,
                "reason": reason,
                "author_id": self.env.uid,
                "content": content,
                "personal": personal,
                "digest": self.env["ctsp.institution.version"]._digest_of(content),
            })
        owed = self.env.cr.precommit.data.get(PENDING, {"ids": {}})
        for institution_id in self._ids:
            owed["ids"].pop(institution_id, None)
        versions = self.env["ctsp.institution.version"].sudo().with_context(ctsp_version_token=MAKE_TOKEN)
        return versions.create(vals_list).with_env(self.env)
