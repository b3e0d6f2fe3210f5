from odoo import models
from odoo.tools.misc import file_path

HEADERS = {
    "环节": "section_name", "编号": "number", "检查对象": "object", "检查要点": "point", "检查内容": "content",
    "等级": "grade", "法律依据": "basis", "依据条文": "article_ids", "常见缺陷": "frequent_text",
    "检查方法": "guidance", "须拍照": "photo_required"}


class ClauseLibraryScreen(models.Model):
    """What the buttons of a library open."""

    _inherit = "ctsp.clause.library"  # pylint: disable=consider-merging-classes-inherited; see the file's title

    def action_open_clauses(self):
        """Open the clauses of the library, of one grade when the context names it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_clause.ctsp_clause_action_of_library")
        context = {"default_library_id": self.id}
        if grade := self.env.context.get("clause_grade"):
            context[f"search_default_{grade}"] = 1
        return {**action, "domain": [("library_id", "=", self.id)], "context": context}

    def action_import(self):
        """Start an import of clauses into this library."""
        self.ensure_one()
        self.check_access("write")
        self._check_unpublished()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_base.import_start_action")
        return {**action, "context": {"default_res_model": "ctsp.clause", "default_clause_library_id": self.id}}

    def action_workbook(self):
        """Download the library as a workbook to read; it can be imported again."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/ctsp/clause/library/{self.id}", "target": "download"}

    def action_compare(self):
        """Put the library beside the version before it, or beside another one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Compare Versions"), "res_model": "ctsp.clause.compare",
            "views": [[False, "form"]], "target": "current",
            "context": {"default_right_id": self.id, "default_left_id": self._compared_with().id}}

    def _compared_with(self):
        others = self.search([("id", "!=", self.id), ("status", "=", self.status)], limit=1)
        return self.previous_id or self.next_ids[:1] or others

    def _load_clauses(self, path):
        """Import the clauses of a file of an addon into the library, as a user would.

        The headers and options of such files are Chinese whatever the language of the session.
        """
        self.ensure_one()
        if self.clause_ids:
            return self.env["ctsp.import.job"]  # loaded before: an update does not touch what people have now
        job = self.env["ctsp.import.job"].with_context(lang="zh_CN", default_clause_library_id=self.id)
        return job._load_file("ctsp.clause", file_path(path), mapping=HEADERS)
