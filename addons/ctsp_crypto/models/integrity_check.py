from odoo import api, models
from odoo.tools import SQL

from ..tools import evidence
from .integrity import COLUMNS


class IntegrityCheck(models.AbstractModel):
    """Compares protected rows with their evidence, and the evidence with the seals over it."""

    _inherit = "ctsp.integrity"

    @api.model
    def _check(self, model, ids):
        """Compare rows with their evidence: a list of :class:`~..tools.evidence.Finding`."""
        self.env.flush_all()
        self._flush_touched(model)
        return self._compare(
            self._map().models[model], SQL("t.id = ANY(%s)", list(ids)), SQL("res_id = ANY(%s)", list(ids)))

    @api.model
    def _check_all(self, model):
        """Compare all rows of a small table with their evidence: rows that were taken away are found as well."""
        self.env.flush_all()
        self._flush_touched(model)
        return self._compare(self._map().models[model], SQL("TRUE"), SQL("TRUE"))

    @api.model
    def _agreeing(self, records):
        """Return the records that are as the platform wrote them; all, where their class is not protected."""
        if not records or records._name not in self._map().models:
            return records
        bad = {found.res_id for found in self._check(records._name, records.ids)}
        return records.filtered(lambda record: record.id not in bad)

    @api.model
    def _as_put_down(self, model, ids, name, candidates):
        """Return ``{id: candidate}``: which value the evidence says a field had, of rows that are altered or gone.

        :param candidates: ``{value: its text in the database}``; evidence holds digests, so they are tried
        """
        protection, found = self._map().models[model], {}
        for res_id, entry in self._latest(model, SQL("res_id = ANY(%s)", list(ids))).items():
            kept = evidence.by_name(entry, protection.versions.get(entry.version, ())).get(name)
            codes = self.env["ctsp.crypto"]._mac("integrity.mac", [
                evidence.field_message(res_id, name, text) for text in candidates.values()], model, entry.key_version)
            for value, code in zip(candidates, codes.values):
                if code.hex()[:evidence.SIZE] == kept:
                    found[res_id] = value
        return found

    @api.model
    def _compare(self, protection, rows, entries):
        """Compare rows and entries that two conditions choose, with what the seals list."""
        latest = {res_id: entry for res_id, entry in self._latest(protection.model, entries).items() if res_id}
        present, sealed = protection.values(self.env, rows), self._sealed(protection.model, entries)
        findings = self._compare_entries(protection, latest, sealed)
        bad, outside = {found.res_id for found in findings}, self._outside(protection, latest, present)
        known = set()
        for res_id, entry in latest.items():
            if res_id not in bad and entry.removed == (res_id in present) and res_id not in outside:
                findings.append(evidence.Finding("added" if entry.removed else "missing", protection.model, res_id))
            elif res_id not in bad and not entry.removed:
                known.add(res_id)
        findings += [evidence.Finding("added", protection.model, res_id)
                     for res_id in present if res_id not in latest and res_id not in bad]
        findings += self._compare_values(protection, {res_id: latest[res_id] for res_id in known}, present | outside)
        seen = {found.res_id for found in findings}
        findings += [evidence.Finding("missing", protection.model, res_id) for res_id in outside if res_id not in seen]
        return self._told_apart(protection, findings, latest, present)

    @api.model
    def _outside(self, protection, latest, present):
        """Return the values of rows that another hand took out of the protected ones of their table: the field that
        did it is named.
        """
        gone = [res_id for res_id, entry in latest.items() if not entry.removed and res_id not in present]
        if not gone or not protection.partial:
            return {}
        return protection.values(self.env, SQL("t.id = ANY(%s)", gone), rows=SQL("TRUE"))

    @api.model
    def _told_apart(self, protection, findings, latest, present):
        """Give findings about whole rows a code of what stands there: it is seen when that changes once more."""
        whole = [found for found in findings if not found.name]
        if not whole or not self.env["ctsp.crypto.purpose"]._facts("integrity.mac"):
            return findings
        codes = self.env["ctsp.crypto"]._mac("integrity.mac", [
            evidence.whole_message(latest.get(found.res_id), present.get(found.res_id)) for found in whole],
            protection.model).values  # the key in use: what stands as evidence may name one that never was
        return [found for found in findings if found.name] + [
            found._replace(present=code.hex()[:evidence.SIZE]) for found, code in zip(whole, codes)]

    @api.model
    def _sealed(self, model, entries):
        """Return ``{id: newest revision}`` that the seals list."""
        self.env.cr.execute(SQL(
            "SELECT res_id, max(revision) FROM ctsp_integrity_seal_row WHERE model = %s AND %s AND res_id > 0"
            " GROUP BY res_id", model, entries))
        return dict(self.env.cr.fetchall())

    @api.model
    def _compare_entries(self, protection, latest, sealed):
        """Find entries that are not the platform's, and newer ones that were taken away."""
        findings = [
            evidence.Finding("rolled_back", protection.model, res_id, revision=revision)
            for res_id, revision in sealed.items() if res_id not in latest or latest[res_id].revision < revision]
        found = self.env["ctsp.crypto"]._verify_mac("integrity.mac", [
            (evidence.entry_message(protection.model, entry), evidence.code(entry.mac), entry.key_version)
            for entry in latest.values()], protection.model)
        bad = {one.res_id for one in findings}
        return findings + [
            evidence.Finding("evidence", protection.model, entry.res_id, revision=entry.revision)
            for entry, holds in zip(latest.values(), found) if not holds and entry.res_id not in bad]

    @api.model
    def _compare_values(self, protection, latest, present):
        anew = self._digests_anew(protection, latest, present)
        findings, signed = [], []
        for res_id, entry in latest.items():
            names = protection.versions.get(entry.version, ())
            if changed := evidence.altered(entry, names, anew[res_id]):
                findings += self._name_change(protection, entry, changed, anew[res_id])
            elif entry.signature:
                signed.append((entry, present[res_id]))
        altered = {found.res_id for found in findings}
        findings += self._check_files(protection, [res_id for res_id in latest if res_id not in altered])
        holds = self.env["ctsp.integrity.signature"]._verify_rows(protection, signed) if signed else []
        return findings + [
            evidence.Finding("signature", protection.model, entry.res_id, revision=entry.revision)
            for (entry, _values), answer in zip(signed, holds) if answer is False]

    @api.model
    def _digests_anew(self, protection, latest, present):
        """Compute the digests of present values with the key and list of each row's entry, a call for each key."""
        anew = {}
        for version in {entry.key_version for entry in latest.values()}:
            part = [entry for entry in latest.values() if entry.key_version == version]
            cells = [(entry.res_id, name) for entry in part for name in protection.versions.get(entry.version, ())]
            messages = [evidence.field_message(res_id, name, present[res_id][name]) for res_id, name in cells]
            codes = self.env["ctsp.crypto"]._mac("integrity.mac", messages, protection.model, version).values
            for entry in part:
                anew[entry.res_id] = {}
            for (res_id, name), code in zip(cells, codes):
                anew[res_id][name] = code.hex()[:evidence.SIZE]
        return anew

    @api.model
    def _name_change(self, protection, entry, changed, anew):
        """Say which fields were changed; or that the row is an older state of itself, with more than one field back."""
        if len(changed) > 1:
            self.env.cr.execute(SQL(
                "SELECT %s FROM ctsp_integrity_entry WHERE model = %s AND res_id = %s AND revision < %s"
                " AND key_version = %s", COLUMNS, protection.model, entry.res_id, entry.revision, entry.key_version))
            history = [evidence.Entry(*row) for row in self.env.cr.fetchall()]
            if revision := evidence.same_as(history, protection.versions, anew):
                return [evidence.Finding("rolled_back", protection.model, entry.res_id, revision=revision)]
        return [evidence.Finding("altered", protection.model, entry.res_id, name, present=anew[name])
                for name in changed]

