from odoo import api, fields, models
from odoo.exceptions import AccessError

SHOWN = 8
"""how many unread notices the first page lists; the rest are counted"""


class DeskNotice(models.Model):
    """Word to an outside organisation about a record of its own: what was decided, what is due.

    Written by the platform alone, in the language of the authority; a notice stays on the first page of the desk until
    one of the organisation's people opened it or put it away, and in the list of notices for good.
    """

    _name = "ctsp.desk.notice"
    _description = "Notice on the Outside Desk"
    _inherit = ["ctsp.owned.mixin"]
    _order = "date desc, id desc"
    _desk_hidden = ("key", "seen_by")

    name = fields.Char("Notice Text", required=True, readonly=True)
    note = fields.Text("Details", readonly=True)
    tone = fields.Selection(
        [("info", "For Information"), ("success", "Good News"), ("warning", "To Be Done"), ("danger", "Refused")],
        required=True, readonly=True, default="info")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True, index=True)
    action_id = fields.Many2one("ir.actions.act_window", "Screen", readonly=True, ondelete="set null")
    key = fields.Char(readonly=True, help="What this notice is about; there is one notice for each key.")
    is_seen = fields.Boolean("Has Been Read", readonly=True)
    seen_at = fields.Datetime("Read On", readonly=True)
    seen_by = fields.Many2one("res.users", "Read By", readonly=True, ondelete="set null")

    _key_unique = models.Constraint("unique (key)", "There is a notice for this already.")
    _unread_idx = models.Index("(owner_partner_id) WHERE NOT is_seen")

    @api.model
    def _send(self, record, action, name, note=None, tone="info", key=None, seen=False, own=False):
        """Tell the organisation that owns ``record``; what was said about it before is put away.

        :param record: one record with an owner
        :param str name: a sentence in the language of the authority (``tools.language``); so is the ``note``
        :param str action: xml id of the desk's screen that shows it
        :param str key: at most one notice is made for it, however often this is called
        :param bool seen: for the list only: what it says is settled or said by another notice
        :param bool own: a step of whoever is at the desk, who sees there what came of it: the news is his colleagues'
        :return: the notice, empty when there was one
        """
        # superuser: as in _say
        owner = record.sudo().owner_partner_id
        if not owner or (key and self._is_said(key)):
            return self.browse()
        self._settle(record)
        return self._say(
            owner, name, own=own, note=note, tone=tone, key=key, is_seen=seen, res_model=record._name, res_id=record.id,
            action_id=self.env.ref(action).sudo().id)

    @api.model
    def _say(self, owner, name, key=None, own=False, **values):
        """Tell an organisation; see :meth:`_send`, which does it about a record of its own.

        :param owner: partner of the organisation
        """
        if key and self._is_said(key):
            return self.browse()
        # engine rows, whoever's step causes them: nobody may write them
        notice = self.sudo().create({"owner_partner_id": owner.id, "name": name, "key": key, **values})
        if not notice.is_seen:
            notice._announce(own)
        return notice

    @api.model
    def _is_said(self, key):
        # as above
        return bool(self.sudo().search_count([("key", "=", key)], limit=1))

    def _announce(self, own):
        """Tell the organisation's people who have their desk open that there is news, on each one's own channel.

        Nothing of the news is on the bus: their desk asks for it, with their own rights. Where it is the ``own`` step
        of one of them, his first page follows, and nothing is put over what he does.
        """
        people = self.env["res.users"].sudo().search([  # superuser: whoever's step causes it
            ("share", "=", True), ("commercial_partner_id", "=", self.owner_partner_id.id)])
        actor = people & self.env.user if own else people.browse()
        (people - actor)._bus_send("ctsp.desk.notice", {"id": self.id})
        actor._bus_send("ctsp.desk.notice", {"id": False})

    @api.model
    def _settle(self, records):
        """Put away what was said about these records: it does not hold any more."""
        # as above: nobody may write notices
        self.sudo().search([
            ("res_model", "=", records._name), ("res_id", "in", records.ids), ("is_seen", "=", False),
        ]).is_seen = True

    def action_seen(self):
        """Put these notices away (called by the desk); only who they are for says that they were seen."""
        self.check_access("read")
        if not self.env.user.share:
            raise AccessError(self.env._("A notice is put away by the institution it is for."))
        # nobody writes notices; that one was read is said by reading
        self.sudo().filtered(lambda notice: not notice.is_seen).write({
            "is_seen": True, "seen_at": fields.Datetime.now(), "seen_by": self.env.uid})
        return True

    @api.model
    def _unread(self):
        """Return the notices of the first page as plain data."""
        if not self.has_access("read"):
            return []
        return [{
            "id": notice.id, "title": notice.name, "note": notice.note or "", "tone": notice.tone,
            "date": fields.Datetime.to_string(notice.date), "action_id": notice.action_id.id, "res_id": notice.res_id,
        } for notice in self.search([("is_seen", "=", False)], limit=SHOWN)]
