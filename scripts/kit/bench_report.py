"""Tables of what scripts/bench measured."""
from .console import say

TITLES = {"think": "50 人，思考 1–5 秒", "in flight": "始终 50 个请求"}


def table(title: str, head: list[str], rows) -> None:
    say(f"\n{title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        say(f"| {' | '.join(cell(value) for value in row)} |")


def cell(value) -> str:
    return f"{value:,.2f}" if isinstance(value, float) and value < 10 else (
        f"{value:,.0f}" if isinstance(value, (int, float)) else str(value))


def queries(figures: dict) -> None:
    heads = list(dict.fromkeys(name for row in figures.values() for name in row))
    table("每个页面的查询次数", ["页面", *heads],
          ([screen, *(row.get(head, "–") for head in heads)] for screen, row in figures.items()))


def alone(figures: dict) -> None:
    table("单独测量", ["项目", "数值"], figures.items())


def inspections(figures: dict) -> None:
    table("监督检查（秒）", ["页面", "最快一次"], figures.items())


def audit(figures: dict) -> None:
    speeds = figures.pop("rows per second")
    table("日志的开销（处理器秒，最好一轮）", ["操作（10,000 条）", "记日志", "不记", "比值"],
          ([name, row["with"], row["without"], row["ratio"]] for name, row in figures.items()))
    table("日志条目（条/秒）", ["写入", "封存", "核验"], [[speeds[name] for name in ("written", "sealed", "verified")]])


def integrity(figures: dict) -> None:
    speeds = figures.pop("rows per second")
    table("完整性凭证的开销（处理器秒，最好一轮）", ["操作（10,000 条）", "有凭证", "没有", "比值"],
          ([name, row["with"], row["without"], row["ratio"]] for name, row in figures.items()))
    table("核验（行/秒）", ["按时钟", "按处理器时间"], [[speeds[name] for name in ("verify", "verify (CPU)")]])


def encryption(figures: dict) -> None:
    table("人员敏感字段加密的开销（处理器秒，10,000 条）", ["操作", "总计", "其中加密", "比值"],
          ([name, row["seconds"], row["encryption"], row["ratio"]] for name, row in figures.items()))


def exchange(figures: dict) -> None:
    head = ["报文数", "p50（毫秒）", "p95", "最长", "写入一条的查询数", "送达一条的查询数"]
    table(f"报文送达（每秒 {figures.pop('rate')} 条）", head, [figures.values()])


def registry(figures: dict) -> None:
    intake, rush = figures["intake"], figures["rush"]
    head = ["近三年项目", "接收（行/秒）", "写入登记库（行/秒）", "每处理器秒", "写入用时（秒）"]
    table(f"{intake['rows']:,} 行一次报送；内存增加 {intake['memory on top MiB']} MiB", head, (
        [title, *(intake[name][key] for key in (
            "received rows/s", "applied rows/s", "applied rows per processor second", "applied s"))]
        for title, name in (("全部新增", "new"), ("原样再报", "again"))))
    waits = sum(rush["told to wait"].values())
    table(f"50 家机构同时报送，50 人在用（失败 {rush['error count']} 次，机构被告知等待 {waits} 次；"
          f"{rush['rows/s']:.0f} 行/秒）",
          ["谁（秒）", "次数", "p50", "p95", "最长"],
          ([title, *rush[name].values()] for title, name in (
              ("报送", "pushes"), ("写入登记库", "in the registry"), ("用户：之前", "people before"),
              ("用户：期间", "people during"))))


def desk(files: list) -> None:
    steps = {"upload": "上传", "check": "试校验", "marked": "下载校验结果", "send": "报送", "registry": "写入登记库"}
    for figures in files:
        table(f"网页报送 {figures['file']}，{figures['MiB']} MiB，{figures['send rows']:,} 行合格",
              ["步骤", "秒", "处理器秒", "内存峰值 MiB", "页面查询最长（秒）"],
              ([title, *(figures[name].get(key, "–") for key in ("s", "processor s", "peak MiB", "longest look s"))]
               for name, title in steps.items() if name in figures))


def single(figures: dict, baselines: dict, sign_in: dict) -> None:
    rows = []
    for name, own in figures.items():
        stock = figures.get(baselines.get(name, ""))
        compared = [baselines[name], stock["p50"], own["p50"] / stock["p50"]] if stock else ["–"] * 3
        rows.append([name, own["p50"], own["p95"], *compared])
    table("一位用户（毫秒）", ["操作", "p50", "p95", "对照", "对照 p50", "比值"], rows)
    say(f"\n密码登录：{sign_in['sign_in_s']:.2f} 秒")


def storm(results: dict) -> None:
    head = ["50 人同时登录（秒）", "p50", "p95", "最长", "失败", "其他 20 人 p95：之前", "期间"]
    rows = []
    for kind, figures in results.items():
        waits = figures["sign in"]
        others = [figures[when].get("p95", "–") for when in ("others before", "others during")]
        rows.append([kind, waits["p50"], waits["p95"], waits["max"], figures["error count"], *others])
    table("登录高峰（2 核、4 个进程）", head, rows)


def load(results: dict) -> None:
    for title, pair in results.items():
        ours, stock = (pair[mix]["operations"] for mix in ("ours", "stock"))
        failures = pair["ours"]["failures"] + pair["stock"]["failures"]
        ratio = ours["all"]["p95"] / stock["all"]["p95"]
        head = ["操作", "次数", "p50", "p95", "每秒"]
        table(f"{TITLES[title]}（毫秒；p95 比值 {ratio:.2f}；失败 {failures} 次）", head, (
            [f"{mix}: {name}", row["count"], row["p50"], row["p95"], row["per second"]]
            for mix, rows in (("ours", ours), ("stock", stock)) for name, row in rows.items()))


def sockets(figures: dict) -> None:
    say(f"\n在线 {figures['alive']}/{figures['asked']} 个长连接（{figures['opened_s']:.1f} 秒内建立）："
        f"页面 p50 {figures['p50_before_ms']:.0f} → {figures['p50_ms']:.0f} 毫秒")


def summary(times: dict, failures: int, seconds: float) -> dict:
    """Return figures by operation and for all of them; milliseconds."""
    everything = {"all": [value for one in times.values() for value in one], **dict(sorted(times.items()))}
    return {"failures": failures, "operations": {name: {
        "count": len(values), "p50": percentile(values, 50), "p95": percentile(values, 95),
        "per second": len(values) / seconds} for name, values in everything.items()}}


def percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) * percent // 100, len(values) - 1)]
