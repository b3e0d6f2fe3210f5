#!/usr/bin/env python3
"""标准开放接口客户端示例：只用 Python 标准库（3.9 以上，hashlib 含 sm3）。

    export CTSP_URL=https://平台地址  CTSP_KEY=密钥编号  CTSP_SECRET=密钥
    python3 open_api_client.py submit recent_trials rows.json
    python3 open_api_client.py receipt HZ2026-00000001
    python3 open_api_client.py findings HZ2026-00000001
"""
import hashlib
import hmac
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PREFIX = "/ctsp/open/v1"
TYPES = {".json": "application/json", ".ndjson": "application/x-ndjson", ".csv": "text/csv",
         ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
AGAIN = {408, 425, 429, 500, 502, 503, 504}


def signed(method, target, body, key, secret):
    """签名请求头：HMAC-SM3（方法、路径含查询串、毫秒时间戳、随机串、请求体的 SM3）。"""
    stamp, nonce = str(int(time.time() * 1000)), secrets.token_urlsafe(24)
    text = "\n".join((method, target, stamp, nonce, hashlib.new("sm3", body).hexdigest()))
    sign = hmac.new(secret.encode(), text.encode(), "sm3").hexdigest()
    return {"appKey": key, "timestamp": stamp, "nonce": nonce, "sign": sign}


def call(method, target, body=b"", kind="application/json", tries=5):
    """发出请求；网络中断、429 和 5xx 时退避重试（每次重新签名，requestId 不变，不会重复入库）。"""
    url, key, secret = (os.environ[name] for name in ("CTSP_URL", "CTSP_KEY", "CTSP_SECRET"))
    for attempt in range(tries):
        headers = signed(method, target, body, key, secret) | {"Content-Type": kind}
        request = urllib.request.Request(url.rstrip("/") + target, body or None, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310 - the platform's own address
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code not in AGAIN or attempt == tries - 1:
                return json.load(error)
            wait = int(error.headers.get("Retry-After") or 0)
        except OSError:
            if attempt == tries - 1:
                raise
            wait = 0
        time.sleep(max(wait, 2 ** attempt))
    return None


def submit(dataset, name, request_id=None):
    """报送一个文件；requestId 由内容得出，重复执行只入库一次。"""
    path = Path(name)
    body = path.read_bytes()
    request_id = request_id or hashlib.new("sm3", dataset.encode() + body).hexdigest()
    return call("POST", f"{PREFIX}/datasets/{dataset}/submissions?requestId={request_id}", body, TYPES[path.suffix])


def receipt(number):
    return call("GET", f"{PREFIX}/submissions/{number}")


def findings(number):
    """逐行逐字段校验报告，自动翻页。"""
    found, total = [], 1
    while len(found) < total:
        answer = call("GET", f"{PREFIX}/submissions/{number}/findings?offset={len(found)}")
        if answer["code"] or not answer["data"]["items"]:
            break
        found += answer["data"]["items"]
        total = answer["data"]["total"]
    return found


if __name__ == "__main__":
    commands = {"submit": submit, "receipt": receipt, "findings": findings}
    result = commands[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
