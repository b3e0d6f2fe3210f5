from odoo import api, fields, models

from odoo.addons.ctsp_exchange.tools.errors import Final

BACKEND = "admin"


class AdminTask(models.Model):
    """A task of the regulator's inspection system (药械化行政检查管理系统), with its list of enterprises.

    Made and changed by what that system sends; it becomes a plan here. What people do about it is naming the
    institutions that could not be found (:class:`AdminTaskLine`).
    """

    _name = "ctsp.admin.task"
    _description = "Task of the Inspection System"
    _inherit = ["mail.thread", "mail.activity.mixin", "ctsp.export.mixin"]
    _order = "received_at desc, id desc"
    _rec_names_search = ["name", "number"]
    _audit_what = "write"
    _integrity_fields = {1: ("number", "kind", "version", "date_due", "state", "plan_id")}

    number = fields.Char("Task No.", required=True, readonly=True, index="trigram")
    name = fields.Char("Title", required=True, readonly=True, index="trigram")
    kind = fields.Selection(
        [("routine", "Routine Supervision"), ("special", "Campaign"), ("transfer", "Transferred Task")], required=True,
        readonly=True, index=True)
    basis = fields.Text(readonly=True)
    issuer = fields.Char("Issued By", readonly=True)
    date_due = fields.Date("Due", readonly=True, index=True)
    version = fields.Integer(readonly=True, aggregator=None)
    received_at = fields.Datetime("Received", readonly=True, index=True)
    state = fields.Selection(
        [("open", "In Hand"), ("withdrawn", "Withdrawn by the Issuer")], required=True, readonly=True, default="open",
        index=True, tracking=True)
    plan_id = fields.Many2one("ctsp.plan", readonly=True, index="btree_not_null", ondelete="set null", copy=False)
    line_ids = fields.One2many("ctsp.admin.task.line", "task_id", "Enterprises")
    message_line_ids = fields.One2many("ctsp.admin.message", "task_id", "Messages Exchanged", readonly=True)
    line_count = fields.Integer("Enterprises Listed", compute="_compute_counts", store=True, aggregator="sum")
    has_dead_message = fields.Boolean("Message Not Delivered", compute="_compute_has_dead_message")
    unmatched_count = fields.Integer("To Be Identified", compute="_compute_counts", store=True, aggregator="sum")

    _number_unique = models.Constraint("UNIQUE(number)", "There is a task with this number already.")

    @api.depends("line_ids.institution_id", "line_ids.removed")
    def _compute_counts(self):
        for task in self:
            lines = task.line_ids.filtered(lambda line: not line.removed)
            task.line_count = len(lines)
            task.unmatched_count = len(lines.filtered(lambda line: not line.institution_id))

    def _compute_has_dead_message(self):
        """Whether the issuer was not told something, or we could not apply what he said."""
        for task in self:
            task.has_dead_message = bool(task._messages().filtered(
                lambda message: message.state == "dead" or message.is_failed_there))

    def _messages(self):
        """Return every message about the task and its inspections, as superuser: the reader's rights decide later."""
        self.ensure_one()
        own = self.sudo()  # sudo: as above
        messages = own.env["ctsp.exchange.message"]
        return messages._about(own) | messages._about(own.line_ids.plan_line_id.inspection_id)

    @api.depends("number", "name")
    def _compute_display_name(self):
        for task in self:
            task.display_name = f"{task.number} {task.name}"

    # ---- what the other system said

    @api.model
    def _receive(self, message, data):
        """Make or change the task that ``data`` describes; return it."""
        if message.business_id != data["taskNo"]:  # versions are counted, and put in order, by it
            raise Final(self.env._("bizId is not the number of the task (taskNo)."))
        task = self.search([("number", "=", data["taskNo"])], limit=1)
        if data.get("action") == "withdraw":
            task = task or self._unknown(message, data)
            task.version = message.version
            task._withdraw(data.get("reason") or "")
            return task
        values = self._values(message, data)
        if task:
            task.write(values)
        else:
            task = self.create({"number": data["taskNo"], "received_at": message.created_at, **values})
        task.line_ids._take_list(task, data["enterprises"])
        task._to_plan()
        task._tell_unmatched()
        task._ask_planners()
        return task

    @api.model
    def _unknown(self, message, data):
        """Return a task that is withdrawn before it was heard of: people see that it was."""
        return self.create({
            "number": data["taskNo"], "name": data.get("title") or data["taskNo"],
            "kind": data.get("type") or "special", "issuer": data.get("issuer") or False,
            "received_at": message.created_at})

    @api.model
    def _values(self, message, data):
        return {
            "name": data["title"], "kind": data["type"], "basis": data.get("basis") or False,
            "issuer": data.get("issuer") or False, "date_due": data.get("deadline") or False,
            "version": message.version, "state": "open"}

    def _withdraw(self, reason):
        """The issuer takes the task back: what has not begun is called off."""
        self.ensure_one()
        self.state = "withdrawn"
        text = self.env._("Withdrawn by the issuer: %(reason)s", reason=reason or self.env._("no reason given"))
        for line in self.line_ids.filtered(lambda line: not line.removed):
            line._call_off(text)
        self._tell_unmatched()
        self._drop_todos()

    def _tell_unmatched(self):
        """Have planners told as long as an enterprise is not identified."""
        for task in self:
            key = f"admin.task:{task.id}"
            if task.state == "open" and task.unmatched_count:
                self.env["ctsp.risk.alert"]._raise([{
                    "key": key, "record": task, "source": "exchange", "level": "warning",
                    "role_id": self.env.ref("ctsp_base.group_planner").id, "date_deadline": task.date_due,
                    "name": self.env._("Task %(number)s: %(count)s enterprises are not identified",
                                       number=task.number, count=task.unmatched_count)}])
            else:
                self.env["ctsp.risk.alert"]._resolve([key])

    # ---- screen

    def action_messages(self):
        """Show what was said about the task, both ways, to who keeps the exchange."""
        self.ensure_one()
        self.check_access("read")
        self.env["ctsp.exchange.message"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_exchange.ctsp_exchange_message_action")
        return action | {"domain": [("id", "in", self._messages().ids)], "context": {}, "display_name": self.number}

    def action_plan(self):
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "ctsp.plan", "res_id": self.plan_id.id,
                "views": [(False, "form")]}
