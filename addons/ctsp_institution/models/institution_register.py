from pathlib import Path

from odoo import api, models

DATA = Path(__file__).parents[3] / "data" / "institutions"
FILES = (
    ("ctsp.institution", "shanghai_filed_2026-09.csv", {
        "备案号": "record_no", "机构名称": "name", "备案状态": "state", "所在区": "district_id",
        "注册地址": "address", "数据来源": "data_source", "数据日期": "as_of_date", "备注": "note",
    }),
    ("ctsp.site", "shanghai_sites_2026-09.csv", {
        "机构": "institution_id", "院区名称": "name", "院区地址": "address", "所在区": "district_id",
        "主院区": "is_main",
    }),
)
"""model, file under ``data/institutions``, header → field; in the order of loading"""


class Institution(models.Model):
    """Import of institutions, and the real filed institutions that set-up loads."""

    _inherit = "ctsp.institution"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _import_field_names(self):
        """The steward imports the filing state, too: the public register says it."""
        names = super()._import_field_names()
        position = names.index("record_no") + 1 if "record_no" in names else 0
        return names if "state" in names else [*names[:position], "state", *names[position:]]

    @api.model
    def _load_public_register(self, folder=None):
        """Load the public register through the import engine, as a steward would. A second time changes nothing.

        :param folder: where the files lie, ``data/institutions`` of the repository when not given
        :return: the import jobs
        """
        folder = Path(folder) if folder else DATA
        self = self.with_context(lang="zh_CN")  # the files speak Chinese
        jobs = self.env["ctsp.import.job"]
        if not folder.is_dir():
            return jobs
        for model, name, mapping in FILES:
            jobs |= self.env["ctsp.import.job"]._load_file(model, str(folder / name), mapping=mapping)
        return jobs
