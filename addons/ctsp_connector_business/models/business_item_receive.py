import json

from odoo import api, fields, models

from odoo.addons.ctsp_exchange.tools.errors import Retry
from odoo.addons.ctsp_filing.models.filing import UNDER_WAY
from odoo.addons.ctsp_plan.models.plan_line import UNBEGUN

from .business_item_identity import AGAIN

DECIDED = ("approved", "refused", "done")


class BusinessItemReceive(models.Model):
    """What the platform says about an item: handed in, changed, supplemented (补正), withdrawn.

    Each message carries the whole content, so the newest one counts, whatever came before it or never came.
    """

    _inherit = "ctsp.business.item"

    @api.model
    def _receive(self, message, data):
        """Make or change the item that ``data`` describes; return it.

        :raise Retry: a file that ``data`` names has not come yet
        """
        item = self.search([("number", "=", data["itemNo"])], limit=1)
        if data["action"] == "withdraw":
            item = item or self._unheard_of(message, data)
            if item._withdraw((data.get("reason") or "").strip()):
                item.version = message.version
            return item
        content = self._without_files(data)
        if item and item._is_decided():
            item._note_late(self.env._(
                "The business platform sent version %(version)s after the decision; nothing was changed.",
                version=message.version))
            return item
        values = {**self._header(message, data), "content": json.dumps(content, ensure_ascii=False)}
        if item and (why := item._refused_by_work(values)):
            item._note_late(why)
            return item
        if not item:
            item = self.create({"number": data["itemNo"], "received_at": message.created_at, **values})
        elif item._is_under_review():
            item.write({**values, "is_pending": True, "attention": self.env._(
                "The business platform sent newer content (version %(version)s) while this is under review. Take it "
                "over to have it reviewed anew, or go on with what is there.", version=message.version)})
            item._tell_person()
            return item
        else:
            item._follow(values)
            item._open_again()
            item.write(values)
        item._find_institution()
        item._work()
        return item

    @api.model
    def _header(self, message, data):
        applicant = data.get("applicant") or {}
        return {
            "name": data["title"], "kind": data["kind"], "applicant": applicant.get("name") or False,
            "uscc": applicant.get("uscc") or False, "record_no": applicant.get("recordNo") or False,
            "note": data.get("reason") or False, "date_due": data.get("deadline") or False,
            "version": message.version, "is_pending": False, "attention": False}

    @api.model
    def _without_files(self, data):
        """Keep the files that came with ``data``; return it naming them by their digests alone."""
        files = self.env["ctsp.business.file"]
        attachments = []
        for row in data.get("attachments") or []:
            if row.get("base64"):
                files._keep(row["name"], row["sm3"], row["base64"])
            attachments.append({name: value for name, value in row.items() if name != "base64"})
        if missing := files._missing([row["sm3"] for row in attachments]):
            names = [row["name"] for row in attachments if row["sm3"] in missing]
            raise Retry(self.env._("These files have not come yet: %(names)s", names="、".join(names)))
        return {**data, "attachments": attachments}

    @api.model
    def _unheard_of(self, message, data):
        """Return the item of a withdrawal that came before what it withdraws: that one is set aside when it comes."""
        return self.create({
            "number": data["itemNo"], "name": data.get("title") or data["itemNo"], "kind": data.get("kind") or "other",
            "received_at": message.created_at})

    # ---- where it stands

    def _is_decided(self):
        return self.state in DECIDED

    def _is_under_review(self):
        """Say whether what the item became was handed in and waits for a decision: fixed, by the rules of filings."""
        return (bool(self.filing_id) and self.state in ("submitted", "working")) or (
            bool(self.report_id) and self.state == "working")

    def _open_again(self):
        """Begin anew what had ended without a decision; the filing of before stays withdrawn."""
        if self.state in AGAIN:
            gone = {} if self.kind == "inspection" else {
                "filing_id": False, "report_id": False, "accepted_at": False}
            self.write({**gone, "closing": False, "closing_reason": False, "closed_at": False})

    # ---- withdrawn

    def _withdraw(self, reason):
        """The platform takes the item back: what was not decided ends, what was stays as it is; say whether it ends."""
        self.ensure_one()
        text = self.env._("Withdrawn on the business platform: %(reason)s",
                          reason=reason or self.env._("no reason given"))
        if self._is_decided() or self.plan_line_id.state == "running":
            self._note_late(self.env._(
                "The business platform wanted to withdraw this after it was decided or begun; nothing was changed. "
                "%(reason)s", reason=reason))
            return False
        if self.state not in AGAIN:
            self._close("withdrawn", text)
        return True

    def _close(self, closing, reason):
        """End the item and what it became; the platform is told once: by a step of that, or by a message of its own."""
        self.write({
            "closing": closing, "closing_reason": reason, "closed_at": fields.Datetime.now(), "is_pending": False,
            "attention": False, "problem": False, "problems": False})
        if not self._as_platform()._end_work(reason):
            self._send("biz.result")
        self._tell_person()

    def _end_work(self, text):
        """End what the item became, by its own steps; say whether one of them tells the platform."""
        filing, report, visit = self.filing_id, self.report_id, self.plan_line_id
        if report.state == "submitted":
            report.run_transition("return", text)
        if filing.state == "draft":
            filing.unlink()
        elif filing.state in UNDER_WAY:
            filing.run_transition("withdraw", text)
            return True
        elif visit.state in UNBEGUN:
            visit.run_transition("cancel", text)
            return True
        return False

    # ---- whom it waits for

    def _note_late(self, text):
        """Keep what came too late before somebody's eyes; nothing is changed by it."""
        self.attention = text
        self._tell_person()

    def _tell_person(self):
        """Have the people concerned told as long as an item waits for them."""
        for item in self:
            key = f"business.item:{item.id}"
            text = item.attention or (item.problem if item.state == "unmatched" else "")
            if not text:
                self.env["ctsp.risk.alert"]._resolve([key])
                continue
            role = "planner" if item.kind == "inspection" else "filing_officer"
            self.env["ctsp.risk.alert"]._raise([{
                "key": key, "record": item, "source": "exchange", "level": "warning", "date_deadline": item.date_due,
                "role_id": self.env.ref(f"ctsp_base.group_{role}").id,
                "name": self.env._("Business item %(number)s: %(text)s", number=item.number, text=text)[:500]}])
