from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools.language import in_record_language

from .desk_rectification import RECTIFICATIONS

_lt = LazyTranslate(__name__)


class Rectification(models.Model):
    """What the institution is told on its desk: findings issued, answers returned or verified, requests decided."""

    _inherit = "ctsp.rectification"

    def _tell(self, sentence, note=None, tone="info", **words):
        """Put a notice about this item on the desk of its institution.

        :param sentence: lazy text in which ``%(finding)s`` stands for the item
        """
        item = in_record_language(self.sudo())  # what is told is the institution's own
        words = {"finding": item.display_name, **words}
        text = item.env._(sentence)
        self.env["ctsp.desk.notice"]._send(self, RECTIFICATIONS, text % words, note or None, tone)

    def _after_answer(self, reason):
        super()._after_answer(reason)
        self.env["ctsp.desk.notice"]._settle(self)

    def _after_accept(self, reason):
        super()._after_accept(reason)
        self._tell(_lt("%(finding)s: the rectification was accepted"), tone="success")

    def _back_to_institution(self, reason):
        super()._back_to_institution(reason)
        self._tell(_lt("%(finding)s: returned, to be answered again by %(due)s"), reason, "warning", due=self.date_due)
