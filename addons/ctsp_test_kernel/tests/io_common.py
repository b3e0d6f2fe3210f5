import base64
import io

import openpyxl

from odoo.addons.ctsp_base.tests.common import CtspCase


def xlsx(*rows):
    """Return the bytes of a workbook with ``rows``."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class IoCase(CtspCase):
    """Exports and imports: progress writes on cursors of its own, which must see this test's transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kinds = cls.env["ctsp.test.clinic.kind"].create([
            {"name": "综合", "code": "general"}, {"name": "专科", "code": "special"}, {"name": "中医", "code": "tcm"}])
        cls.clinics = cls.env["ctsp.test.clinic"].create([
            {"name": f"示例医院{index}（示例）", "code": f"C{index}", "level": "third", "kind_id": cls.kinds[0].id,
             "opened_on": "2020-01-02", "beds": index} for index in range(3)])
        cls.steward = cls.role("data_steward")
        cls.regulator = cls.role("regulator")
        cls.Clinic = cls.env["ctsp.test.clinic"]

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()

    def job(self, content, name="a.xlsx", user=None, **values):
        """Return an import of ``content`` with its columns matched."""
        job = self.env["ctsp.import.job"].with_user(user or self.steward).create({
            "res_model": "ctsp.test.clinic", "file": base64.b64encode(content), "file_name": name, **values})
        job.action_read()
        return job

    def cells(self, job):
        """Return the cells of an exported workbook."""
        book = openpyxl.load_workbook(io.BytesIO(job.sudo().attachment_id.raw))
        return list(book.active.iter_rows(values_only=True))
