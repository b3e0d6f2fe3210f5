from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import clock

from .inspector import CERTIFICATE_STATES


class Reason(NamedTuple):
    """Why an inspector should not be sent: ``code`` for programs, ``sentence`` for people.

    Whether it bars him or warns only is a setting (``inspection.team_blocking``), given by :meth:`Inspector._weighed`.
    """

    code: str
    sentence: str
    blocking: bool = False


class Inspector(models.Model):
    """Whether an inspector can be sent: conflicts, certificates, absence; reasons in sentences."""

    _inherit = "ctsp.inspector"

    certificate_state = fields.Selection(
        CERTIFICATE_STATES, "Certificates in Order", compute="_compute_certificate_state",
        search="_search_certificate_state")
    is_away = fields.Boolean("Away Today", compute="_compute_is_away", search="_search_is_away")

    # ------------------------------------------------------------------
    # Certificates
    # ------------------------------------------------------------------
    @api.model
    def _required_kinds(self):
        """Return the kinds of certificate an inspector must hold (items marked ``required``)."""
        return self.env["ctsp.dictionary.item"].search(
            [("dictionary_code", "=", "inspector_certificate"), ("mark", "=", "required")])

    def _held(self, kind):
        """Return the certificate of ``kind`` that is valid longest, none when there is none."""
        return max(
            self.certificate_ids.filtered(lambda row: row.kind_id == kind),
            key=lambda row: (not row.valid_to, row.valid_to or clock.today()), default=self.certificate_ids[:0])

    @api.depends("certificate_ids.valid_to", "certificate_ids.kind_id")
    def _compute_certificate_state(self):
        kinds, order = self._required_kinds(), [code for code, _label in CERTIFICATE_STATES]
        for inspector in self:
            states = {inspector._held(kind).expiry_state or "missing" for kind in kinds}
            inspector.certificate_state = max((states - {"open"}) | {"valid"}, key=order.index)

    def _search_certificate_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self.with_context(active_test=False).search([])  # the register counts hundreds, not thousands
        return [("id", "in", found.filtered(lambda row: row.certificate_state in value).ids)]

    # ------------------------------------------------------------------
    # Absence
    # ------------------------------------------------------------------
    @api.depends("leave_ids.date_from", "leave_ids.date_to")
    def _compute_is_away(self):
        today = clock.today()
        for inspector in self:
            inspector.is_away = any(row.date_from <= today <= row.date_to for row in inspector.leave_ids)

    def _search_is_away(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = clock.today()
        away = [("leave_ids", "any", [("date_from", "<=", today), ("date_to", ">=", today)])]
        return away if True in value else ["!", *away]

    # ------------------------------------------------------------------
    # Reasons
    # ------------------------------------------------------------------
    def _conflicts(self, institution, period):
        """Return the sentences why this inspector should not go to ``institution`` in ``period``; none: he can.

        :param period: ``(first day, last day)``; None: today
        """
        self.ensure_one()
        return [reason.sentence for reason in self._reasons(institution, period)[self.id]]

    def _weighed(self, institution, period, but=None, where="plan"):
        """Return :meth:`_reasons` with ``blocking`` set. A conflict of interest always bars (回避).

        :param where: ``plan`` or ``inspection`` (one made by hand): the settings differ
        """
        bars = {"conflict", *self.env["ctsp.parameter"]._get("inspection.team_blocking").get(where, ())}
        return defaultdict(list, {
            inspector: [reason._replace(blocking=reason.code in bars) for reason in reasons]
            for inspector, reasons in self._reasons(institution, period, but).items()})

    def _reasons(self, institution, period, but=None):
        """Return ``{inspector id: [Reason, …]}`` for all records at once, in a constant number of queries.

        Superuser: a planner need not read the conflicts to learn that there is one; details are never told.

        :param but: an inspection that is left out of account (the one the team is made for)
        """
        first, last = period or (clock.today(), clock.today())
        everyone, result = self.sudo(), defaultdict(list)
        for source in (everyone._conflict_reasons, everyone._certificate_reasons, everyone._leave_reasons):
            for inspector, reason in source(institution, first, last):
                result[inspector.id].append(reason)
        return result

    def _conflict_reasons(self, institution, first, last):
        rows = self.env["ctsp.inspector.conflict"].search([
            ("inspector_id", "in", self.ids), ("institution_id", "in", institution.ids),
            "|", ("date_from", "=", False), ("date_from", "<=", last),
            "|", ("date_to", "=", False), ("date_to", ">=", first)])
        kinds = dict(rows._fields["kind"]._description_selection(self.env))
        for row in rows:
            yield row.inspector_id, Reason("conflict", self.env._(
                "%(inspector)s has a conflict of interest with %(institution)s: %(kind)s.",
                inspector=row.inspector_id.name, institution=row.institution_id.name, kind=kinds[row.kind]))

    def _certificate_reasons(self, institution, first, last):
        for kind in self._required_kinds():
            for inspector in self:
                held = inspector._held(kind)
                if not held:
                    yield inspector, Reason("certificate", self.env._(
                        "%(inspector)s holds no “%(kind)s”.", inspector=inspector.name, kind=kind.name))
                elif held.valid_to and held.valid_to < last:
                    yield inspector, Reason("certificate", self.env._(
                        "“%(kind)s” of %(inspector)s is valid until %(date)s only.",
                        inspector=inspector.name, kind=kind.name, date=held.valid_to))

    def _leave_reasons(self, institution, first, last):
        rows = self.env["ctsp.inspector.leave"].search([
            ("inspector_id", "in", self.ids), ("date_from", "<=", last), ("date_to", ">=", first)])
        kinds = dict(rows._fields["kind"]._description_selection(self.env))
        for row in rows:
            yield row.inspector_id, Reason("leave", self.env._(
                "%(inspector)s is away from %(start)s to %(end)s: %(kind)s.", inspector=row.inspector_id.name,
                start=row.date_from, end=row.date_to, kind=kinds[row.kind]))
