"""People who sign in all at once: made in an Odoo shell, of the platform or of a stock Odoo beside it."""
import base64
import json
import os
from datetime import UTC, datetime

STORM, OTHERS = 50, 20


def make(env, path, password):
    """Write ``{"people", "others": [login], "keys": {login: [certificate, private key]}}`` to ``path`` (mode 600).

    A stock Odoo has no certificates: ``keys`` is empty there.
    """
    groups = [env.ref("ctsp_base.group_filing_officer" if "ctsp.account" in env else "base.group_user").id]
    users = env["res.users"].with_context(no_reset_password=True)
    logins = [f"storm{n:03d}" for n in range(STORM + OTHERS)]
    for login in logins:
        user = users.search([("login", "=", login)]) or users.create(
            {"name": login, "login": login, "group_ids": [(6, 0, groups)]})
        user.password = password
    keys = certificates(env, logins[:STORM]) if "ctsp.auth.certificate" in env else {}
    env.cr.commit()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump({"people": logins[:STORM], "others": logins[STORM:], "keys": keys}, stream)


def certificates(env, logins):
    """Bind a certificate of a new test CA to each of ``logins``."""
    from ctsp_crypto.certificates.authority import Authority, Request
    from ctsp_crypto.encodings import keys
    from ctsp_crypto.providers.standard import StandardProvider

    provider = StandardProvider()
    authority = Authority.root(provider, datetime.now(UTC), name=f"测试根 CA（示例）{datetime.now(UTC):%H%M%S}")
    env["ctsp.auth.authority"].create({"certificate": base64.b64encode(authority.certificate.der)})
    made = {}
    for login in logins:
        certificate, pair = authority.issue_with_key(Request([("CN", login)]))
        content = base64.b64encode(certificate.der).decode()
        user = env["res.users"].search([("login", "=", login)])
        env["ctsp.auth.certificate"].create({"user_id": user.id, "content": content, "state": "active"})
        made[login] = [content, keys.write_private(pair.key).reveal().decode()]
    return made
