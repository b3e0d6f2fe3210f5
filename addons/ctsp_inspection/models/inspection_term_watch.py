from odoo import api, models

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language

from .inspection_terms import EVALUATE, VERIFY

OPEN_ALERT = ("new", "assigned", "handled")


class Inspection(models.Model):
    """Daily watch over the authority's own time limits: one alert each, a serious one for leaders when it stays late.

    Keys carry the due day: an alert that was dismissed stays silent for this limit, not for the next one.
    """

    _inherit = "ctsp.inspection"

    @api.model
    def _cron_watch_terms(self):
        """Compute open limits anew, raise what is late, close what no longer is; running it twice changes nothing."""
        self._settle_terms()
        today = clock.today()
        late = self.env["ctsp.inspection.term"].search([("kind", "!=", "rectify"), ("date_due", "<", today)])
        rows = [
            row for (inspection, kind), terms in late.grouped(lambda term: (term.inspection_id, term.kind)).items()
            for row in in_record_language(inspection)._term_alerts(kind, terms, today)]
        alerts = self.env["ctsp.risk.alert"]
        keys = [row["key"] for row in rows]
        alerts._raise(rows, watched=True)
        alerts._resolve(alerts.search([
            ("dedup_key", "=like", "term%"), ("state", "in", OPEN_ALERT), ("dedup_key", "not in", keys),
        ]).mapped("dedup_key"))

    @api.model
    def _settle_terms(self):
        """Compute the due days of open limits anew: holidays may be published since, a parameter corrected."""
        inspections = self.env["ctsp.inspection.term"].search([("kind", "=", "report")]).inspection_id
        self.env.add_to_compute(self._fields["report_due"], inspections)
        for inspection in self.search([
                ("state", "=", "rectification"), ("evaluation", "=", False), ("evaluation_from", "!=", False)]):
            due = self._term_end(EVALUATE, inspection.evaluation_from)
            if due != inspection.evaluation_due:
                inspection.evaluation_due = due
        for item in self.env["ctsp.rectification"].search([("state", "=", "answered"), ("verify_from", "!=", False)]):
            due = self._term_end(VERIFY, item.verify_from)
            if due != item.date_verify:
                item.date_verify = due
        self.env.flush_all()

    def _term_alerts(self, kind, terms, today):
        """Return the alerts about one late limit of this inspection, the escalation among them when it is time."""
        due = min(terms.mapped("date_due"))
        user, role = self._term_owner(kind)
        facts = {
            "record": self, "source": "deadline", "date_deadline": due, "owner_name": self.institution_id.name,
            "detail": self.env._("Basis: %s", terms[0].with_env(self.env).basis)}
        title = self._term_title(kind, len(terms), due)
        rows = [{
            **facts, "key": f"term:{kind}:{self.id}:{due}", "level": "warning", "name": title,
            "role_id": self.env.ref(f"ctsp_base.group_{role}").id, **({"user_id": user.id} if user else {})}]
        after = self.env["ctsp.parameter"]._get("inspection.term_escalation_days")
        if self.env["ctsp.workday"]._between(due, today) >= after:
            rows.append({
                **facts, "key": f"term.escalation:{kind}:{self.id}:{due}", "level": "serious",
                "name": self.env._("%(days)s working days past: %(title)s", days=after, title=title),
                "role_id": self.env.ref("ctsp_base.group_leader").id})
        return rows

    def _term_title(self, kind, count, due):
        facts = {"inspection": self.display_name, "count": count, "due": due}
        if kind == "report":
            return self.env._("Report of the team overdue: %(inspection)s, due %(due)s", **facts)
        if kind == "verify":
            return self.env._(
                "Rectification not verified in time: %(inspection)s, %(count)s findings, due %(due)s", **facts)
        return self.env._("Comprehensive evaluation overdue: %(inspection)s, due %(due)s", **facts)

    def _term_owner(self, kind):
        """Return ``(user, role)`` of who has to act: the team's leader, or the reviewer who was asked to evaluate."""
        if kind != "evaluation":
            return self.leader_id.user_id, "inspector"
        asked = self.activity_ids.user_id.filtered(lambda user: user.has_group("ctsp_base.group_reviewer"))
        return asked[:1] or self._least_busy_reviewer(), "reviewer"

    def _term_met(self, kind):
        """Close the alerts about a limit of these inspections: what it asks for was done."""
        for inspection in self:
            alerts = self.env["ctsp.risk.alert"].sudo()  # the engine closes what it raised
            alerts._resolve(alerts.search([
                "|", ("dedup_key", "=like", f"term:{kind}:{inspection.id}:%"),
                ("dedup_key", "=like", f"term.escalation:{kind}:{inspection.id}:%"),
                ("state", "in", OPEN_ALERT)]).mapped("dedup_key"))

    def _after_submit(self, reason):
        super()._after_submit(reason)
        self._term_met("report")

    def _after_cancel(self, reason):
        super()._after_cancel(reason)
        self._term_met("report")
