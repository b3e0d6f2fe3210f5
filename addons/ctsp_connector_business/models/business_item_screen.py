from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

ROLES = ("ctsp_base.group_filing_officer", "ctsp_base.group_planner")


class BusinessItemScreen(models.Model):
    """What people do with items, and what the platform is told of it."""

    _inherit = "ctsp.business.item"

    # ---- telling

    @api.model
    def _of(self, records, following=True):
        """Return the items that became ``records``; of a planned inspection also those whose filing it follows.

        Superuser: whoever makes the step.
        """
        links = {"ctsp.filing": "filing_id", "ctsp.annual.report": "report_id", "ctsp.plan.line": "plan_line_id"}
        domain = Domain(links[records._name], "in", records.ids)
        if records._name == "ctsp.plan.line" and following:
            domain |= Domain("filing_id.deadline_ids.plan_line_id", "in", records.ids)
        return self.sudo().search(domain)

    def _send(self, code, **said):
        """Tell the platform about the item without an event: ``biz.accept``, ``biz.status`` or ``biz.result``."""
        self.ensure_one()
        kind = self.env.ref("ctsp_connector_business.type_" + code.replace(".", "_")).sudo()  # sudo: anybody's step
        return kind._write_out(kind._handler()._message(self._as_platform(), **said))

    def _accept_no(self):
        """Return the number under which the item is worked on here."""
        return self.filing_id.number or self.plan_line_id.plan_id.number or ""

    # ---- buttons

    def action_target(self):
        """Open what the item became, with the reader's own rights."""
        self.ensure_one()
        self.check_access("read")
        target = self._target()
        if not target or (target._name == "ctsp.filing" and target.state == "draft"):
            raise UserError(self.env._("Nothing was handed in for this item yet: the applicant has to mend it first."))
        return {"type": "ir.actions.act_window", "res_model": target._name, "res_id": target.id,
                "views": [(False, "form")]}

    def action_accept(self):
        """Accept a matter that is worked on as it is."""
        self._check_settle()
        for item in self:
            if item.kind != "other" or item.state != "submitted":
                raise UserError(self.env._("“%(item)s” is accepted with its filing or inspection.", item=item.number))
            own = item.sudo()  # sudo: the item is the engine's; the role was checked
            own.write({"accepted_at": self.env.cr.now(), "user_id": item.user_id.id or self.env.uid})
            own._send("biz.accept", accepted=True)
            own._send("biz.status", stage="working")
        return True

    def action_noted(self):
        """A person has seen what came too late; the item goes on as it is."""
        self._check_settle()
        for item in self.filtered("attention"):
            item._message_log(body=self.env._("Noted: %(text)s", text=item.attention))
            item.sudo().write({"attention": False, "is_pending": False})  # sudo: as above
            item.sudo()._tell_person()
        return True

    def action_take_update(self):
        """Have newer content reviewed: the filing is returned, takes it up and is handed in again."""
        self.ensure_one()
        self._check_settle()
        if not self.is_pending:
            raise UserError(self.env._("No newer content waits."))
        target = self.filing_id or self.report_id
        if target.state == "submitted" and self.filing_id:
            raise UserError(self.env._("Accept the filing for review first, then take the newer content over."))
        if target.state != "returned":
            target.run_transition("return", self.env._("Newer content came from the business platform."))
        item = self.sudo()  # sudo: as above
        item.write({"is_pending": False, "attention": False})
        item._work()
        return True

    def action_retry(self):
        """Try again what could not be handed in: the rules, the dictionaries or the registry may have changed."""
        self._check_settle()
        for item in self:
            if item.state not in ("correction", "unmatched") or item.filing_id.state == "returned":
                raise UserError(self.env._("“%(item)s” does not wait for that.", item=item.number))
            own = item.sudo()  # sudo: as above
            own._find_institution()
            own._work()
        return True

    def action_reject(self):
        """Open the dialog that ends an item that cannot be accepted."""
        return self._dialog("reject", self.env._("Not to Be Accepted"))

    def action_finish(self):
        """Open the dialog that ends a matter with its result."""
        return self._dialog("finish", self.env._("Finish"))

    def _dialog(self, kind, name):
        self.ensure_one()
        self._check_settle()
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.business.settle", "target": "new", "name": name,
            "views": [(False, "form")], "context": {"default_item_id": self.id, "default_kind": kind}}

    def _check_settle(self):
        self.check_access("write")
        if not (self.env.su or any(self.env.user.has_group(role) for role in ROLES)):
            raise AccessError(self.env._("Business items are settled by filing officers and planners."))
