import time

from odoo import api, models

from odoo.addons.ctsp_crypto.tools.failure import CryptoUnavailable
from odoo.addons.ctsp_exchange.tools.counted import Counted
from odoo.addons.ctsp_exchange.tools.reply import Refused

from ..tools import openapi_parts as parts
from ..tools.pace import Pace

EVENT = "dataset.try"
NO_KEY = "没有可用的测试密钥：请向监管机构申请（见机构工作台“接口对接测试”）"
PACE = Pace(60, 60)
REFUSALS = Counted(60)


class ExchangeCredentialTry(models.Model):
    """People of an institution try the interface on the documentation's page: the platform signs for them.

    With a test key of their own organisation only, for addresses of the interface only. The secret stays here; the
    request itself is then sent and judged like any other one with that key.
    """

    _inherit = "ctsp.exchange.credential"

    @api.model
    def _tried_by_me(self):
        """Return the test keys in use of the organisation of who is signed in, superuser.

        :raise Refused: he is nobody of an institution
        """
        user = self.env.user
        if user._is_public():
            raise Refused("key_unknown", "未登录平台，或登录已过期：请用机构账号登录后再试")
        if not user._is_portal() or not user.has_group("ctsp_base.group_institution_user"):
            raise Refused("scope", "“试一试”供机构人员使用：请用机构账号登录")
        # sudo: institutions read no keys; these are their own, and only what they are called is told
        return self.sudo().search([
            ("partner_id.commercial_partner_id", "=", user.partner_id.commercial_partner_id.id), ("use", "=", "in"),
            ("is_sandbox", "=", True), ("state", "=", "active")])

    @api.model
    def _sign_try(self, key, method, target, body):
        """Return the four headers of a request and the text that was signed.

        :raise Refused: the key is none of his test keys, the request is none of the interface, or he asks too fast
        """
        try:
            credential = self._tried_with(key)
            self._check_try(method, target)
            if not PACE.takes((self.env.cr.dbname, self.env.uid), time.monotonic()):
                raise Refused("too_many", "试得过于频繁，请稍后再试", retryAfter=60)
            headers = credential._sign_headers(method, target, body)
        except CryptoUnavailable:
            raise Refused("unavailable", retryAfter=10) from None
        except Refused as refusal:
            self._note_refused_try(refusal, key, target)
            raise
        self.env["ctsp.audit.port"]._log(EVENT, credential, key=credential.key, method=method, target=target[:200])
        return headers

    @api.model
    def _tried_with(self, key):
        credential = self._tried_by_me().filtered(lambda one: one.key == key)
        if not credential:  # the same word for a key of somebody else, of production, ended, or unknown
            raise Refused("key_unknown", "这不是本机构正在使用的测试密钥：它可能已停用，请刷新页面")
        if credential.method != "hmac":
            raise Refused("scope", "该测试密钥为 SM2，私钥只在贵方，平台不能代为签名：请用贵方程序调用")
        return credential

    @api.model
    def _check_try(self, method, target):
        """:raise Refused: there is no such operation"""
        path = parts.TARGET_FORM.fullmatch(target)
        allowed = parts.methods(path[1]) if path else []
        if not allowed:
            raise Refused("not_found", "只能调用标准开放接口中有的地址；请填写路径中的参数")
        if method not in allowed:
            raise Refused("method", allowed=allowed)

    @api.model
    def _note_refused_try(self, refusal, key, target):
        if self.env.user._is_public():
            return
        if REFUSALS.repeated((self.env.cr.dbname, self.env.uid, refusal.name), time.monotonic()) is not None:
            self.env["ctsp.audit.port"]._log_failure(EVENT, reason=refusal.name, key=key[:64], target=target[:200])
