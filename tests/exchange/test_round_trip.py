"""A task comes in and becomes a plan, is inspected, and state and result go out: each within five seconds."""
import base64
import time
from concurrent.futures import ThreadPoolExecutor

from flow_papers import finalise, make_paper, sign
from flow_plan import begin_today, for_all
from flow_record import begin, decide, declare, find, hand_in, saved, tell
from flow_review import open_review
from flow_story import TODAY
from playwright.sync_api import expect
from simulators.other_system import PATIENCE, sm3
from timing import seen_within

from conftest import LEADER, MEMBER

NUMBER, INSTITUTION, USCC = "RW2026-9001", "示例对接医院71（示例）", "12990000MB0000001J"
FOUND = "抽查2名研究者，1名无方案培训记录（示例）"
REPORT = "现场检查报告"


def planned(facts, number):
    """Rows (listed, unidentified) of a task that became a plan."""
    return facts("SELECT line_count, unmatched_count FROM ctsp_admin_task WHERE number = %s AND plan_id IS NOT NULL",
                 number)


def test_round_trip(facts, admin_system, signed_in, watch):
    """Seen by the planner where he works, planned, inspected, handed in and approved by the people; told step by step.

    What is measured, and what is asked: ``timing``.
    """
    planner, leader, reviewer = signed_in("planner"), signed_in("leader"), signed_in("reviewer")
    expect(planner.page.locator(".o_ctsp_home")).to_be_visible()
    issue(admin_system, planner, watch)
    assert planned(facts, NUMBER) == [(3, 1)]
    receipt = admin_system.wait("receipt", lambda data: data["bizId"] == NUMBER)
    assert receipt["state"] == "done"
    assert receipt["result"]["planNo"]
    watch.told(admin_system, "receipt", receipt, "下发任务 → 行政检查系统收到回执")
    plan_it(planner, watch, admin_system)
    inspect(leader, signed_in("member"), watch, admin_system)
    open_review(reviewer, INSTITUTION)
    watch.start()
    reviewer.step("审核通过")
    result = admin_system.wait("inspection.result", lambda data: data["taskNo"] == NUMBER)
    watch.told(admin_system, "inspection.result", result, "审核通过 → 行政检查系统收到检查结果和报告")
    check_result(result)
    done = admin_system.wait("task.status", lambda data: data["status"] == "已完成")
    watch.told(admin_system, "task.status", done, "审核通过 → 行政检查系统收到任务状态")
    assert done["inspectionNo"] == result["inspectionNo"]
    order = [data["status"] for data in admin_system.data("task.status") if data["enterprise"]["uscc"]]
    assert order == ["已接收", "已接收", "执行中", "已完成"], "in the order in which it happened"
    see_what_was_told(planner, reviewer)


def issue(admin_system, planner, watch):
    """The task comes: the planner, who has the home screen before him, is told at once and opens it from there."""
    news = planner.page.locator(".o_ctsp_todo_news")
    watch.start()
    answer = admin_system.issue(NUMBER, [
        {"name": "甲医院", "uscc": USCC}, {"name": "示例对接医院72（示例）"}, {"name": "查无此院（示例）"}],
        deadline=f"{TODAY.year}-12-31")
    assert (answer["status"], answer["code"]) == (200, 0), answer
    expect(news).to_contain_text(NUMBER)
    watch.seen("下发任务 → 计划员屏幕弹出新待办")
    news.hover()  # it stays as long as somebody points at it
    watch.applied(NUMBER)
    expect(planner.page.locator("[data-key=activities]")).to_contain_text("1")  # the home screen follows
    planner.shot("exchange-01-task-told")
    news.get_by_role("button", name="打开").click()
    expect(planner.rows("line_ids", INSTITUTION)).to_contain_text("待分派")
    expect(planner.page.locator(".o_form_view")).to_contain_text("查无此院（示例）")
    planner.shot("exchange-02-task")


def plan_it(screen, watch, admin_system):
    """From the task to its plan: what to inspect by, and who goes."""
    screen.page.locator("button[name=action_plan]").click()
    screen.becomes("已发布")
    screen.choose(checklist_id="对接测试检查表")
    screen.save()
    screen.shot("exchange-03-plan")
    screen.page.locator("button[name=action_open_lines]", has_text="待分派").click()
    expect(screen.page.locator(".o_form_view")).to_have_count(0)  # the plan's own list looks the same
    screen.enter(screen.page.locator("tr.o_data_row", has_text=INSTITUTION).locator("td[name=institution_id]"))
    screen.press("分派")
    dialog = screen.dialog()
    for_all(dialog).choose(leader_id=LEADER, member_ids=MEMBER)
    begin_today(screen, dialog)
    screen.shot("exchange-04-team")
    watch.start()
    dialog.scope.locator("footer .btn-primary").click()
    told = admin_system.wait("task.status", lambda data: LEADER in data["executors"])
    watch.told(admin_system, "task.status", told, "分派检查组 → 行政检查系统收到任务状态")
    screen.becomes("已分派")
    screen.press("生成检查任务")
    expect(screen.page.locator(".o_form_view", has_text="专项检查")).to_be_visible()
    screen.becomes("已分派")


