"""Who and what the story of an inspection is about; the words its people write."""
import world

TODAY = world.today()
LABEL = world.label(4)
INSTITUTION, OTHER = f"示例流程医院{LABEL}（示例）", f"示例名单医院{LABEL}（示例）"
ROLES = {
    "e2e_flow_planner": ("planner",), "e2e_flow_leader": ("inspector",), "e2e_flow_member": ("inspector",),
    "e2e_flow_reviewer": ("reviewer",), "e2e_flow_institution": ("institution_user",), "e2e_flow_head": ("leader",),
}
LEADER, MEMBER, CONFLICTED = (f"{name}示例{LABEL}（示例）" for name in ("赵", "钱", "孙"))
PLAN = f"{TODAY.year}年度日常监管计划（示例{LABEL}）"
FOUND = "抽查3名研究者，2名无方案培训记录，培训签到表缺少日期㙓（示例）"
FOUND_MINOR = "冷藏柜温湿度记录中断2日（示例）"

