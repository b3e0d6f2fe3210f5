from contextlib import contextmanager

from odoo import fields, models

from odoo.addons.ctsp_base.tools.language import in_record_language

from .institution_version import MAKE_TOKEN

TRANSACTION = "ctsp_institution.versions"
"""key of what this transaction owes, in ``cr.postcommit.data``: dropped at commit and at rollback"""


class Institution(models.Model):
    """Making of versions: by an approved filing at once, otherwise once per institution at the end of a transaction.

    Odoo runs what is due before a commit at each savepoint, too. A version made there is therefore completed by
    later changes of the same transaction, which alone can see it yet; nothing touches it after the commit.
    """

    _inherit = "ctsp.institution"  # pylint: disable=consider-merging-classes-inherited

    version_number = fields.Integer("Latest Version", readonly=True, copy=False, default=0, aggregator=None)

    def _version_transaction(self):
        """Return what this transaction owes: changed institutions (id → why), why the next ones change, versions it
        made, and whether it is held.
        """
        return self.env.cr.postcommit.data.setdefault(
            TRANSACTION, {"ids": {}, "why": {}, "made": {}, "held": 0, "due": False})

    def _version_mark(self):
        """Remember that these institutions changed, so that the transaction ends with a version of each."""
        owed = self._version_transaction()
        owed["ids"].update(dict.fromkeys(self._ids, owed["why"]))
        if owed["ids"] and not owed["due"] and not owed["held"]:
            owed["due"] = True
            self.env.cr.precommit.add(self.browse()._version_flush)

    def _version_because(self, kind, origin=None, reason=None):
        """Say why the rest of this transaction changes the registry; shown on the versions of what changes from now on.

        :param kind: ``import`` or ``correction``
        :param origin: the record that caused it (an import job), None for none
        """
        self._version_transaction()["why"] = {"kind": kind, "origin": origin, "reason": reason}

    @contextmanager
    def _version_caused(self, kind, origin=None, reason=None):
        """Say why the block changes the registry; what comes after it has a reason of its own."""
        owed = self._version_transaction()
        before = owed["why"]
        self._version_because(kind, origin, reason)
        try:
            yield
        finally:
            owed["why"] = before

    @contextmanager
    def _version_held(self):
        """Put versions off until the block ends: for work on many records with savepoints of its own."""
        owed = self._version_transaction()
        owed["held"] += 1
        try:
            yield
        finally:
            owed["held"] -= 1
            self.browse()._version_mark()

    @contextmanager
    def _version_tried(self):
        """For work that is rolled back at the end of the block: nothing it touched is owed a version."""
        owed = self._version_transaction()
        ids, why = dict(owed["ids"]), owed["why"]
        owed["held"] += 1
        try:
            yield
        finally:
            owed["held"] -= 1
            owed["ids"], owed["why"] = ids, why

    def _version_flush(self):
        """Make the versions the transaction owes. Institutions not yet filed have no history."""
        owed = self._version_transaction()
        owed["due"] = False
        # whoever could change a part owes the version of the whole
        reasons, owed["ids"] = owed["ids"], {}
        institutions = self.sudo().browse(reasons).exists().filtered(lambda i: i.state != "pending")
        for institution in institutions:
            personal = {}
            content = institution._version_snapshot(personal)
            version = self.env["ctsp.institution.version"].sudo().browse(owed["made"].get(institution.id)).exists()
            if version:
                version._complete(content, personal)
            elif not institution._latest_version()._says(content, personal):
                version = institution._version_create(content, personal, **reasons[institution.id])
                owed["made"][institution.id] = version.id

    def _latest_version(self):
        """Return the latest version of one institution, empty when it has none."""
        self.ensure_one()
        return self.env["ctsp.institution.version"].search([("institution_id", "=", self.id)], limit=1)

    def _make_version(self, origin=None, reason=None, kind=None):
        """Freeze what the registry says now, at once.

        :param origin: the record that caused it (a filing), None for a correction
        :param str reason: free text
        :param kind: ``filing`` (default with an origin), ``import`` or ``correction``
        :return: the new versions, in the order of the institutions
        """
        versions = self.env["ctsp.institution.version"]
        owed = self._version_transaction()
        for institution in self:
            personal = {}
            content = institution._version_snapshot(personal)
            versions |= institution._version_create(content, personal, origin, reason, kind)
            owed["ids"].pop(institution.id, None)
            owed["made"].pop(institution.id, None)
        return versions

    def _version_snapshot(self, personal):
        """Return the content of a version of one institution; closed values go to ``personal``."""
        # a snapshot is complete whatever its author may read; the version's own rights guard it afterwards
        language = self.env.company.sudo().partner_id.lang or self.env.lang
        return self.sudo().with_context(lang=language)._version_nodes(personal)[0]

    def _version_create(self, content, personal, origin=None, reason=None, kind=None):
        """Create the next version. The counter's row makes two transactions at once impossible (one is repeated)."""
        self.sudo().version_number += 1  # the number is the registry's own, no right of the author
        self.sudo().flush_recordset(["version_number"])  # before the row whose number would be taken
        version = self.env["ctsp.institution.version"]
        # nobody may create a version but this method; see there
        return version.sudo().with_context(ctsp_version_token=MAKE_TOKEN).create({
            "institution_id": self.id,
            "number": self.sudo().version_number,
            "date": fields.Datetime.now(),
            "kind": kind or ("filing" if origin else "correction"),
            "origin_model": origin._name if origin else False,
            "origin_id": origin.id if origin else False,
            "origin_label": in_record_language(origin).display_name if origin else False,
            "reason": reason,
            "author_id": self.env.uid,
            "content": content,
            "personal": personal,
            "digest": version._digest_of(content),
        }).with_env(self.env)
