from odoo.fields import Command

from odoo.addons.ctsp_base.tests.common import CtspCase


class RegistryCase(CtspCase):
    """One filed, invented institution with a site, a PI, a specialty and a committee."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.district = cls.env["ctsp.district"].search([], limit=1) or cls.env["ctsp.district"].create(
            {"code": "999901", "name": "示例区（示例）"})
        cls.discipline = cls.env["ctsp.discipline"].create({"code": "T99", "name": "测试专业（示例）"})
        cls.institution = cls._institution("示例第一医院（示例）", "药临床机构备字2099000001")
        cls.person = cls.env["ctsp.person"].create({
            "name": "张示例（示例）", "institution_id": cls.institution.id, "mobile": "13800000001",
            "title_id": cls.item("professional_title", "chief_physician").id,
        })
        cls.specialty = cls.env["ctsp.specialty"].create({
            "institution_id": cls.institution.id, "discipline_id": cls.discipline.id, "pi_id": cls.person.id,
            "filed_date": "2099-01-05",
        })
        cls.committee = cls.env["ctsp.ethics.committee"].create({
            "institution_id": cls.institution.id, "name": "示例第一医院伦理审查委员会（示例）",
        })
        cls.end_transaction()

    @classmethod
    def _institution(cls, name, record_no=False, **vals):
        return cls.env["ctsp.institution"].create({
            "name": name, "record_no": record_no, "state": "filed" if record_no else "pending",
            "district_id": cls.district.id,
            "site_ids": [Command.create({"name": "总院", "address": "上海市示例路1号", "is_main": True})],
            **vals,
        })

    @classmethod
    def item(cls, dictionary, code):
        """Return the row ``code`` of a dictionary."""
        return cls.env["ctsp.dictionary.item"].search([("dictionary_code", "=", dictionary), ("code", "=", code)])

    @classmethod
    def end_transaction(cls):
        """Do what the end of a transaction does: flush and run what was put off until then."""
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        cls.env.cr.postcommit.clear()
