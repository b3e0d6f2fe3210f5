"""What can go wrong with a simulated system, and how it says no."""

ARRIVING = ("refuse", "delay", "cut", "drop", "burst", "wrong_signature", "clock", "restart")
LEAVING = ("duplicate", "reorder")
FAULTS = ARRIVING + LEAVING
WORDS = {
    "refuse": "拒绝（503）", "delay": "延迟应答", "cut": "应答中断", "drop": "断开连接", "burst": "系统繁忙（500）",
    "wrong_signature": "称签名不正确", "clock": "称时间超出范围", "restart": "重启",
    "duplicate": "发两次", "reorder": "后发先至"}
SAID = {
    "refuse": (503, 50301, "暂停服务"), "burst": (500, 50001, "系统繁忙"),
    "wrong_signature": (401, 40102, "签名不正确"), "clock": (401, 40103, "时间戳超出范围")}


class Refusal(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code
