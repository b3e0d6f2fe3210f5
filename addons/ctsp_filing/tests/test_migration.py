from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from .common import FilingCase


@tagged("post_install", "-at_install")
class TestMigration(FilingCase):
    """A database of yesterday opens with the code of today."""

    def test_proofs_are_terms_of_one_dictionary(self):
        """Kinds of attachments chosen as proofs become proofs: in filings, their bases and the registry."""
        delegation, other = (self.item("trial_proof", code) for code in ("delegation_log", "other"))
        dictionary = self.env["ctsp.dictionary"].create({"code": "attachment_kind", "name": "附件类别"})
        evidence = self.env["ctsp.dictionary.item"].create({
            "dictionary_id": dictionary.id, "code": "trial_evidence", "name": "既往试验项目证明"})
        self.person.experience_ids = [
            Command.create({"trial_name": name, "proof_kind_ids": [Command.set(delegation.ids)]})
            for name in ("甲试验（示例）", "乙试验（示例）")]
        filing = self.change().sudo()
        registered = self.person.experience_ids
        proposed = filing.person_ids.experience_ids
        self.assertEqual(len(proposed), 2)
        first, untouched = proposed
        for table, row in (("ctsp_filing_experience_proof_rel", first),
                           ("ctsp_person_experience_proof_rel", first.target_id)):
            self.env.cr.execute(SQL(
                "INSERT INTO %s (experience_id, item_id) VALUES (%s, %s)", SQL.identifier(table), row.id, evidence.id))
        self.env.invalidate_all()
        first.base_values = {**first.base_values, "proof_kind_ids": sorted([delegation.id, evidence.id])}
        self.env.flush_all()
        path = file_path("ctsp_filing/migrations/19.0.1.1.0/post-migrate.py")
        load_script(path, "proofs").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        for row in (first, first.target_id):
            self.assertEqual(row.proof_kind_ids, delegation | other)
        self.assertEqual(first.base_values["proof_kind_ids"], sorted((delegation | other).ids))
        self.assertEqual((first.operation, untouched.operation), ("keep", "keep"))
        self.assertEqual((untouched.proof_kind_ids, (registered - first.target_id).proof_kind_ids), (delegation,) * 2)
