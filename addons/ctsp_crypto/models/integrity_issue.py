from odoo import api, fields, models
from odoo.exceptions import UserError

NAMELESS = (UserError, ValueError, LookupError, TypeError, AttributeError)
NAMED = 10  # rows and fields that an alert says in words
CHAINED = ("seal", "cut", "checkpoint", "manifest")


class IntegrityIssue(models.Model):
    """A finding: a row, and the field where one was changed. One for as long as it stays the same.

    It is open until the security administrator closes it (``integrity_close.py``). What is known is not told anew while
    it stays the same; whatever changes once more is another finding. A check says which ones it does not find any more;
    they wait for somebody all the same. Findings lie under evidence: nobody silences one by SQL.
    """

    _name = "ctsp.integrity.issue"
    _description = "Finding about Important Data"
    _inherit = ["ctsp.export.mixin"]
    _order = "id"
    _integrity_fields = {1: (
        "identity", "kind", "model", "res_id", "field_name", "state", "reason", "closed_by", "closed_at", "gone_on")}

    identity = fields.Char(readonly=True, index=True, help="The same for as long as nothing about it changes.")
    verification_id = fields.Many2one(
        "ctsp.integrity.verification", "First Found By", index=True, ondelete="set null", readonly=True)
    verification_ids = fields.Many2many(
        "ctsp.integrity.verification", "ctsp_integrity_issue_verification_rel", "issue_id", "verification_id",
        "Verifications", readonly=True)
    alert_id = fields.Many2one("ctsp.audit.alert", "Alert", index="btree_not_null", ondelete="set null", readonly=True)
    kind = fields.Selection(
        [("altered", "Altered"), ("added", "Row Put In"), ("missing", "Row Gone"),
         ("rolled_back", "Older State Put Back"), ("evidence", "Evidence Altered"),
         ("signature", "Signature Does Not Hold"), ("seal", "Seal Altered"), ("cut", "End Cut Off"),
         ("checkpoint", "Checkpoint Unreadable"), ("manifest", "Number of Rows Differs")],
        required=True, readonly=True, index=True)
    model = fields.Char("Technical Name", readonly=True)
    model_label = fields.Char("Kind of Record", compute="_compute_labels")
    res_id = fields.Integer("Record ID", readonly=True, aggregator=None)
    record_name = fields.Char("Record", readonly=True)
    field_name = fields.Char("Column", readonly=True)
    field_label = fields.Char("Field", compute="_compute_labels")
    revision = fields.Integer(readonly=True, aggregator=None)
    last_date = fields.Datetime("Last Found", readonly=True, default=lambda self: self.env.cr.now())
    gone_on = fields.Datetime("Not Found Any More Since", readonly=True, index="btree_not_null")
    state = fields.Selection(
        [("open", "Open"), ("restored", "Put Right"), ("known", "Acknowledged")], default="open", required=True,
        readonly=True, index=True)
    reason = fields.Text("What Was Found Out", readonly=True)
    closed_by = fields.Many2one("res.users", "Handled By", readonly=True)
    closed_at = fields.Datetime("Handled On", readonly=True)

    @api.depends("model", "field_name")
    def _compute_labels(self):
        for issue in self:
            model = self.env.get(issue.model) if issue.model else None
            issue.model_label = issue.model if model is None else self.env["ctsp.integrity"]._model_label(issue.model)
            field = model._fields.get(issue.field_name) if model is not None and issue.field_name else None
            issue.field_label = field._description_string(self.env) if field else issue.field_name

    @api.depends("kind", "model", "res_id", "field_name")
    def _compute_display_name(self):
        for issue in self:
            issue.display_name = issue._sentence()

    def _sentence(self):
        """Say in words what was found: kind of record, number and field. No name and no value: it may be personal."""
        kind = dict(self._fields["kind"]._description_selection(self.env)).get(self.kind)
        what = self.model_label or ""
        if self.res_id:
            what = self.env._("%(model)s no. %(id)s", model=what, id=self.res_id)
        if self.field_name:
            what = self.env._("%(record)s, “%(field)s”", record=what, field=self.field_label)
        return self.env._("%(what)s: %(finding)s", what=what, finding=kind) if what else kind

    @api.model
    def _values(self, found):
        """Return the values of a row for a finding of ``tools.evidence`` or of the chain."""
        return {
            "identity": found.identity, "kind": found.kind, "model": found.model, "res_id": found.res_id,
            "field_name": found.name, "revision": found.revision or 0, "record_name": self._name_of(found)}

    @api.model
    def _name_of(self, found):
        """Return a name that people know the row by, nothing where it would tell personal data."""
        record = self.env[found.model].sudo().browse(found.res_id).exists() if found.model in self.env else None
        if not record:
            return False
        shown = record._rec_name
        if not shown or shown in getattr(record, "_personal_fields", {}):
            return False
        try:
            return record.with_context(active_test=False).display_name
        except NAMELESS:  # what was altered may not even have a name any more
            return False

    # ---- what a look finds, and what it does not find any more

    @api.model
    def _note(self, findings, verification=None, room=None):
        """Keep findings, each once, and open again what had been put right or was gone. Return their rows.

        :param room: how many that are not known are kept at most
        """
        found = {one.identity: one for one in findings}
        self._take_over(found)
        rows = {row.identity: row for row in self.search([("identity", "in", list(found))])}
        kept = self.browse([row.id for row in rows.values()])
        genuine = self.env["ctsp.integrity"]._agreeing(kept.filtered(lambda row: row.state != "open"))
        back = kept.filtered(lambda row: row.gone_on or row.state == "restored" or (
            row.state != "open" and row not in genuine))
        back.write({"state": "open", "gone_on": False, "alert_id": False})
        new = [one for identity, one in found.items() if identity not in rows]
        taken = len(kept.filtered(lambda row: row.state == "open"))
        made = self.create([
            self._values(one) | {"verification_id": verification and verification.id}
            for one in new[:None if room is None else max(room - taken, 0)]])
        (kept | made).write({"last_date": self.env.cr.now()} | (
            {"verification_ids": [fields.Command.link(verification.id)]} if verification else {}))
        return kept | made

    @api.model
    def _take_over(self, found):
        """Give findings of an older release, which say only where something was found, the identity of what is there.

        :param found: ``{identity: Finding}``
        """
        older = self.search([("identity", "=", False), ("model", "in", list({one.model for one in found.values()}))])
        if not older:
            return
        free = {one.place: identity for identity, one in found.items()}
        for row in older:
            if identity := free.pop(row._place(), None):
                row.identity = identity

    def _place(self):
        """Return what ``Finding.place`` says of the same."""
        return self.kind, self.model, self.res_id, self.field_name or None

    def _set_gone(self):
        self.filtered(lambda row: not row.gone_on).write({"gone_on": fields.Datetime.now()})

    # ---- telling

    def _to_tell(self):
        """Return those nobody has handled that no open alert tells of."""
        return self.filtered(lambda row: row.state == "open" and row.alert_id.state != "open")

    def _tell(self, who, text, beyond=0):
        """Raise an alert that names these findings beside those it names already.

        :param beyond: how many more there are that are not kept
        """
        if not self:
            return
        alerts = self.env["ctsp.audit.alert"]
        same = alerts.search([("kind", "=", "tampering"), ("who", "=", who), ("state", "=", "open")], limit=1)
        told = self | self.search([("alert_id", "in", same.ids)])
        self.alert_id = alerts._raise("tampering", who, len(told) + beyond, text, detail=told._in_words(beyond))

    def _in_words(self, more=0):
        """Return a text that names the first of these findings, a line each.

        :param more: how many there are beside these
        """
        lines = [row._sentence() for row in self[:NAMED]]
        if (more := more + len(self[NAMED:])) > 0:
            lines.append(self.env._("and %(count)s more", count=more))
        return "\n".join(lines)
