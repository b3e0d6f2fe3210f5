from odoo.tests import tagged

from .common import SecretCase


@tagged("post_install", "-at_install")
class TestKernelModels(SecretCase):
    """What the kernel keeps of imports and exports repeats the data, and is encrypted with it."""

    def test_import(self):
        """File, first values, differences and what an undo needs: nothing in clear; the undo still works."""
        self.secret.id_number = False
        text = "name,mobile,email\nA,13900000001,new@example.org\nZ,13900000002,z@example.org\n"
        job = self.env["ctsp.import.job"]._load_file("ctsp.test.secret", text.encode(), filename="a.csv")
        self.env.flush_all()
        self.assertEqual((job.new_count, job.changed_count), (1, 1))
        self.env.cr.execute("SELECT (SELECT string_agg(r::text, '') FROM ctsp_import_row r) || "
                            "(SELECT string_agg(c::text, '') FROM ctsp_import_column c)")
        stored = self.env.cr.fetchone()[0]
        for value in ("13900000001", "13900000002", "new@example.org", "13812345678"):
            self.assertNotIn(value, stored)
        self.env.invalidate_all()
        self.assertIn("13900000001", job.row_ids.filtered("difference").difference)
        self.assertIn("A", job.column_ids[0].sample)
        job.action_undo()
        self.env.invalidate_all()
        self.assertEqual(self.secret.mobile, "138 1234 5678")
        self.assertFalse(self.Secret.search([("name", "=", "Z")]))

    def test_bad_rows(self):
        """The reason of a refusal, which may repeat the value, is encrypted and shown."""
        job = self.env["ctsp.import.job"]._load_file(
            "ctsp.test.secret", "name,born_on\nY,某年\n".encode(), filename="a.csv", mode="good")
        self.assertEqual(job.bad_count, 1)
        self.assertTrue(job.row_ids.message)
        self.assertIsNotNone(self.stored(job.row_ids, "crypto_message")[0])
        self.assertTrue(job.row_ids.search([("message", "!=", False), ("id", "=", job.row_ids.id)]))

    def test_export(self):
        """What was searched for is not kept in clear with the export."""
        self.env["ctsp.export.wizard"].with_context(
            active_model="ctsp.test.secret", active_domain=[("mobile", "=", "13812345678")]).create({}).action_export()
        job = self.env["ctsp.export.job"].search([], limit=1)
        self.env.flush_all()
        self.env.cr.execute("SELECT string_agg(w::text, '') FROM ctsp_export_wizard w")
        self.assertNotIn("13812345678", self.env.cr.fetchone()[0])
        self.assertNotIn("13812345678", str(self.stored(job)))
        self.env.invalidate_all()
        self.assertEqual(job.domain, [["mobile", "=", "13812345678"]])
        self.assertTrue(job.attachment_id.store_fname.rpartition("/")[2].startswith("x"))
