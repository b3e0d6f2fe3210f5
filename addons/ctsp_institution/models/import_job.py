from odoo import models


class ImportJob(models.Model):
    """Names the import as the origin of the versions it makes."""

    _inherit = "ctsp.import.job"

    def _execute_test(self, progress):
        with self.env["ctsp.institution"]._version_tried():
            self.env["ctsp.institution"]._version_because("import", origin=self)  # nobody is asked for a reason
            return super()._execute_test(progress)

    def _execute_run(self, progress):
        self.env["ctsp.institution"]._version_because("import", origin=self)
        with self.env["ctsp.institution"]._version_held():
            return super()._execute_run(progress)

    def _execute_undo(self, progress):
        self.env["ctsp.institution"]._version_because("import", origin=self, reason=self.env._("Import undone"))
        with self.env["ctsp.institution"]._version_held():
            return super()._execute_undo(progress)
