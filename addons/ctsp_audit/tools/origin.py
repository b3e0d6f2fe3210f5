"""Where a change came from: the channel and the session, read from the request that is being served."""
import threading

from odoo.http import request

from odoo.addons.ctsp_base.tools import caller
from odoo.addons.ctsp_base.tools.digest import sm3

CHANNELS = ("web", "rpc", "json2", "rest", "desk", "cron", "import", "shell")
CONTEXT = ("ctsp_import_job", "import_file", "cron_id")  # keys that tell the way in
PATHS = (("/xmlrpc", "rpc"), ("/jsonrpc", "rpc"), ("/json/2", "json2"), ("/ctsp/open", "rest"),
         ("/ctsp/exchange", "rest"), ("/my", "desk"))


def channel(context):
    """Return the code of the way in: one of :data:`CHANNELS`."""
    if context.get("ctsp_import_job") or context.get("import_file"):
        return "import"
    if path := caller.facts().get("path"):
        return next((code for prefix, code in PATHS if path.startswith(prefix)), "web")
    if context.get("cron_id") or "cron" in threading.current_thread().name.lower():
        return "cron"
    return "shell"


def session():
    """Return a digest of the session's identifier: it links the rows of a session and opens nothing."""
    sid = request.session.sid if request and getattr(request, "session", None) else None
    return sm3(sid.encode())[:16] if sid else None
