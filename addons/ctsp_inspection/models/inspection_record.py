import json

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..tools import operations as shapes
from .line import RECORDED


class Refusal(Exception):
    """An operation that is not carried out, with the sentence that says why."""


class Undo(Exception):
    """Takes back the operations of an atomic batch."""


class Inspection(models.Model):
    """The service layer of recording: web screen and mobile client write clauses, conclusions and the account of the
    inspection through :meth:`record` alone.

    Unique indexes of ``ctsp.inspection.operation`` decide every race: a revision of a line is written once, and so is
    an operation id. Whoever comes second gets both versions back; nothing is overwritten. The inspection is locked for
    sharing meanwhile: recorders do not wait for one another, a step (handing in) does not slip in between. What is said
    of the inspection as a whole (``inspection_account.py``) takes turns. See docs/inspection-api.md.
    """

    _inherit = "ctsp.inspection"

    @api.model
    def record(self, inspection_id, operations, atomic=False):
        """Record results of clauses, conclusions and the account of an inspection. Public API.

        :param inspection_id: id of an inspection the user may read
        :param operations: list of at most 200 ``{"id", "line", "revision", "values": {…}}``; instead of ``line`` they
            name a ``conclusion`` or the ``account``
        :param atomic: write all operations or none
        :return: list of ``{"id", "status", "line", "message"}`` in the order of ``operations``; ``status`` is
            ``done``, ``repeated``, ``conflict`` (``line`` is what is stored now) or ``refused``
        :raise UserError: the call itself is malformed
        :raise AccessError: the inspection is not the user's to read
        """
        inspection = self.browse(int(inspection_id))
        inspection.check_access("read")
        operations = shapes.parse(self.env, operations)
        refusal = inspection._record_lock(alone=any(operation["on"] != "line" for operation in operations))
        answers = [None] * len(operations)
        try:
            with self.env.cr.savepoint():
                # by line, so that two batches never wait for each other crosswise
                for position in sorted(range(len(operations)), key=lambda index: operations[index]["target"]):
                    answers[position] = inspection._record_one(operations[position], refusal)
                if atomic and any(answer["status"] in ("conflict", "refused") for answer in answers):
                    raise Undo
        except Undo:
            self.env.invalidate_all()
            answers = [
                inspection._record_undone(*pair) for pair in zip(operations, answers, strict=True)]
        return answers

    def _record_undone(self, operation, answer):
        """Return the answer to an operation that was taken back because another of its batch was not carried out."""
        if answer["status"] != "done":
            return answer
        return shapes.answer(operation, "refused", self._record_target(operation)._record_values(), self.env._(
            "Not written: another operation of the batch was not carried out."))

    def _record_lock(self, alone=False):
        """Keep steps away until the transaction ends; return why nothing may be recorded, or an empty text.

        A step that is just being made is waited for; this transaction then starts anew (the ORM's retry), and sees it.

        :param alone: keep other recorders away, too
        """
        self.env.cr.execute(SQL(
            "SELECT 1 FROM ctsp_inspection WHERE id = %s FOR %s", self.id,
            SQL("NO KEY UPDATE") if alone else SQL("SHARE")), log_exceptions=False)
        if self._can_record():
            return ""
        return self.env._(
            "%(inspection)s is in the state “%(state)s” and you are not recording on it: nothing was written.",
            inspection=self.display_name, state=self._state_label(self.state))

    def _recorded_rows(self, cr):
        """Return what ``cr`` sees of recordings and evidence: ``{(table, id)}``."""
        cr.execute(SQL(
            "SELECT 'operation', id FROM ctsp_inspection_operation WHERE inspection_id = %(id)s UNION ALL "
            "SELECT 'evidence', id FROM ctsp_inspection_evidence WHERE inspection_id = %(id)s", id=self.id))
        return set(cr.fetchall())

    def _check_snapshot(self):
        """Begin anew when something was recorded after this transaction first looked and before it had its lock.

        Recorders share the lock and leave the row of the inspection alone, so PostgreSQL tells nothing by itself; the
        digest and the checks would leave their work out. Deletions and declarations take turns instead.

        :raise ConcurrencyError: Odoo repeats the call, which then sees everything
        """
        with self.env.registry.cursor() as cr:
            committed = self._recorded_rows(cr)
        if committed - self._recorded_rows(self.env.cr):
            raise ConcurrencyError(self.env._("%s: something was recorded this very moment.", self.display_name))

    def _record_target(self, operation):
        """Return what an operation writes on: a clause, a conclusion, the inspection; empty when not of this one.

        Superuser: these are written by the engine alone; the right was checked before.
        """
        if operation["on"] == "account":
            return self.sudo()
        target = self.env[f"ctsp.inspection.{operation['on']}"].sudo().browse(operation["target"]).exists()
        return target.filtered(lambda row: row.inspection_id == self)

    def _record_one(self, operation, refusal):
        """Carry out one operation; return its answer."""
        target = self._record_target(operation)
        known = self.env["ctsp.inspection.operation"].sudo().search([("operation", "=", operation["id"])])
        if not target:
            return shapes.answer(operation, "refused", None, self.env._("The clause is not one of this inspection.")
                                 if operation["on"] == "line" else self.env._("This conclusion is no longer drawn."))
        if known:
            return self._record_known(operation, known._is_of(operation, self), target._record_values())
        if refusal:
            return shapes.answer(operation, "refused", target._record_values(), refusal)
        if operation["revision"] != target._record_values()["revision"]:
            return self._record_conflict(operation, target._record_values())
        try:
            with self.env.cr.savepoint():
                self._record_write(operation, target)
        except Refusal as reason:
            return shapes.answer(operation, "refused", target._record_values(), str(reason))
        except UniqueViolation:
            target.invalidate_recordset()
            return self._record_lost(operation, target)
        return shapes.answer(operation, "done", target._record_values(), "")

    def _record_write(self, operation, target):
        """Note the operation and write it.

        :raise Refusal: it is not the user's to write, or says what cannot be
        """
        revision, now = operation["revision"] + 1, fields.Datetime.now()
        clause = operation["on"] == "line"
        values = self._recorded_values(target, operation["values"]) if clause else operation["values"]
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_inspection_operation"
            " (inspection_id, line_id, part, operation, revision, user_id, date, recorded)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            self.id, target.id if clause else None, None if clause else shapes.part(operation), operation["id"],
            revision, self.env.uid, now, json.dumps(values, ensure_ascii=False, default=str)), log_exceptions=False)
        if not clause:
            self._record_part(target, values)
            return
        target._engine().write({**values, "revision": revision, "recorded_by": self.env.uid, "recorded_at": now})
        self.env["ctsp.finding"].sudo()._follow(target)

    def _recorded_values(self, line, values):
        """Return the complete recorded values after an operation.

        :raise Refusal: the grade differs from the clause's and no reason is given
        """
        merged = {name: line[name] or False for name in RECORDED}
        merged |= {name: value or False for name, value in values.items()}
        if merged["result"] != "nonconform":
            return {**merged, "grade": False, "grade_reason": False}
        merged["grade"] = merged["grade"] or line.clause_grade
        if merged["grade"] == line.clause_grade:
            return {**merged, "grade_reason": False}
        if not merged["grade_reason"]:
            raise Refusal(self.env._(
                "Clause %(number)s: the grade differs from the clause's; please give the reason.", number=line.number))
        return merged

    def _record_known(self, operation, same, current):
        """Answer an operation id that was written before: the same one sent again, or misused for something else."""
        if same:
            return shapes.answer(operation, "repeated", current, "")
        return shapes.answer(operation, "refused", current, self.env._(
            "The operation id was used for another recording."))

    def _record_conflict(self, operation, current):
        who = current["recorded_by"] or self.env._("Somebody")
        clause = self.env._(
            "%(who)s recorded on this clause meanwhile. Compare both versions and record again.", who=who)
        part = self.env._("%(who)s wrote here meanwhile. Compare both versions and write again.", who=who)
        return shapes.answer(operation, "conflict", current, clause if operation["on"] == "line" else part)

    def _record_lost(self, operation, target):
        """Answer who came second: what is stored now lies beyond this transaction's snapshot, so look afresh."""
        with self.env.registry.cursor() as cr:
            fresh = target.with_env(target.env(cr=cr))
            current = fresh._record_values()
            known = fresh.env["ctsp.inspection.operation"].search([("operation", "=", operation["id"])])
            if known:
                return self._record_known(operation, known._is_of(operation, self), current)
        return self._record_conflict(operation, current)
