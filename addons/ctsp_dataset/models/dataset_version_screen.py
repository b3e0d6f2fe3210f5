from odoo import models


class DatasetVersion(models.Model):
    """What the buttons of a version open."""

    _inherit = "ctsp.dataset.version"

    def action_next_version(self):
        """Make the next version, with everything of this one, and open it."""
        self.ensure_one()
        self.browse().check_access("create")
        data = self._definition().as_dict() | {"version": self._next_number()}
        new = self._from_data(self.dataset_id, data)
        new.previous_id = self
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": new.id, "views": [[False, "form"]]}

    def _next_number(self):
        taken = set(self.dataset_id.version_ids.mapped("number"))
        head, _dot, tail = self.number.rpartition(".")
        step = int(tail) + 1 if tail.isdecimal() else 1
        while (number := f"{head or self.number}.{step}") in taken:
            step += 1
        return number

    def action_download(self):
        """Download the version; the context says as what (``xlsx``, ``template``, ``docx``, ``pdf``, ``schema``)."""
        self.ensure_one()
        self.check_access("read")
        kind = self.env.context.get("download", "xlsx")
        return {"type": "ir.actions.act_url", "url": f"/ctsp/outside/dataset/{self.id}/{kind}", "target": "download"}

    def action_guide(self):
        """Download the guide to the interfaces: how to call them, and every data set field by field."""
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": "/ctsp/outside/guide", "target": "download"}

    def action_compare(self):
        """Put the version beside the one before it."""
        self.ensure_one()
        others = self.dataset_id.version_ids - self
        left = self.previous_id or others.filtered(lambda version: version.id < self.id)[:1] or others[:1]
        return {
            "type": "ir.actions.act_window", "name": self.env._("Compare Versions"),
            "res_model": "ctsp.dataset.compare", "views": [[False, "form"]],
            "context": {"default_right_id": self.id, "default_left_id": left.id}}

    def action_import(self):
        """Replace the content of a draft by that of a workbook."""
        self.ensure_one()
        self.check_access("write")
        self._check_draft()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Take Over a Definition"), "target": "new",
            "res_model": "ctsp.dataset.import", "views": [[False, "form"]], "context": {"default_version_id": self.id}}
