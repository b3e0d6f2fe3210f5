"""People of the benchmark, signed in without the second of computing that a password costs each."""
import json

from odoo.http import root

ROLES = ("ctsp_base.group_filing_officer", "ctsp_base.group_personal_data")


def officers(env, count):
    """Return ``count`` filing officers, made where missing; the first one has ``password``."""
    logins = [f"bench{n:03d}" for n in range(count)]
    known = env["res.users"].search([("login", "in", logins)])
    missing = [login for login in logins if login not in known.mapped("login")]
    groups = [env.ref(name).id for name in ROLES]
    made = env["res.users"].with_context(no_reset_password=True).create([
        {"name": f"测试审核员{login[5:]}", "login": login, "group_ids": [(6, 0, groups)],
         "lang": "zh_CN", "tz": "Asia/Shanghai"}
        for login in missing])
    return (known | made).sorted("login")


def session(env, user):
    """Return the id of a new session of ``user``."""
    made = root.session_store.new()
    made.update({
        "db": env.cr.dbname, "login": user.login, "uid": user.id,
        "context": dict(env["res.users"].with_user(user).context_get()),
        "session_token": user._compute_session_token(made.sid)})
    root.session_store.save(made)
    return made.sid


def sign_in(env, count, path, password):
    """Write ``[[login, session id], …]`` of ``count`` officers to ``path``; the first one gets ``password``."""
    users = officers(env, count)
    users[0].password = password
    env.cr.commit()
    sessions = [[user.login, session(env, user)] for user in users]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(sessions, file)
