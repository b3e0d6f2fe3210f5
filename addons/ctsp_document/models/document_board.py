from odoo import api, fields, models


class DocumentBoard(models.AbstractModel):
    """The papers of a record as a board: one line per type, with what can be done next."""

    _inherit = "ctsp.document.mixin"

    document_board = fields.Json(compute="_compute_document_board")

    @api.depends_context("uid", "lang")
    def _compute_document_board(self):
        kinds = self.env["ctsp.document.type"].search([("res_model", "=", self._name)])
        papers = self.env["ctsp.document"].search(
            [("res_model", "=", self._name), ("res_id", "in", self._origin.ids)], order="id")
        for record in self:
            own = papers.filtered(lambda paper: paper.res_id == record._origin.id)  # noqa: B023  used at once
            record.document_board = [record._origin._board_line(kind, own) for kind in kinds] if record._origin else []

    def _board_line(self, kind, papers):
        own = papers.filtered(lambda paper: paper.type_id == kind)
        alive = own.filtered(lambda paper: paper.state != "void")
        why = self._document_ready(kind.code)
        if kind.is_single and alive:
            why = why or self.env._("made already")
        return {
            "code": kind.code, "name": kind.name, "note": kind.note or "", "why": why,
            "may_make": not why and self._document_may(kind.code, "make"),
            "papers": [paper._board_entry() for paper in own],
        }

    def action_document_make(self):
        """Make a draft of the type named by ``document_code`` in the context, and open it."""
        self.ensure_one()
        return self._document_make(self.env.context.get("document_code"))._open()

    def action_document_make_many(self):
        """Ask for the type, then make one paper for each record."""
        return self.env["ctsp.document.make"]._for(self)

    def action_open_documents(self):
        """Open the papers of these records."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("ctsp_document.ctsp_document_action"),
            "domain": [("res_model", "=", self._name), ("res_id", "in", self.ids)], "context": {},
        }


class Document(models.Model):
    _inherit = "ctsp.document"

    def _board_entry(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        signs = dict(self._fields["sign_state"]._description_selection(self.env))
        tone = {"draft": "warning", "final": "success", "void": "secondary"}[self.state]
        return {
            "id": self.id, "number": self.number or "", "state": self.state, "label": states[self.state],
            "tone": tone, "date": fields.Date.to_string(self.finalised_at or self.create_date),
            "signs": signs[self.sign_state] if self.state == "draft" and self.sign_state != "none" else "",
            "released": bool(self.released_at), "objection": self.has_objection,
        }
