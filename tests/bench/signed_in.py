"""People of the benchmark, signed in without the second of computing that a password costs each."""
import json

from odoo.http import root

ROLES = ("ctsp_base.group_filing_officer", "ctsp_base.group_personal_data")


def sign_in(env, count, path):
    """Make ``count`` officers with a session each; write ``[[login, session id], …]`` to ``path``."""
    groups = [env.ref(name).id for name in ROLES]
    users = env["res.users"].with_context(no_reset_password=True).create([
        {"name": f"测试审核员{n:03d}", "login": f"bench{n:03d}", "group_ids": [(6, 0, groups)],
         "lang": "zh_CN", "tz": "Asia/Shanghai"}
        for n in range(count)])
    env.cr.commit()
    sessions = []
    for user in users:
        session = root.session_store.new()
        session.update({
            "db": env.cr.dbname, "login": user.login, "uid": user.id,
            "context": dict(env["res.users"].with_user(user).context_get()),
            "session_token": user._compute_session_token(session.sid)})
        root.session_store.save(session)
        sessions.append([user.login, session.sid])
    with open(path, "w", encoding="utf-8") as file:
        json.dump(sessions, file)
