import logging

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
START = 0  # res_id of the entry that says since when a model is protected
CHUNK = 2000


class IntegrityBaseline(models.AbstractModel):
    """Beginnings of evidence: rows that were there before their class was protected, and rows that an update of
    modules changed before this addon was loaded. Both are written down in the log; nothing else is taken as it is.
    """

    _inherit = "ctsp.integrity"

    def _register_hook(self):
        super()._register_hook()
        if self.pool.updated_modules and self.env["ctsp.crypto.purpose"]._facts("integrity.mac"):
            self.env.flush_all()
            self._begin()
            self._accept_update(self.pool.updated_modules)

    @api.model
    def _begun(self):
        """Return the models that are protected already."""
        self.env.cr.execute(SQL("SELECT model FROM ctsp_integrity_entry WHERE res_id = %s", START))
        return {row[0] for row in self.env.cr.fetchall()}

    @api.model
    def _is_begun(self, model):
        self.env.cr.execute(SQL(
            "SELECT FROM ctsp_integrity_entry WHERE model = %s AND res_id = %s LIMIT 1", model, START))
        return bool(self.env.cr.rowcount)

    @api.model
    def _begin(self):
        """Put down all rows of models that are not protected yet."""
        begun = self._begun()
        for model, protection in self._map().models.items():
            if model in begun:
                self._extend(protection)
                continue
            count = self._begin_model(protection)
            self._append(protection, [self._blank(START, None, False, {}, {}) | {
                "digests": (protection.version, ""), "values": {}}], "baseline")
            self.env["ctsp.audit.port"]._log("integrity.begun", None, model=model, rows=count)
            _logger.info("%s is protected from now on: %s rows", model, count)

    @api.model
    def _extend(self, protection):
        """Cover what a longer list of fields names since: rows put down under an older one get a revision more, in
        which what the older one named keeps its digests.
        """
        older = [protection.versions[version] for version in protection.versions if version < protection.version]
        if not older:
            return
        self.env.cr.execute(SQL(
            "SELECT res_id FROM (SELECT DISTINCT ON (res_id) res_id, version, removed FROM ctsp_integrity_entry"
            " WHERE model = %s AND res_id > 0 ORDER BY res_id, revision DESC) e WHERE version < %s AND NOT removed",
            protection.model, protection.version))
        ids, names = [row[0] for row in self.env.cr.fetchall()], set(protection.names).difference(*older)
        for start in range(0, len(ids), CHUNK):
            self._put_down(protection.model, dict.fromkeys(ids[start:start + CHUNK], names), "extended")
        if ids:
            self.env["ctsp.audit.port"]._log("integrity.begun", None, model=protection.model, rows=len(ids))

    @api.model
    def _begin_model(self, protection):
        after, count = 0, 0
        while True:
            self.env.cr.execute(SQL(
                "SELECT id FROM %s t WHERE id > %s AND %s AND NOT EXISTS ("
                " SELECT FROM ctsp_integrity_entry e WHERE e.model = %s AND e.res_id = t.id) ORDER BY id LIMIT %s",
                SQL.identifier(protection.table), after, protection.rows, protection.model, CHUNK))
            ids = [row[0] for row in self.env.cr.fetchall()]
            if not ids:
                return count
            after = ids[-1]
            count += self._put_down(protection.model, {res_id: {"*"} for res_id in ids}, "baseline")

    @api.model
    def _sign_again(self, model, ids):
        """Put rows that agree with their evidence down once more, now with a signature."""
        bad = {found.res_id for found in self._check(model, ids)}
        protection, latest = self._map().models[model], self._latest(model, SQL("res_id = ANY(%s)", list(ids)))
        present = protection.values(self.env, SQL("t.id = ANY(%s)", list(ids)))
        drafts = [
            self._blank(res_id, entry, False, {}, {}) | {
                "values": present[res_id], "digests": (entry.version, entry.digests), "key_version": entry.key_version}
            for res_id, entry in latest.items()
            if res_id not in bad and res_id in present and entry.version == protection.version]
        self._append(protection, drafts, "signed")

    @api.model
    def _rekey(self, model, after, limit):
        """Put the evidence of the next rows down under the key in use, where it holds under the older one.

        Rows that somebody is writing wait for the next round; who comes for one meanwhile is made to try again.

        :return: ``(rows done, rows that do not agree and stay, last id or None at the end)``
        """
        self.env.flush_all()
        self._flush_touched()
        protection = self._map().models[model]
        self.env.cr.execute(SQL(
            "SELECT DISTINCT res_id FROM ctsp_integrity_entry WHERE model = %s AND res_id > %s ORDER BY res_id"
            " LIMIT %s", model, after, limit))
        ids = [row[0] for row in self.env.cr.fetchall()]
        version = self.env["ctsp.crypto"]._mac("integrity.mac", [], model).version
        latest = self._latest(model, SQL("res_id = ANY(%s)", self._at_rest(protection, ids)))
        old = {res_id: entry for res_id, entry in latest.items() if entry.key_version != version}
        bad = {found.res_id for found in self._check(model, list(old))} if old else set()
        present = protection.values(self.env, SQL("t.id = ANY(%s)", list(old)))
        drafts = []
        for res_id, entry in old.items():
            if res_id in bad:
                continue
            fresh = {} if entry.removed else {name: present[res_id][name] for name in protection.names}
            drafts.append(self._blank(res_id, entry, entry.removed, {}, fresh) | {"values": present.get(res_id, {})})
        self._digest(protection, drafts)
        self._meet_other_writers(protection, [draft["res_id"] for draft in drafts])
        self._append(protection, drafts, "rekeyed")
        return len(drafts), len(bad), ids[-1] if len(ids) == limit else None

    @api.model
    def _at_rest(self, protection, ids):
        """Keep rows from others until the end of the transaction; return those, and the ones that are gone."""
        table = SQL.identifier(protection.table)
        self.env.cr.execute(SQL("SELECT id FROM %s WHERE id = ANY(%s)", table, ids))
        there = {row[0] for row in self.env.cr.fetchall()}
        self.env.cr.execute(
            SQL("SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED", table, ids),
            log_exceptions=False)  # what was committed since this transaction began: the range is done again
        return [*(row[0] for row in self.env.cr.fetchall()), *(res_id for res_id in ids if res_id not in there)]

    @api.model
    def _known(self, model):
        """Return ``{identity: (id, kind, field)}`` of what is there since the rows were last put down."""
        self.env.cr.execute(SQL(
            """SELECT coalesce(i.identity, i.id::text), i.res_id, i.kind, i.field_name FROM ctsp_integrity_issue i
                WHERE i.model = %s AND i.gone_on IS NULL AND NOT EXISTS (
                      SELECT FROM ctsp_integrity_entry e
                       WHERE e.model = i.model AND e.res_id = i.res_id AND e.date > i.last_date)""", model))
        return {identity: tuple(found) for identity, *found in self.env.cr.fetchall()}

    @api.model
    def _owned_by(self, modules):
        """Return ``[(model, ids, of these the ones an update does not write)]`` of rows that ``modules`` own."""
        return self.env.execute_query(SQL(
            "SELECT model, array_agg(DISTINCT res_id), array_agg(DISTINCT res_id) FILTER (WHERE noupdate)"
            " FROM ir_model_data WHERE module = ANY(%s) AND model = ANY(%s) GROUP BY model",
            list(modules), list(self._map().models)))

    @api.model
    def _accept_update(self, modules):
        """Put down what an update of ``modules`` did to its own rows while this addon was not loaded yet.

        Only rows that these modules own by an external identifier, and changes of those only that an update writes at
        all (translations are loaded for every row); whatever else differs stays a finding, and so does what was one.
        """
        for model, ids, kept in self._owned_by(modules):
            kept, rows, known = set(kept or ()), {}, set(self._known(model).values())
            findings = [found for found in self._check(model, ids)
                        if (found.res_id, found.kind, found.name) not in known and (
                            found.kind == "added" or found.name in self.env[model]._integrity_spoken
                            or (found.kind in ("altered", "missing") and found.res_id not in kept))]
            for found in findings:
                names = {"altered": {found.name}, "added": {"*"}, "missing": {"-"}}[found.kind]
                rows.setdefault(found.res_id, set()).update(names)
            if rows:
                self._put_down(model, rows, "update")
                self.env["ctsp.audit.port"]._log(
                    "integrity.accepted", self.env[model].browse(rows), modules=sorted(modules)[:50],
                    fields=sorted({found.name for found in findings if found.name}))
