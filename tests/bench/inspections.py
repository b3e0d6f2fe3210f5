"""How long the screens of inspections take: list, form, statistics of three years, dossier, clause statistics.

Inside one process, as a leader and a planner; the fastest of some calls, so that other programs on the machine tell
little. The aim for statistics is three seconds.
"""
import json
import time

from inside import Inside

TIMES = 3
THREE_YEARS = [("date_start", ">=", "2024-01-01"), ("date_start", "<=", "2026-12-31")]
PIVOTS = {
    "inspection statistics": ("ctsp.inspection.report", ["date_start:year", "kind", "conclusion"],
                              ["__count", "finding_count:sum", "first_right:avg", "close_days:avg"], THREE_YEARS),
    "conclusions by discipline": ("ctsp.inspection.object.report", ["discipline_id", "decided"],
                                  ["__count", "pass_rate:avg"], THREE_YEARS),
    "clause statistics": ("ctsp.clause.report", ["section", "date_start:year"],
                          ["checked:sum", "nonconform:sum", "rate:avg"], THREE_YEARS),
    "clauses by clause": ("ctsp.clause.report", ["clause_id", "date_start:year"],
                          ["checked:sum", "nonconform:sum", "rate:avg"], THREE_YEARS),
    "frequent findings": ("ctsp.clause.report", ["clause_id"], ["nonconform:sum"],
                          [*THREE_YEARS, ("result", "=", "nonconform")]),
    "clauses by district": ("ctsp.clause.report", ["district_id"], ["checked:sum", "rate:avg"], THREE_YEARS),
    "clauses by inspector": ("ctsp.clause.report", ["inspector_id"], ["checked:sum", "rate:avg"], THREE_YEARS),
    "clauses by discipline and level": (
        "ctsp.clause.report", ["discipline_id", "level_id"], ["checked:sum", "rate:avg"], THREE_YEARS),
    "clauses by clause, all years": (
        "ctsp.clause.report", ["clause_id", "date_start:year"], ["checked:sum", "nonconform:sum", "rate:avg"], []),
    "inspections of an inspector": ("ctsp.inspection.report", ["date_start:year", "kind"], ["__count"], [
        *THREE_YEARS, ("inspector_id", "in", [1])]),
    "completion of plans": ("ctsp.plan.report", ["year", "plan_id"], ["planned:sum", "done:sum", "completion:avg"], []),
    "institution statistics": ("ctsp.institution.report", ["district_id"], ["__count", "inspection_count:sum"], []),
}


def fastest(env, function):
    """Return the seconds of the fastest of some calls, caches of records emptied before each."""
    seconds = []
    for _n in range(TIMES):
        env.invalidate_all()
        started = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def person(env, login, role):
    users = env["res.users"].with_context(no_reset_password=True)
    if not users.search([("login", "=", login)]):
        users.create({"name": login, "login": login, "lang": "zh_CN", "tz": "Asia/Shanghai",
                      "group_ids": [(6, 0, env.ref(f"ctsp_base.group_{role}").ids)]})
    return Inside(env, login)


def measure(env):
    """Print one line of JSON: {screen: seconds}. Nothing is kept."""
    leader, planner = person(env, "benchleader", "leader"), person(env, "benchplanner", "planner")
    inspector = Inside(env, "benchinspector000")
    last = env["ctsp.inspection"].search([], order="id desc", limit=1)
    screens = {
        "inspection list": lambda: leader.open_list("ctsp.inspection"),
        "inspection list of an inspector": lambda: inspector.open_list("ctsp.inspection"),
        "inspection form": lambda: leader.open_form("ctsp.inspection", last.id),
        "finding list": lambda: leader.open_list("ctsp.finding"),
        "plan line list": lambda: planner.open_list("ctsp.plan.line"),
        "timeline of a quarter": lambda: planner.call(
            "ctsp.plan.line", "web_search_read", [("date_from", "<=", "2026-06-30"), ("date_to", ">=", "2026-04-01")],
            {"display_name": {}, "institution_id": {"fields": {"display_name": {}}}, "date_from": {}, "date_to": {},
             "leader_id": {"fields": {"display_name": {}}}, "member_ids": {"fields": {"display_name": {}}},
             "date_start": {}, "date_end": {}, "state": {}}, limit=1000),
        "overview of a year": lambda: leader.call("ctsp.inspection.overview", "overview_data", 2026),
        "consistency of inspectors, one year": lambda: leader.open_list(
            "ctsp.inspector.report", [("year", "=", "2026")]),
        "consistency of inspectors, two years": lambda: leader.open_list(
            "ctsp.inspector.report", [("year", "in", ["2025", "2026"])]),
        "history of an institution": lambda: planner.open_list(
            "ctsp.inspection.history", [("institution_id", "=", last.institution_id.id)]),
        "dossier": lambda: planner.call("ctsp.inspection", "action_open_dossier", last.ids),
        "risk of 100 institutions": lambda: planner.env["ctsp.plan.risk"]._scores(
            planner.env["ctsp.institution"].search([], limit=100)),
    }
    for title, (model, groupby, aggregates, domain) in PIVOTS.items():
        groupings = [groupby[:depth] for depth in range(len(groupby) + 1)]
        screens[title] = lambda model=model, groupings=groupings, aggregates=aggregates, domain=domain: leader.call(
            model, "formatted_read_grouping_sets", domain, groupings, aggregates)
    figures = {title: fastest(env, function) for title, function in screens.items()}
    env.cr.rollback()
    print(json.dumps(figures))
