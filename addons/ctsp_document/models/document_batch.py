import base64
import io
import zipfile

from odoo import api, fields, models
from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.fields import Command

AT_ONCE = 20
FINAL_AT_ONCE = 5
KEEP_DAYS = 7
MAX_DOCUMENTS = 1000
STAMP = (1980, 1, 1, 0, 0, 0)  # a zip of the same papers is the same file


class DocumentBatch(models.Model):
    """Many papers in one zip, in the background when they are many. Drafts are finalised first when asked."""

    _name = "ctsp.document.batch"
    _description = "Package of Documents"
    _inherit = ["ctsp.job.mixin"]
    _order = "id desc"

    name = fields.Char("Title", required=True)
    document_ids = fields.Many2many("ctsp.document", string="Documents", readonly=True)
    finalise = fields.Boolean("Finalise Drafts", readonly=True)
    count = fields.Integer("Documents in the Package", compute="_compute_count")
    data = fields.Binary("Package", attachment=True, readonly=True)
    file_name = fields.Char(compute="_compute_count")
    failures = fields.Text("Not in the Package", readonly=True)

    @api.depends("document_ids", "name")
    def _compute_count(self):
        for batch in self:
            batch.count = len(batch.document_ids)
            batch.file_name = f"{batch.name}.zip"

    def _job_title(self):
        return self.env._("Package of documents: %(title)s", title=self.name)

    def _job_size(self):
        return len(self.document_ids)

    def _job_execute(self, progress):
        failures, stream, taken = (self.failures or "").splitlines(), io.BytesIO(), set()
        self.document_ids.check_access("read")
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
            for document in self.document_ids.sorted("id"):
                if self.finalise and document.state == "draft":
                    failures += document._finalise_apart()
                name = self._name_of(document, taken)
                package.writestr(zipfile.ZipInfo(name, STAMP), document._paper(), zipfile.ZIP_DEFLATED)
                progress.step(message=document.display_name)
        # superuser: the package is the job's result, read by its owner alone
        self.sudo().write({"data": base64.b64encode(stream.getvalue()), "failures": "\n".join(failures) or False})
        self.env["ctsp.audit.port"]._log("document_package", self.document_ids, package=self.name)
        progress.result(self.action_download())

    @api.model
    def _name_of(self, document, taken):
        """Return the readable name of a paper in the package, each once; ``taken`` grows."""
        name = document.file_name
        if document.state != "final":
            name = f"{document._state_label(document.state)}_{name}"
        if name in taken:
            name = f"{name[:-4]}_{document.id}.pdf"
        taken.add(name)
        return name

    @api.autovacuum
    def _gc_packages(self):
        """Packages are copies of papers: they go after some days, the record of the package stays."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        self.search([("data", "!=", False), ("create_date", "<", limit)]).data = False

    def action_download(self):
        """Download the package; the one who ordered it only."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/web/content/{self._name}/{self.id}/data/{self.file_name}?download=true"}


class Document(models.Model):
    _inherit = "ctsp.document"

    def action_batch(self, finalise=False, title=None, failures=None):
        """Pack the papers into a zip: at once when they are few, else in the background."""
        self.check_access("read")
        if not self or len(self) > MAX_DOCUMENTS:
            raise UserError(self.env._("A package holds 1 to %(limit)s documents.", limit=MAX_DOCUMENTS))
        today = fields.Date.context_today(self)
        batch = self.env["ctsp.document.batch"].create({
            "name": title or self.env._("Documents %(date)s (%(count)s)", date=today, count=len(self)),
            "document_ids": [Command.set(self.ids)], "finalise": bool(finalise), "failures": failures or False})
        done = batch._job_start(background=len(self) > (FINAL_AT_ONCE if finalise else AT_ONCE))
        if done:
            return batch.action_download()
        return {"type": "ir.actions.act_window", "res_model": batch._name, "res_id": batch.id, "view_mode": "form",
                "views": [(False, "form")]}

    def _batch(self):
        """Return the action that gives the papers as a zip. Contract of the engine."""
        return self.action_batch()

    def _finalise_apart(self):
        """Make one paper of a package final; return the failure, if any, as a list.

        A large package (in the background) gives each paper a transaction of its own: a drawn number keeps everybody
        else waiting until commit, and papers that became final stay so when the job is interrupted and runs again.
        """
        try:
            if self.env.context.get("ctsp_background"):
                with self.env.registry.cursor() as cr:
                    Environment(cr, self.env.uid, self.env.context)[self._name].browse(self.id)._finalise()
            else:
                with self.env.cr.savepoint():
                    self.with_context(ctsp_unasked=True)._finalise()  # the system's seal: nobody is asked under each
        except UserError as error:
            return [f"{self.record_name or self.display_name}: {error}"]
        self.invalidate_recordset()
        return []
