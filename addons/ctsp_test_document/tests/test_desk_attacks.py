from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.desk_common import DeskAttacks, DeskCase

from .common import make_kind, png


@tagged("post_install", "-at_install")
class TestDocumentDesk(DeskAttacks, DeskCase):
    """One institution never reads, writes or calls anything of a paper released to another."""

    @classmethod
    def _desk_record(cls, user, label):
        if not cls.env["ctsp.document.type"].search([("code", "=", "test_record")]):
            make_kind(cls.env)
        record = cls.env["ctsp.test.papered"].with_user(cls.role("inspector")).create({
            "name": label, "text": label, "partner_id": user.partner_id.commercial_partner_id.id})
        document = record._document_make("test_record")
        document.input_ids.value = label
        document._fix()
        for row in document.signature_ids:
            row._take({"name": label, "image": png()})
        document._finalise()
        document.action_release()
        return document.sudo()
