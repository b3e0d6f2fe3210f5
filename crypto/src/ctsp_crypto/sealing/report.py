"""What sealing and verification found, as the platform reads it (JSON) and as a person reads it (Chinese text).

The format is documented in docs/sealing.md; `FORMAT` grows when it changes.
"""

from dataclasses import asdict, dataclass, field

from .clocks import readable

FORMAT = "ctsp-seal-report/1"
ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = {ERROR: "异常", WARNING: "提醒", NOTE: "说明"}

# kind → what it is called; the platform shows the same words
KINDS = {
    "line_deleted": "日志行被删除",
    "line_inserted": "日志行被插入",
    "line_changed": "日志行被篡改",
    "line_moved": "日志行顺序被改变",
    "lines_differ": "日志内容大段不一致",
    "tail_cut": "日志尾部被截断",
    "file_missing": "日志文件缺失",
    "file_unreadable": "文件无法读取",
    "file_unsealed": "存在未封存的日志文件",
    "clock_back": "时钟回拨",
    "journal_damaged": "封存记录被篡改",
    "state_damaged": "封存状态被篡改",
    "state_rolled_back": "封存状态被回退",
    "checkpoint_damaged": "检查点被篡改",
    "checkpoint_missing": "检查点缺失",
    "access_changed": "访问控制文件被修改",
    "access_missing": "访问控制文件缺失",
    "access_new": "出现未登记的访问控制文件",
    "source_dropped": "来源已不在配置中",
    "key_wrong": "封存密钥不符",
    "accepted": "变更已确认",
    "started": "开始封存",
}


@dataclass(frozen=True)
class Finding:
    """One thing found. `source`: its name in the configuration; `line`, `count`: line numbers where there are any."""

    kind: str
    source: str
    message: str
    severity: str = ERROR
    path: str = ""
    line: int = 0
    count: int = 0
    detail: dict = field(default_factory=dict)

    def text(self) -> str:
        return f"【{SEVERITIES[self.severity]}】{KINDS[self.kind]} · {self.source} · {self.message}"


@dataclass
class Report:
    """The outcome of one run of seal or verify."""

    action: str
    host: str
    started_at: float
    finished_at: float = 0.0
    sources: list[dict] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    checkpoint: dict = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not any(finding.severity == ERROR for finding in self.findings)

    def as_dict(self) -> dict:
        return {
            "format": FORMAT,
            "action": self.action,
            "host": self.host,
            "started_at": readable(self.started_at),
            "finished_at": readable(self.finished_at),
            "seconds": round(self.finished_at - self.started_at, 3),
            "passed": self.passed,
            "counts": {level: sum(f.severity == level for f in self.findings) for level in SEVERITIES},
            "sources": self.sources,
            "findings": [{**asdict(finding), "title": KINDS[finding.kind]} for finding in self.findings],
            "checkpoint": self.checkpoint,
        }

    def text(self) -> str:
        """For the terminal and the mail."""
        title = "封存" if self.action == "seal" else "校验"
        lines = [f"{title} · {self.host} · {readable(self.finished_at)} · {'通过' if self.passed else '发现异常'}"]
        there = [source for source in self.sources if source.get("streams") or source.get("files")]
        lines += [f"  {source['source']}：{_measure(source)}" for source in there]
        absent = [source["source"] for source in self.sources if source not in there]
        if absent:
            lines.append(f"  本机没有：{'、'.join(absent)}")
        lines += [f"  {finding.text()}" for finding in self.findings]
        if self.checkpoint:
            lines.append(f"  检查点 {self.checkpoint['sequence']}，摘要 {self.checkpoint['digest'][:16]}…")
        return "\n".join(lines)


def _measure(source: dict) -> str:
    if source["type"] == "log":
        return f"{source['lines']} 行，{source['bytes'] / 1e6:.1f} MB，{source['streams']} 个日志文件"
    return f"{source['files']} 个文件"
