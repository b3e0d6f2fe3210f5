from odoo import models
from odoo.fields import Command

from odoo.addons.ctsp_plan.models.plan_line import UNBEGUN

from .business_item import FILING_KINDS

CODES = ("uscc", "record_no")
AGAIN = ("withdrawn", "rejected", "cancelled")
"""ends after which the platform may hand the item in anew"""


class BusinessItemIdentity(models.Model):
    """Whom an item is about, and what a later version does that names somebody else, or asks for something else.

    Before work began, what the item became follows it. Once work began, what stands is kept, a person is told, and so
    is the platform: nothing of that version is applied.
    """

    _inherit = "ctsp.business.item"

    def _find_institution(self):
        """Find whom the item is about; a first filing may be of somebody nobody knows yet."""
        if self.institution_id:
            return
        institution, how, problem = self._meant_by({name: self[name] for name in ("kind", "applicant", *CODES)})
        needed = self.kind in (*FILING_KINDS, "annual", "inspection") and self.kind != "initial"
        self.write({
            "institution_id": institution.id, "found_by": how,
            "problem": problem if needed and not institution else False})

    def _meant_by(self, values):
        """Return ``(institution, how it was found, why it was not)`` for what a version says of the applicant."""
        record_no = values["record_no"] if values["kind"] != "initial" else False
        return self.env["ctsp.institution"]._identify(values["uscc"], record_no, values["applicant"])

    # ---- a later version

    def _refused_by_work(self, values):
        """Return why the work that began keeps ``values`` of a later version from being applied; "" if it does not."""
        version = values["version"]
        if self.plan_line_id.state == "running":
            return self.env._(
                "The business platform sent version %(version)s after the inspection began; nothing was changed.",
                version=version)
        if self._has_begun() and self._is_other_work(values):
            return self.env._(
                "The business platform sent version %(version)s, which names “%(applicant)s” or another kind of "
                "matter, although work for “%(institution)s” has begun; nothing was changed. It is to be withdrawn "
                "there and handed in as an item of its own.", version=version, applicant=values["applicant"] or "",
                institution=self.institution_id.name or self.applicant or "")
        return ""

    def _has_begun(self):
        """Say whether people have, or may have, worked on what the item became: handed in, returned, filled in."""
        return self.state not in AGAIN and bool(
            (self.filing_id and self.filing_id.state != "draft") or self.report_id
            or (self.kind == "other" and self.accepted_at))

    def _is_other_work(self, values):
        """Say whether a version asks for another kind of thing, or is about another institution."""
        return values["kind"] != self.kind or (bool(self.institution_id) and self._is_somebody_else(values))

    def _is_somebody_else(self, values):
        """Say whether what a version says of the applicant is not the institution of the item.

        The same name with no code against it is the same one: a person may have named it.
        """
        given = {name: self._plain(values[name]) for name in ("applicant", *CODES) if values[name]}
        known = {"applicant": self.applicant, **{name: self[name] or self.institution_id[name] for name in CODES}}
        if all(value == self._plain(known[name]) for name, value in given.items()):
            return False
        return self._meant_by(values)[0] != self.institution_id

    @staticmethod
    def _plain(value):
        return (value or "").strip().upper()

    def _follow(self, values):
        """Let go of what the item became for somebody else, or as something else, before anybody worked on it."""
        if not self._is_other_work(values):
            return
        reason = self.env._(
            "Version %(version)s of item %(number)s names “%(applicant)s”", version=values["version"],
            number=self.number, applicant=values["applicant"] or "")
        self._message_log(body=reason)
        # first: calling off an inspection that moves on is no result of the item
        self.write({"institution_id": False, "found_by": False, "problem": reason})
        own = self._as_platform()
        if own.plan_line_id.state in UNBEGUN:
            own.plan_line_id.run_transition("cancel", reason)
        if own.filing_id.state == "draft":
            own.filing_id.unlink()
        if values["kind"] != self.kind:
            self.write({"plan_line_id": False, "accepted_at": False})

    def _move_visit(self, line):
        """Have the planned inspection be of the item's institution: the days and the team were another one's."""
        if line.institution_id != self.institution_id:
            line.write({
                "institution_id": self.institution_id.id, "specialty_ids": [Command.clear()],
                "trial_ids": [Command.clear()], "leader_id": False, "member_ids": [Command.clear()],
                "date_from": False, "date_to": False, "change_reason": self._where_from()})
