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
    """The service layer of recording: web screen and mobile client write clauses through :meth:`record` alone.

    Two unique indexes of ``ctsp.inspection.operation`` decide every race: a revision of a line is written once, and so
    is an operation id. Whoever comes second gets both versions back; nothing is overwritten. The inspection is locked
    for sharing meanwhile: recorders do not wait for one another, a step (handing in) does not slip in between.
    See docs/inspection-api.md.
    """

    _inherit = "ctsp.inspection"

    @api.model
    def record(self, inspection_id, operations, atomic=False):
        """Record results of clauses on an inspection. Public API.

        :param inspection_id: id of an inspection the user may read
        :param operations: list of at most 200 ``{"id", "line", "revision", "values": {…}}``
        :param atomic: write all operations or none
        :return: list of ``{"id", "status", "line", "message"}`` in the order of ``operations``; ``status`` is
            ``done``, ``repeated``, ``conflict`` (``line`` is what is stored now) or ``refused``
        :raise UserError: the call itself is malformed
        :raise AccessError: the inspection is not the user's to read
        """
        inspection = self.browse(int(inspection_id))
        inspection.check_access("read")
        operations = shapes.parse(self.env, operations)
        refusal = inspection._record_lock()
        answers = [None] * len(operations)
        try:
            with self.env.cr.savepoint():
                # by line, so that two batches never wait for each other crosswise
                for position in sorted(range(len(operations)), key=lambda index: operations[index]["line"]):
                    answers[position] = inspection._record_one(operations[position], refusal)
                if atomic and any(answer["status"] in ("conflict", "refused") for answer in answers):
                    raise Undo
        except Undo:
            self.env.invalidate_all()
            answers = [inspection._record_undone(answer) for answer in answers]
        return answers

    def _record_undone(self, answer):
        """Return the answer to an operation that was taken back because another of its batch was not carried out."""
        if answer["status"] != "done":
            return answer
        line = self.env["ctsp.inspection.line"].browse(answer["line"]["id"])
        return {**answer, "status": "refused", "line": line._record_values(), "message": self.env._(
            "Not written: another operation of the batch was not carried out.")}

    def _record_lock(self):
        """Keep steps away until the transaction ends; return why nothing may be recorded, or an empty text.

        A step that is just being made is waited for; this transaction then starts anew (the ORM's retry), and sees it.
        """
        self.env.cr.execute(
            SQL("SELECT 1 FROM ctsp_inspection WHERE id = %s FOR SHARE", self.id), log_exceptions=False)
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

    def _record_one(self, operation, refusal):
        """Carry out one operation; return its answer."""
        # superuser: lines of one's own inspection are written by the engine alone; the right was checked before
        line = self.env["ctsp.inspection.line"].sudo().browse(operation["line"]).exists()
        if not line or line.inspection_id != self:
            return shapes.answer(operation, "refused", None, self.env._("The clause is not one of this inspection."))
        if known := self.env["ctsp.inspection.operation"].sudo().search([("operation", "=", operation["id"])]):
            return self._record_known(operation, known.line_id.id, known.user_id.id, line._record_values())
        if refusal:
            return shapes.answer(operation, "refused", line._record_values(), refusal)
        if operation["revision"] != line.revision:
            return self._record_conflict(operation, line._record_values())
        try:
            with self.env.cr.savepoint():
                self._record_write(operation, line)
        except Refusal as reason:
            return shapes.answer(operation, "refused", line._record_values(), str(reason))
        except UniqueViolation:
            line.invalidate_recordset()
            return self._record_lost(operation, line)
        return shapes.answer(operation, "done", line._record_values(), "")

    def _record_write(self, operation, line):
        values = self._recorded_values(line, operation["values"])
        revision, now = line.revision + 1, fields.Datetime.now()
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_inspection_operation"
            " (inspection_id, line_id, operation, revision, user_id, date, recorded)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            self.id, line.id, operation["id"], revision, self.env.uid, now,
            json.dumps(values, ensure_ascii=False)), log_exceptions=False)
        line._engine().write({**values, "revision": revision, "recorded_by": self.env.uid, "recorded_at": now})
        self.env["ctsp.finding"].sudo()._follow(line)

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

    def _record_known(self, operation, line_id, user_id, current):
        """Answer an operation id that was written before: the same one sent again, or misused for something else."""
        if line_id == operation["line"] and user_id == self.env.uid:
            return shapes.answer(operation, "repeated", current, "")
        return shapes.answer(operation, "refused", current, self.env._(
            "The operation id was used for another recording."))

    def _record_conflict(self, operation, current):
        return shapes.answer(operation, "conflict", current, self.env._(
            "%(who)s recorded on this clause meanwhile. Compare both versions and record again.",
            who=current["recorded_by"] or self.env._("Somebody")))

    def _record_lost(self, operation, line):
        """Answer who came second: what is stored now lies beyond this transaction's snapshot, so look afresh."""
        with self.env.registry.cursor() as cr:
            fresh = line.with_env(line.env(cr=cr))
            current = fresh._record_values()
            known = fresh.operation_ids.search([("operation", "=", operation["id"])])
            if known:
                return self._record_known(operation, known.line_id.id, known.user_id.id, current)
        return self._record_conflict(operation, current)
