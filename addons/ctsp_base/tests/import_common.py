"""What tests of imports share: files, and a steward who brings them."""
import base64
import csv
import io

import openpyxl

from .common import CtspCase


def xlsx(*rows):
    """Return the bytes of a workbook with ``rows``."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def gbk(*rows):
    """Return the bytes of a csv file with ``rows`` as an older Excel writes it."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("gb18030")


class ImportCase(CtspCase):
    """Imports as a data steward who speaks Chinese: headers, values and reasons as he meets them."""

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()  # progress is written on cursors of its own, which must see this transaction

    def job(self, model, content, name="a.xlsx", user=None, **values):
        """Return an import of ``content`` with its columns matched."""
        jobs = self.env["ctsp.import.job"].with_user(user or self.role("data_steward", personal=True))
        job = jobs.with_context(lang="zh_CN").create({
            "res_model": model, "file": base64.b64encode(content), "file_name": name, **values})
        job.action_read()
        return job

    def tried(self, model, *rows, **values):
        """Return the dry run of ``rows``, the first of which are the headers."""
        job = self.job(model, xlsx(*rows), **values)
        job.action_test()
        return job

    def imported(self, model, *rows, **values):
        """Return the finished import of ``rows``."""
        job = self.tried(model, *rows, **values)
        job.action_run()
        self.assertEqual(job.state, "done", job.row_ids.mapped("message"))
        return job

    def reasons(self, job):
        """Return ``{row: reason}`` of the bad rows."""
        return {row.number: row.message for row in job.row_ids if row.state == "bad"}

    def counts(self, job):
        return job.new_count, job.changed_count, job.unchanged_count, job.bad_count
