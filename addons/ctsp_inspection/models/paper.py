import base64

from odoo import models
from odoo.exceptions import UserError

from .inspection import RECORDING

TEAM_PAPERS = frozenset({
    "inspection_notice", "meeting_sheet", "inspection_record", "clause_sheet", "defect_list", "inspection_report"})
LED_PAPERS = frozenset({"clause_sheet", "defect_list", "inspection_report"})
"""papers of the team that its leader finalises"""
ONSITE_PAPERS = TEAM_PAPERS - {"inspection_notice", "meeting_sheet"}
DELIVERED = ("rectification_notice", "evaluation_report", "inspection_notice", "defect_list", "inspection_report")


class Inspection(models.Model):
    """The papers of an inspection: which, when, by whom, who signs.

    药品检查管理办法（试行）: the report is signed by the whole team, the list of defects by the team and the head of
    the unit, each keeping a copy. Papers of the team are made by the team, decisions by reviewers and planners.
    """

    _name = "ctsp.inspection"
    _inherit = ["ctsp.inspection", "ctsp.document.mixin"]

    def _document_owner(self):
        return self.institution_id.partner_id

    def _document_name(self):
        return self.display_name

    def _document_may(self, code, act):
        """Team papers are the team's, its leader closes the weighty ones; decisions are the office's."""
        office = any(self.env.user.has_group(f"ctsp_base.group_{role}") for role in ("reviewer", "planner"))
        if act == "release" or (act == "void" and office):
            return office or self._is_led()
        if code not in TEAM_PAPERS:
            own = self._own_member()
            return office or (code == "delivery_receipt" and bool(own) and own.role != "observer")
        member = self._own_member()
        if act in ("finalise", "void") and code in LED_PAPERS:
            return member.role == "leader"
        return bool(member) and member.role != "observer"

    def _document_ready(self, code):
        """Return what has to happen first."""
        if self.state in ("draft", "cancelled"):
            return self.env._("the inspection is not assigned")
        if code in ONSITE_PAPERS and not self.date_start:
            return self.env._("the inspection has not begun")
        if code in TEAM_PAPERS and self.state not in ("assigned", *RECORDING, "submitted"):
            return self.env._("the team has handed in; papers of the team are made before")
        if code == "evaluation_report" and not self._evaluation_facts()["evaluation"]:
            return self.env._("the comprehensive evaluation is not recorded")
        if code == "rectification_notice" and self.state not in ("rectification", "closed"):
            return self.env._("the findings are not issued")
        if code == "delivery_receipt" and not self._delivered():
            return self.env._("there is no final document to deliver")
        return ""

    def _document_check(self, code):
        """What a paper states must be fixed before the paper is."""
        if code == "inspection_report":
            if not self.summary:
                raise UserError(self.env._("What Was Inspected: please tell briefly what was inspected."))
            if not self.conclusion:
                raise UserError(self.env._("Conclusions: decide on the institution and each specialty first."))
        if code == "rectification_notice" and self.state in RECORDING:
            raise UserError(self.env._("The inspection is being corrected; the notice waits for its approval."))

    def _document_signers(self, code):
        """Return the rows of the signature sheet; names of the team are known, the other side's are filled in."""
        team = self.sudo().member_ids.filtered(lambda row: row.role != "observer")  # names of the team are on the paper
        leader = team.filtered(lambda row: row.role == "leader")
        others = team - leader
        inspectee = [{"role": "inspectee", "name": ""}]
        if code in ("inspection_notice", "inspection_record"):
            recorder = [{"role": "recorder", "name": ""}] if code == "inspection_record" else []
            return inspectee + _people("inspector", team) + recorder
        if code in ("clause_sheet", "defect_list"):
            return inspectee + _people("leader", leader) + _people("inspector", others)
        if code == "inspection_report":
            return _people("leader", leader) + _people("inspector", others)
        if code == "delivery_receipt":
            return [*inspectee, {"role": "server", "name": self.env.user.name, "user_id": self.env.uid}]
        return _people("leader", leader) if code == "meeting_sheet" else []

    def _document_initial(self, code, name):
        """Begin with what the inspection knows; the one who makes the paper corrects it."""
        if (code, name) == ("inspection_record", "situation"):
            return self.summary or ""
        if (code, name) == ("inspection_record", "person"):
            return (self.attendants or "").splitlines()[0] if self.attendants else ""
        if (code, name) == ("inspection_record", "recorder"):
            return self._own_member().inspector_id.name or ""
        if (code, name) == ("rectification_notice", "contact"):
            return self.env.user.name
        return super()._document_initial(code, name)

    def _document_image(self, key):
        """Return the watermarked copy of a photo of this inspection."""
        kind, _slash, rest = key.partition("/")
        if kind != "evidence" or not rest.isdecimal():
            return b""
        # superuser: only photos of this very inspection, for who makes or reads its papers
        row = self.sudo().evidence_ids.filtered(lambda it: it.id == int(rest) and it.kind == "photo")
        row = row.with_context(bin_size=False)
        return base64.b64decode(row.shown or row.data or b"")

    def _delivered(self):
        """Return the final papers that are delivered to the institution."""
        # superuser: the receipt lists what was delivered, whoever makes it
        return self.env["ctsp.document"].sudo().search([
            ("res_model", "=", self._name), ("res_id", "=", self.id), ("state", "=", "final"),
            ("type_id.code", "in", DELIVERED)], order="finalised_at, id")

    def _evaluation_facts(self):
        """Return the comprehensive evaluation and the first due day of the rectification; empty before."""
        dues = [row.date_due for row in self.rectification_ids if row.state != "cancelled" and row.date_due]
        return {
            "evaluation": self.evaluation or "", "evaluation_reason": self.evaluation_reason or "",
            "rectify_due": min(dues).isoformat() if dues else ""}


def _people(role, members):
    return [{"role": role, "name": row.inspector_id.name, "user_id": row.user_id.id} for row in members]