def inspect(leader, member, watch, admin_system):
    """On site: declared, recorded, concluded, the report signed, handed in."""
    declare(member, INSTITUTION)
    declare(leader, INSTITUTION)
    watch.start()
    begin(leader)
    told = admin_system.wait("task.status", lambda data: data["status"] == "执行中")
    watch.told(admin_system, "task.status", told, "开始现场检查 → 行政检查系统收到任务状态")
    address = leader.page.url
    leader.page.locator("button[name=action_record]").click()
    find(leader, "1.1", FOUND)
    conclude(leader)
    make_paper(leader, REPORT)
    sign(leader)
    finalise(leader, REPORT, FOUND, institution=INSTITUTION)
    leader.page.goto(address)
    expect(leader.page.locator(".o_form_view")).to_be_visible()
    hand_in(leader)


def conclude(screen):
    page = screen.page
    page.get_by_role("button", name="检查结论").click()
    page.get_by_role("button", name="根据缺陷生成建议结论").click()
    row = page.locator("article.o_ctsp_clause", has_text="建议")
    expect(row).to_have_count(1)
    decide(screen, row, "待整改后评定")
    page.get_by_label("处理", exact=True).select_option(label="限期整改")
    tell(screen, "检查组查阅备案资料和培训记录（示例）。")
    saved(screen)
    page.get_by_role("button", name="返回检查详情").click()
    screen.becomes("现场检查")


def check_result(result):
    """What the other side has of the inspection is what the people wrote, and the very file they signed."""
    assert result["inspectors"] == [LEADER, MEMBER]
    assert [clause["description"] for clause in result["defectClauses"]] == [FOUND]
    assert sm3(base64.b64decode(result["reportFile"]["base64"])) == result["reportFile"]["sm3"]


def see_what_was_told(planner, reviewer):
    """The people of the centre read on inspection and task that the result has arrived."""
    reviewer.page.reload()
    expect(reviewer.field("admin_told")).to_contain_text("已送达")
    expect(reviewer.page.locator(".o_breadcrumb")).to_contain_text("首页")  # the way back keeps its names
    reviewer.shot("exchange-05-inspection-told")
    planner.open("ctsp_connector_admin.ctsp_admin_task_action", ".o_list_view")
    planner.enter(planner.page.locator("tr.o_data_row", has_text=NUMBER).locator("td[name=number]"))
    expect(planner.rows("line_ids", INSTITUTION)).to_contain_text("完成")
    planner.tab("往来报文")
    for kind in ("回执", "任务状态", "检查结果"):
        expect(planner.rows("message_line_ids", kind).first).to_contain_text("完成")
    planner.shot("exchange-06-task-told")


def test_refused_and_repeated(facts, admin_system):
    """What is not signed for us writes nothing; what is sent twice, or at once, is one task."""
    rows = [{"name": "示例对接医院73（示例）"}]
    data = {"taskNo": "RW2026-9002", "action": "issue", "type": "routine", "title": "日常监管（示例）",
            "enterprises": rows}
    for changed, code in (({"secret": "wrong secret, long enough"}, 40102), ({"skew": -400_000}, 40103),
                          ({"body": b"{"}, 40001)):
        assert admin_system.send("task.dispatch", "RW2026-9002", 1, data, **changed)["code"] == code
    assert admin_system.send("task.dispatch", "RW2026-9002", 1, data | {"type": "x"})["code"] == 42201
    assert not facts("SELECT 1 FROM ctsp_exchange_message WHERE business_id = 'RW2026-9002'")
    refused = facts("SELECT code, business_id FROM ctsp_exchange_refusal WHERE type_code = 'task.dispatch'")
    assert {(40001, ""), (42201, "RW2026-9002")} <= set(refused), "counted, though nothing of it was kept"
    nonce = "n" * 32
    assert admin_system.send("task.dispatch", "RW2026-9002", 1, data, nonce=nonce)["code"] == 0
    assert admin_system.send("task.dispatch", "RW2026-9002", 1, data, nonce=nonce)["code"] == 40104
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _n: admin_system.send("task.dispatch", "RW2026-9002", 2, data), range(6)))
    assert [answer["code"] for answer in answers] == [0] * 6, answers
    assert sum(not answer["data"]["duplicate"] for answer in answers) == 1
    assert seen_within(30, lambda: planned(facts, "RW2026-9002")) == [(1, 0)]


def test_faults(facts, admin_system):
    """The other side fails in every way it knows, and goes away: everything arrives once, in order."""
    before = len(admin_system.data("receipt"))
    admin_system.faults = ["refuse", "cut", "drop", "restart", "burst", "wrong_signature", "clock", "delay", "cut"]
    for number in range(4):
        admin_system.issue(f"RW2026-91{number:02}", [{"name": "示例对接医院72（示例）"}], deadline="2099-12-20")
    port = admin_system.port
    admin_system.stop()
    time.sleep(1)
    admin_system.start(port)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and len(admin_system.data("receipt")) < before + 4:
        time.sleep(0.2)
    receipts = [data["bizId"] for data in admin_system.data("receipt")][before:]
    assert sorted(receipts) == [f"RW2026-91{number:02}" for number in range(4)], "each once"
    assert seen_within(60, lambda: not facts(
        "SELECT 1 FROM ctsp_exchange_message WHERE state IN ('queued', 'working', 'dead')"))
    assert admin_system.met["restart"]
    assert admin_system.again, "some answers were lost, and what they answered was sent again"
