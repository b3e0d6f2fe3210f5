from odoo import api, models, tools
from odoo.tools import SQL

from odoo.addons.ctsp_audit.tools import nudge

from ..tools import evidence
from ..tools.protection import Map

TOUCHED, FORMER = "ctsp_integrity.touched", "ctsp_integrity.former"
CHUNK = 2000  # rows in one batch
MAC = "integrity.mac"
COLUMNS = SQL(", ").join(map(SQL.identifier, evidence.Entry._fields))
CREATED, REMOVED = "*", "-"  # in place of names of fields


class Integrity(models.AbstractModel):
    """Keeps the evidence of protected rows: what the platform changed, it has written down with a keyed code.

    Rows of classes with ``_integrity_fields`` are noted where the ORM writes them (``base``) and put down when the
    transaction flushes, one batch for each model. Only fields the platform itself changed get a new digest: what
    another hand changed beside them keeps its old one, and is still found.
    """

    _name = "ctsp.integrity"
    _description = "Integrity"

    @api.model
    @tools.ormcache(cache="stable")
    def _map(self):
        return Map(self.env)

    # -- noting ------------------------------------------------------------------------------------------------------

    @api.model
    def _touch(self, model, ids, names):
        """Note that the platform changes ``names`` of rows; for changes by SQL of the platform's own, call it as well.

        :param names: names of protected fields, :data:`CREATED` or :data:`REMOVED`
        """
        callbacks = self.env.cr.precommit
        if TOUCHED not in callbacks.data:
            callbacks.data[TOUCHED] = {}
            callbacks.add(self.env(su=True)["ctsp.integrity"]._flush_touched)
        rows = callbacks.data[TOUCHED].setdefault(model, {})
        for res_id in ids:
            rows.setdefault(res_id, set()).update((names,) if isinstance(names, str) else names)

    @api.model
    def _flush_touched(self, only=None):
        """Put down what was noted; with a name of a model only its rows: others may still get a signature."""
        if not self.pool.ready and not self.env["ctsp.crypto.purpose"]._facts(MAC):
            return  # this addon is being installed: what is there at its end is the beginning of the evidence
        noted = self.env.cr.precommit.data
        if only:
            touched = {only: noted[TOUCHED].pop(only)} if only in noted.get(TOUCHED, ()) else {}
        else:
            touched = noted.pop(TOUCHED, {})
        try:
            for model, rows in touched.items():
                if model in self._map().models:
                    self._put_down_touched(model, rows)
        except BaseException:  # who catches it must not get rows saved without evidence: they stay noted
            for model, rows in touched.items():
                for res_id, names in rows.items():
                    self._touch(model, [res_id], names)
            raise

    @api.model
    def _put_down_touched(self, model, rows):
        self._drop_altered(model, rows)
        former = self.env.cr.precommit.data.get(FORMER, {})
        cells, ids = former.get(model, {}), sorted(rows)
        for start in range(0, len(ids), CHUNK):
            part = {res_id: rows[res_id] for res_id in ids[start:start + CHUNK]}
            self._put_down(model, part, former={cell: text for cell, text in cells.items() if cell[0] in part})
        former.pop(model, None)

    # -- putting down ------------------------------------------------------------------------------------------------

    @api.model
    def _put_down(self, model, rows, cause="change", former=None):
        """Append a revision for each of ``rows`` (``{id: names}``) that says something new. Return their number.

        A row whose newest evidence is not the platform's gets none: it stays a finding.

        :param former: ``{(id, name): text}`` of columns before the change (:meth:`_look_before`)
        """
        protection = self._map().models[model]
        if any(names & protection.links.keys() for names in rows.values()):
            self._meet_other_writers(protection, rows)
        latest = self._latest(model, SQL("res_id = ANY(%s)", list(rows)))
        forged = self._check_former(protection, former or {}, latest)
        present = protection.values(
            self.env, SQL("t.id = ANY(%s)", list(rows)), self._names_to_read(protection, rows, latest))
        drafts = [draft for res_id, names in rows.items() if res_id not in forged
                  if (draft := self._draft(protection, res_id, names, latest.get(res_id), present.get(res_id)))]
        self._digest(protection, drafts)
        drafts = [draft for draft in drafts if draft["digests"] != draft["before"]]
        self._append(protection, drafts, cause)
        return len(drafts)

    @api.model
    def _meet_other_writers(self, protection, rows):
        """Two transactions that link the same row at once must not both believe they see all links: one is retried."""
        self.env.cr.execute(SQL(
            "UPDATE %s SET id = id WHERE id = ANY(%s)", SQL.identifier(protection.table), list(rows)))

    @api.model
    def _draft(self, protection, res_id, names, last, values):
        """Return what a new revision of a row begins with, None when there is nothing to put down."""
        alive = last is not None and not last.removed
        if values is None:
            if not alive or REMOVED not in names:
                return None
            return self._blank(res_id, last, True, {}, {})
        if not alive and CREATED not in names:
            return None  # not made by the platform: stays a foreign row
        kept = self._kept(protection, names, last) if alive else {}
        fresh = {name: values[name] for name in protection.names if name not in kept}
        return self._blank(res_id, last, False, kept, fresh) | {"values": values}

    @api.model
    def _kept(self, protection, names, last):
        """Return ``{name: digest}`` that a new revision takes from the one before: what the platform did not change."""
        kept = evidence.by_name(last, protection.versions.get(last.version, ()))
        return {name: digest for name, digest in kept.items() if name not in names and name in protection.names}

    @api.model
    def _names_to_read(self, protection, rows, latest):
        """Return the names whose values some of ``rows`` need; a signature covers all of them."""
        wanted = set(protection.names) if protection.signed else set()
        for res_id, names in rows.items():
            last = latest.get(res_id)
            kept = self._kept(protection, names, last) if last and not last.removed else ()
            wanted.update(name for name in protection.names if name not in kept)
        return wanted

    @api.model
    def _blank(self, res_id, last, removed, kept, fresh):
        return {
            "res_id": res_id, "revision": last.revision + 1 if last else 1, "removed": removed, "kept": kept,
            "fresh": fresh, "key_version": last.key_version if last and kept else None,
            "before": None if last is None or last.removed or removed else (last.version, last.digests)}

    @api.model
    def _digest(self, protection, drafts):
        """Compute the digests of fresh values, one call for each version of the key."""
        for version in {draft["key_version"] for draft in drafts}:
            part = [draft for draft in drafts if draft["key_version"] == version]
            messages = [evidence.field_message(draft["res_id"], name, text)
                        for draft in part for name, text in draft["fresh"].items()]
            made = self.env["ctsp.crypto"]._mac(MAC, messages, protection.model, version)
            codes = iter(made.values)
            for draft in part:
                found = draft["kept"] | {name: next(codes).hex()[:evidence.SIZE] for name in draft["fresh"]}
                text = "" if draft["removed"] else "".join(found[name] for name in protection.names)
                draft["digests"], draft["key_version"] = (protection.version, text), made.version

    @api.model
    def _append(self, protection, drafts, cause):
        """Write ``drafts`` as new entries, with their codes and, where the row's state asks for it, a signature."""
        if not drafts:
            return
        self.env["ctsp.integrity.signature"]._sign_drafts(protection, drafts)
        for draft in drafts:
            draft["entry"] = evidence.Entry(
                draft["res_id"], draft["revision"], protection.version, draft["removed"], draft["digests"][1], "", 0,
                draft.get("signature"), draft.get("signature_key"), draft.get("signer"))
        for version in {draft["key_version"] for draft in drafts}:
            part = [draft for draft in drafts if draft["key_version"] == version]
            made = self.env["ctsp.crypto"]._mac(
                MAC, [evidence.entry_message(protection.model, draft["entry"]) for draft in part], protection.model,
                version)
            for draft, code in zip(part, made.values):
                draft["entry"] = draft["entry"]._replace(mac=code.hex(), key_version=made.version)
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_integrity_entry (model, cause, %s) VALUES %s", COLUMNS,
            SQL(", ").join(SQL("%s", (protection.model, cause, *draft["entry"])) for draft in drafts)))
        if self.pool.ready:
            nudge.after_commit(self.env.cr)

    @api.model
    def _latest(self, model, condition):
        """Return ``{id: Entry}``, the newest revision of each row that fulfils ``condition`` (SQL on the entries)."""
        self.env.cr.execute(SQL(
            "SELECT DISTINCT ON (res_id) %s FROM ctsp_integrity_entry WHERE model = %s AND %s"
            " ORDER BY res_id, revision DESC", COLUMNS, model, condition))
        return {row[0]: evidence.Entry(*row) for row in self.env.cr.fetchall()}

    # -- what the ORM does -------------------------------------------------------------------------------------------

    @api.model
    def _before_removal(self, model, ids):
        """Note ``ids`` and what the database removes or empties with them."""
        mapped, todo, seen = self._map(), [(model, tuple(ids))], set()
        while todo:
            name, gone = todo.pop()
            if (name, gone) in seen or not gone:
                continue
            seen.add((name, gone))
            if name in mapped.models:
                self._look_before(name, dict.fromkeys(gone, mapped.models[name].watched))
                self._touch(name, gone, REMOVED)
            self._touch_linked(name, gone)
            for below, column, emptied in mapped.below.get(name, ()):
                self.env.cr.execute(SQL(
                    "SELECT id FROM %s WHERE %s = ANY(%s)", SQL.identifier(self.env[below]._table),
                    SQL.identifier(column), list(gone)))
                found = tuple(row[0] for row in self.env.cr.fetchall())
                if emptied:
                    self._look_before(below, dict.fromkeys(found, frozenset((emptied,))))
                    self._touch(below, found, (emptied,))
                else:
                    todo.append((below, found))
