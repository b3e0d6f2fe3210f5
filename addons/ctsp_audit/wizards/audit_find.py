from odoo import api, fields, models
from odoo.exceptions import UserError

FEW = 100  # records of which one asks by a part of the name


class AuditFind(models.TransientModel):
    """Dialog: the time line of a record or of a person, without a row of the log to begin at.

    A record is found as it is known now, deleted ones by the name the log kept. Looking one up is logged.
    """

    _name = "ctsp.audit.find"
    _description = "Find a Time Line"

    subject = fields.Selection(
        [("record", "What happened to a record"), ("user", "What somebody did")], required=True, default="record")
    model = fields.Selection("_selection_model", string="Kind of Record")
    name = fields.Char(help="The whole name of a person; part of the name of anything else.")
    number = fields.Integer("Record Identifier")
    user_id = fields.Many2one("res.users", "Account")

    @api.model
    def _selection_model(self):
        levels = self.env["ctsp.audit.scope"]._levels()
        labels = dict(self.env["ctsp.audit.event"]._selection_model())
        return sorted(((name, labels[name]) for name in levels if name in labels), key=lambda pair: pair[1])

    def action_open(self):
        """Open the time line."""
        self.ensure_one()
        log = self.env["ctsp.audit.log"]
        log.check_access("read")
        if self.subject == "user":
            if not self.user_id:
                raise UserError(self.env._("Choose an account."))
            return log._time_line(
                self.env._("Doings of %(user)s", user=self.user_id.login), [("login", "=", self.user_id.login)])
        if not self.model or not (self.number or (self.name or "").strip()):
            raise UserError(self.env._("Choose the kind of record, and give its name or identifier."))
        ids = [self.number] if self.number else self._found()
        if not log.search_count([("model", "=", self.model), ("about_id", "in", ids)], limit=1):
            raise UserError(self.env._(
                "The log says nothing about such a record. People are found by their whole name."))
        self.env["ctsp.audit.port"]._log("audit.find", self.env[self.model].browse(ids))
        return log._time_line(
            self.env._("History of %(record)s", record=self.name or f"#{self.number}"),
            [("model", "=", self.model), ("about_id", "in", ids)])

    def _found(self):
        """Return the identifiers of records of this name, now or when a row of the log was written."""
        name = self.name.strip()
        rows = self.env["ctsp.audit.log"].search(
            [("model", "=", self.model), ("record_name", "ilike", name)], limit=FEW)
        # superuser: the log is the audit administrator's, whichever records he may see; no value leaves this method
        records = self.env[self.model].sudo().with_context(active_test=False)
        named = records._rec_names_search or records._rec_name  # without one Odoo would find them all
        known = [number for number, _name in records.name_search(name, limit=FEW)] if named else []
        return sorted({*known, *filter(None, rows.mapped("res_id"))})
