from odoo import models


class ImportJob(models.Model):
    """Names the import as the origin of the versions it makes."""

    _inherit = "ctsp.import.job"

    def _execute_test(self, progress):
        registry = self.env["ctsp.institution"]
        with registry._version_tried(), registry._version_caused("import", self):  # nobody is asked for a reason
            return super()._execute_test(progress)

    def _execute_run(self, progress):
        registry = self.env["ctsp.institution"]
        with registry._version_held(), registry._version_caused("import", self):
            return super()._execute_run(progress)

    def _execute_undo(self, progress):
        registry, reason = self.env["ctsp.institution"], self.env._("Import undone")
        with registry._version_held(), registry._version_caused("import", self, reason):
            return super()._execute_undo(progress)
