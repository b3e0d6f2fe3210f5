from odoo import api, models
from odoo.exceptions import AccessError


class MailThread(models.AbstractModel):
    """Messages: nothing an outside user writes lives in chatter, where he could change it afterwards.

    Odoo offers these methods to every client that can reach a record with chatter, the mail gateway's among them. Code
    that runs as an outside user and has something to say posts in superuser mode.
    """

    _inherit = "mail.thread"

    @api.model
    def _refuse_outside(self):
        if not self.env.su and self.env.user._is_portal():
            raise AccessError(self.env._("Messages are kept by the regulator; please write into the form instead."))

    def message_post(self, **kwargs):
        self._refuse_outside()
        return super().message_post(**kwargs)

    def message_post_with_source(self, *args, **kwargs):
        self._refuse_outside()
        return super().message_post_with_source(*args, **kwargs)

    def message_mail_with_source(self, *args, **kwargs):
        self._refuse_outside()
        return super().message_mail_with_source(*args, **kwargs)

    def message_notify(self, **kwargs):
        self._refuse_outside()
        return super().message_notify(**kwargs)

    def message_change_thread(self, *args, **kwargs):
        self._refuse_outside()
        return super().message_change_thread(*args, **kwargs)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        self._refuse_outside()
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    def message_unsubscribe(self, partner_ids=None):
        self._refuse_outside()
        return super().message_unsubscribe(partner_ids=partner_ids)

    def message_get_followers(self, *args, **kwargs):
        self._refuse_outside()
        return super().message_get_followers(*args, **kwargs)

    @api.model
    def message_process(self, *args, **kwargs):
        self._refuse_outside()
        return super().message_process(*args, **kwargs)

    @api.model
    def message_route(self, *args, **kwargs):
        self._refuse_outside()
        return super().message_route(*args, **kwargs)
