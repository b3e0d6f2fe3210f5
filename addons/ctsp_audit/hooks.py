from odoo.tools import SQL

KERNEL = ("date", "user_id", "login", "ip", "request_id", "event", "model", "res_ids", "res_count", "detail", "success")
BATCH = 5000


def _carry_over(env):
    """Copy what the kernel logged before this addon was installed: one screen, one chain."""
    last = 0
    while True:
        env.cr.execute(SQL(
            "SELECT id, %s FROM ctsp_audit_event WHERE id > %s ORDER BY id LIMIT %s",
            SQL(", ").join(map(SQL.identifier, KERNEL)), last, BATCH))
        rows = env.cr.dictfetchall()
        if not rows:
            return
        last = rows[-1]["id"]
        for row in rows:
            ids = row["res_ids"] or []
            row["res_id"] = ids[0] if len(ids) == 1 else None
            row["channel"] = "web" if row["ip"] else "shell"
        env["ctsp.audit.port"]._write_rows(env.cr, rows)
