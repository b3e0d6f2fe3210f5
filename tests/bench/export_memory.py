"""导出三万行：耗时与内存峰值。

用法（在 Odoo shell 中运行，数据不提交）：
    scripts/shell < tests/bench/export_memory.py
环境变量 ROWS 可改行数（默认 30000）。先导出一千行作为基线，再导出全部，报告内存峰值之差。
"""
import os
import resource
import time

env = globals()["env"]
ROWS = int(os.environ.get("ROWS", "30000"))
MODEL = "res.partner"


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def export(limit):
    from odoo.addons.ctsp_base.tools.export_reader import Reader, resolve
    from odoo.addons.ctsp_base.tools.export_writer import SINKS
    paths = ["name", "ref", "email", "phone", "street", "city", "country_id.name", "parent_id.name", "category_id",
             "create_date", "comment", "is_company"]
    columns = [resolve(env[MODEL], path) for path in paths]
    ids = env[MODEL]._search([("ref", "like", "bench-%")], limit=limit).get_result_ids()
    env.invalidate_all()
    started = time.monotonic()
    sink = SINKS["xlsx"]("/tmp/ctsp_bench.xlsx", "基准", "基准", [(column.label, column.kind) for column in columns])
    for row in Reader(env[MODEL], columns).rows(ids):
        sink.append(row)
    sink.close()
    os.unlink("/tmp/ctsp_bench.xlsx")
    return len(ids), time.monotonic() - started


env.cr.execute(
    "INSERT INTO res_partner (name, complete_name, ref, email, street, city, active, type, create_date, company_id) "
    "SELECT '示例' || n, '示例' || n, 'bench-' || n, 'bench@example.org', repeat('路', 30), '上海', true, 'contact', "
    "now(), NULL FROM generate_series(1, %s) n", [ROWS])
env.invalidate_all()
count, seconds = export(1000)
base = peak_mb()
print(f"{count} 行：{seconds:.1f} 秒，峰值 {base:.0f} MB")
count, seconds = export(None)
print(f"{count} 行：{seconds:.1f} 秒，峰值 {peak_mb():.0f} MB，比一千行多 {peak_mb() - base:.0f} MB")
env.cr.rollback()
