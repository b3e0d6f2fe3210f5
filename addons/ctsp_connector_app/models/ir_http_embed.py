from odoo import models
from odoo.http import request

from odoo.addons.ctsp_auth.models.auth_session import METHOD as SESSION_METHOD

from ..tools.origins import framed, sites
from .app_person import METHOD

NGINX = "X-Ctsp-Frame-Ancestors"
"""says to the web server in front which frames to allow; it goes no further"""


class IrHttp(models.AbstractModel):
    """Pages of a session from the APP may stand in frames of the sites the operator names; without any, in none."""

    _inherit = "ir.http"

    @classmethod
    def _post_dispatch(cls, response):
        super()._post_dispatch(response)
        opened = (request.session.get(SESSION_METHOD) or "").partition("+")[0]
        if opened != METHOD or not (response.mimetype or "").startswith("text/html"):
            return
        if origins := sites(request.env(su=True)["ctsp.parameter"]._get("app.embed_origins")):
            ancestors = " ".join(["'self'", *origins])
            response.headers.pop("X-Frame-Options", None)
            response.headers["Content-Security-Policy"] = framed(
                response.headers.get("Content-Security-Policy"), ancestors)
            response.headers[NGINX] = ancestors
