


from odoo.addons.ctsp_base.tests.common import CtspCase

CLEAR = {
    "name": "张三",
    "mobile": "13812345678",
    "id_number": "310101199001011234",
    "email": "zhangsan@x.cn",
    "birth_date": "1990-01-01",
}
MASKED = {
    "name": "张*",
    "mobile": "138****5678",
    "id_number": "310***********1234",
    "email": "z***@x.cn",
    "birth_date": "1990-**-**",
}


class PersonalCase(CtspCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company, cls.outsider = cls.outside("Own")
        cls.organisation = cls.env["ctsp.test.organisation"].create({"name": "Organisation"})
        cls.person = cls.env["ctsp.test.person"].create({
            **CLEAR, "code": "P1", "organisation_id": cls.organisation.id, "owner_partner_id": cls.company.id,
        })
        cls.other = cls.env["ctsp.test.person"].create({
            "name": "李四", "mobile": "13900000000", "code": "P2", "organisation_id": cls.organisation.id,
        })
        cls.organisation.lead_id = cls.person
        cls.masked_user = cls.role("inspector")
        cls.masked_user.group_ids += cls.env.ref("base.group_allow_export")
        cls.clear_user = cls.role("inspector", personal=True)
        cls.clear_user.group_ids += cls.env.ref("base.group_allow_export")
        cls.env.flush_all()
        cls.env.invalidate_all()

    def as_masked(self, record=None):
        record = (self.person if record is None else record).with_user(self.masked_user)
        record.env.invalidate_all()
        return record

    def as_clear(self, record=None):
        record = (self.person if record is None else record).with_user(self.clear_user)
        record.env.invalidate_all()
        return record

    def events(self, event):
        return self.env["ctsp.audit.event"].search([("event", "=", event), ("user_id", "=", self.clear_user.id)])
