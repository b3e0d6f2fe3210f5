from odoo import api, models
from odoo.tools import SQL

from ..tools import chain, compare
from ..tools import row as layout

SEAL = ("id", "date", "row_count", "first_date", "last_date", "previous_id", "previous", "digest", "mac", "mac_key",
        "signature", "signature_key")
RANGE = 10_000  # rows checked at once, and committed
SEALS = 1_000  # seals at once at most


class AuditChecker(models.AbstractModel):
    """Compares ranges of the log with their seals; what verification and archiving share.

    A range is whole seals, so that memory stays small however long the log is and work can be taken up after any of
    them. A finding is ``(kind, log row, column, seal)``.
    """

    _name = "ctsp.audit.checker"
    _description = "Checker of the Log"

    @api.model
    def _next_seals(self, condition, after):
        """Return the next seals after the seal ``after``, as many as list about :data:`RANGE` rows.

        :param condition: an ``SQL`` that chooses among the seals
        """
        self.env.cr.execute(SQL(
            "SELECT %s FROM ctsp_audit_seal WHERE id > %s AND %s ORDER BY id LIMIT %s",
            SQL(", ").join(map(SQL.identifier, SEAL)), after, condition, SEALS))
        chosen, rows = [], 0
        for seal in self.env.cr.dictfetchall():
            if chosen and rows + seal["row_count"] > RANGE:
                break
            chosen.append(seal)
            rows += seal["row_count"]
        return chosen

    @api.model
    def _seal(self, seal_id):
        """Return one seal as a dict, None when it is not there."""
        found = self._next_seals(SQL("id = %s", seal_id), seal_id - 1) if seal_id else []
        return found[0] if found else None

    # ---- seals

    @api.model
    def _check_seals(self, seals, previous, keyed_since):
        """Check links: each one's own code and signature, that it has a key, that it follows the one before.

        :param previous: the seal before the first of ``seals``; False where it is not to be compared
        :param keyed_since: when the first seal with a key was made
        """
        for seal in seals:
            yield from ((*found, seal["id"]) for found in self._check_seal(seal, keyed_since))
            expected = (previous["id"], previous["digest"]) if previous else (None, chain.START)
            if previous is not False and (seal["previous_id"], seal["previous"]) != expected:
                yield "seal", None, "previous", seal["id"]
            previous = seal

    @api.model
    def _check_seal(self, seal, keyed_since):
        message = chain.message(seal)
        yield from self._check_proof("seal", seal, message)
        if keyed_since and seal["date"] > keyed_since and not self.env["ctsp.audit.macer"]._is_keyed(seal["mac_key"]):
            yield "unkeyed", None, "mac_key"

    @api.model
    def _check_proof(self, kind, facts, message):
        """Check the code and the signature over ``message``; nobody being able to tell is a finding, too."""
        macer = self.env["ctsp.audit.macer"]
        codes, _key = macer._macs([message], facts["mac_key"])
        if codes is None:
            yield "unproven", None, "mac_key"
        elif codes[0] != facts["mac"]:
            yield kind, None, "mac"
        if facts["signature"]:
            fits = macer._verify(message, facts["signature"], facts["signature_key"])
            if not fits:
                yield ("unproven" if fits is None else kind), None, "signature"

    # ---- rows

    @api.model
    def _read_range(self, seals):
        """Return ``({seal: {row: mac}} as sealed, rows found)`` of a range of seals."""
        self.env.cr.execute(SQL(
            "SELECT seal_id, log_id, mac FROM ctsp_audit_seal_row WHERE seal_id = ANY(%s) ORDER BY seal_id, log_id",
            [seal["id"] for seal in seals]))
        sealed = {seal["id"]: {} for seal in seals}
        for seal_id, number, mac in self.env.cr.fetchall():
            sealed[seal_id][number] = mac
        numbers = [number for rows in sealed.values() for number in rows]
        dates = [seal["first_date"] for seal in seals] + [seal["last_date"] for seal in seals]
        rows = self._rows(SQL(
            "id = ANY(%s) AND date BETWEEN %s AND %s", numbers, min(dates), max(dates))) if numbers else []
        if len(rows) < len(numbers):  # gone, or their date was altered: look in all months
            found = {row["id"] for row in rows}
            rows += self._rows(SQL("id = ANY(%s)", [number for number in numbers if number not in found]))
        return sealed, rows

    @api.model
    def _rows(self, condition):
        names = SQL(", ").join(map(SQL.identifier, layout.STORED))
        self.env.cr.execute(SQL("SELECT %s FROM ctsp_audit_log WHERE %s", names, condition))
        return self.env.cr.dictfetchall()

    @api.model
    def _check_range(self, seals, sealed, rows, archived=()):
        """Compare what ``seals`` list with the rows found.

        :param archived: months (``(year, month)``) whose rows have left the log with an archive that is proved
        """
        found = {row["id"]: row for row in rows}
        findings = []
        for seal in seals:
            listed = sealed[seal["id"]]
            if chain.digest(seal["previous"], listed.items()) != seal["digest"]:
                findings.append(("seal", None, "digest", seal["id"]))
            present = {number: found[number]["mac"] for number in listed if number in found}
            away = (seal["first_date"].year, seal["first_date"].month) in archived
            findings += [(*one, seal["id"]) for one in compare.sealed_rows(listed, present)
                         if not (away and one[0] == "missing")]
        seal_of = {number: seal_id for seal_id, listed in sealed.items() for number in listed}
        findings += [(*one, seal_of[one[1]]) for one in self._check_contents(rows)]
        return list(dict.fromkeys(findings))  # an exchanged code is seen by both comparisons

    @api.model
    def _check_contents(self, rows):
        """Compare rows with their own codes."""
        port = self.env["ctsp.audit.port"]
        genuine = port._genuine(rows)
        for row, fits in zip(rows, genuine):
            if fits is None:
                yield "unproven", row["id"], "mac_key"
        wrong = [row for row, fits in zip(rows, genuine) if fits is False]
        for row, columns in zip(wrong, port._altered_columns(wrong)):
            yield from (("altered", row["id"], column) for column in columns)
