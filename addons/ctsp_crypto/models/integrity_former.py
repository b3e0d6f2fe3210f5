from contextlib import contextmanager

from odoo import api, models

from odoo.addons.ctsp_base.tools.language import in_record_language

from ..tools import evidence
from ..tools.once import once
from .integrity import CREATED, FORMER, MAC, TOUCHED


class IntegrityFormer(models.AbstractModel):
    """What a protected row was before the platform changes it: an ordinary change does not cover up another hand's.

    The columns that are about to be overwritten are read once for each batch (of a row that goes: all of them), and
    compared with the row's evidence when the change is put down, together with the evidence's own code. What does not
    agree is kept as a finding, logged, and announced, in the same transaction.
    """

    _inherit = "ctsp.integrity"

    @api.model
    def _look_before(self, model, rows):
        """Remember what columns hold that the platform is about to change; what it changed before does not count.

        :param rows: ``{id: names}``
        """
        protection = self._map().models.get(model)
        if not self.pool.ready or not protection:
            return
        data = self.env.cr.precommit.data
        touched = data.get(TOUCHED, {}).get(model, {})
        wanted = {res_id: asked for res_id, names in rows.items()
                  if CREATED not in (done := touched.get(res_id, ())) and (asked := names.difference(done))}
        if not wanted:
            return
        former = data.setdefault(FORMER, {}).setdefault(model, {})
        stored = protection.stored(self.env, list(wanted), set().union(*wanted.values()))
        for res_id, values in stored.items():
            for name in wanted[res_id]:
                if name in values:
                    former.setdefault((res_id, name), values[name])

    @contextmanager
    def _noticing(self, model):
        """Note what SQL of the platform's own changes meanwhile in columns of rows: translations that are loaded,
        fields that are written down. What they were before is compared as for any other change.
        """
        if not (protection := self._map().models.get(model)):
            yield
            return
        before = protection.everything(self.env)
        yield
        after, noted = protection.everything(self.env), self.env.cr.precommit.data
        for res_id in before.keys() & after.keys():
            if names := {name for name, text in after[res_id].items() if before[res_id][name] != text}:
                former = noted.setdefault(FORMER, {}).setdefault(model, {}) if self.pool.ready else {}
                done = noted.get(TOUCHED, {}).get(model, {}).get(res_id, ())
                for name in names.difference(done) if CREATED not in done else ():
                    former.setdefault((res_id, name), before[res_id][name])
                self._touch(model, (res_id,), names)

    @api.model
    def _check_former(self, protection, former, latest):
        """Compare what rows were with their evidence. Return the rows whose evidence itself is not the platform's.

        :param former: ``{(id, name): text}``
        :param latest: ``{id: Entry}``, the newest evidence of all rows that are put down
        """
        alive = {res_id: entry for res_id, entry in latest.items() if not entry.removed}
        holds = self.env["ctsp.crypto"]._verify_mac(MAC, [
            (evidence.entry_message(protection.model, entry), evidence.code(entry.mac), entry.key_version)
            for entry in alive.values()], protection.model) if alive else []
        forged = {res_id for res_id, answer in zip(alive, holds) if answer is False}
        findings = [evidence.Finding("evidence", protection.model, res_id, revision=alive[res_id].revision)
                    for res_id in forged]
        for version in {entry.key_version for entry in alive.values()}:
            cells = [(res_id, name) for res_id, name in former
                     if res_id in alive and res_id not in forged and alive[res_id].key_version == version
                     and name in protection.versions.get(alive[res_id].version, ())]
            findings += self._other_than(protection, alive, cells, former, version)
        if findings:
            self._tell_of_former(protection.model, findings)
        return forged

    @api.model
    def _other_than(self, protection, entries, cells, former, version):
        """Return a finding for each of ``cells`` whose former text is not what its evidence says."""
        if not cells:
            return []
        codes = self.env["ctsp.crypto"]._mac(
            MAC, [evidence.field_message(*cell, former[cell]) for cell in cells], protection.model, version).values
        kept = {res_id: evidence.by_name(entries[res_id], protection.versions[entries[res_id].version])
                for res_id in {res_id for res_id, _name in cells}}
        held = {cell: code.hex()[:evidence.SIZE] for cell, code in zip(cells, codes)}
        return [evidence.Finding("altered", protection.model, res_id, name, present=code)
                for (res_id, name), code in held.items() if kept[res_id].get(name) != code]

    @api.model
    @once()
    def _tell_of_former(self, model, findings):
        issues = in_record_language(self.sudo()).env["ctsp.integrity.issue"]  # superuser: kept whoever makes the change
        noted = issues._note(findings)
        records = self.env[model].browse(sorted({found.res_id for found in findings}))
        issues.env["ctsp.audit.port"]._log("integrity.former", records, findings=[
            {"kind": found.kind, "id": found.res_id, "field": found.name} for found in findings[:50]])
        kind = issues.env["ctsp.integrity"]._model_label(model)
        noted._to_tell()._tell(kind, issues.env._(
            "Records of “%(kind)s” had been altered outside the platform when they were changed: %(count)s findings.",
            kind=kind, count=len(findings)))
        noted.filtered(lambda row: row.kind == "altered")._set_gone()  # the value is the platform's from now on
        issues.env.flush_all()
