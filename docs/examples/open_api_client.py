#!/usr/bin/env python3
"""标准开放接口客户端示例：只用 Python 标准库（3.9 以上，hashlib 含 sm3）。

    export CTSP_URL=https://平台地址  CTSP_KEY=密钥标识  CTSP_SECRET=密钥
    python3 open_api_client.py samples recent_trials 10 2          # 10行示例数据，其中2行带错误
    python3 open_api_client.py submit recent_trials rows.json
    python3 open_api_client.py upload recent_trials rows.ndjson    # 大文件分片上传，中断后重新执行即续传
    python3 open_api_client.py receipt HZ2026-00000001
    python3 open_api_client.py findings HZ2026-00000001
    python3 open_api_client.py conformance                         # 对接测试情况
"""
import hashlib
import hmac
import json
import os
import random
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


def call(method, target, body=b"", kind="application/json", tries=8):
    """发出请求；网络中断、429 和 5xx 时退避重试（每次重新签名，requestId 不变，不会重复入库）。

    等待时间不短于 Retry-After，并加一点随机，以免各家同时重来。
    """
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
        time.sleep(max(wait, min(2 ** attempt, 30)) * random.uniform(1, 1.5))
    return None


def settled(answer, seconds=60):
    """登记库正在更新的（applied 为 queued），查询回执直到有结果；仍未完成的返回最后一次回执，可稍后再查。"""
    until, pause = time.time() + seconds, 1
    while not answer["code"] and answer["data"]["applied"] == "queued" and time.time() < until:
        time.sleep(pause)
        pause = min(pause * 2, 10)
        answer = receipt(answer["data"]["number"]) | {"requestId": answer["requestId"]}
    return answer


def submit(dataset, name, request_id=None):
    """报送一个文件；requestId 由内容得出，重复执行只入库一次。"""
    path = Path(name)
    body = path.read_bytes()
    request_id = request_id or request_id_of(dataset, path)
    target = f"{PREFIX}/datasets/{dataset}/submissions?requestId={request_id}"
    return settled(call("POST", target, body, TYPES[path.suffix]))


def request_id_of(dataset, path):
    """请求编号由数据集和内容得出：同一文件重复执行只入库一次。"""
    digest = hashlib.new("sm3", dataset.encode())
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def upload(dataset, name):
    """分片上传一个大文件：先问哪些片已收到，只补传缺少的片，最后合并。"""
    path = Path(name)
    digest = hashlib.new("sm3")
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    announced = {"dataset": dataset, "requestId": request_id_of(dataset, path), "contentType": TYPES[path.suffix],
                 "size": path.stat().st_size, "digest": digest.hexdigest()}
    answer = call("POST", f"{PREFIX}/uploads", json.dumps(announced).encode())
    with path.open("rb") as stream:
        for number in answer["data"].get("missing", ()):
            stream.seek((number - 1) * answer["data"]["partSize"])
            part = call("PUT", f"{PREFIX}/uploads/{answer['data']['upload']}/parts/{number}",
                        stream.read(answer["data"]["partSize"]), "application/octet-stream")
            if part["code"]:
                return part
    if answer["code"]:
        return answer
    return settled(call("POST", f"{PREFIX}/uploads/{answer['data']['upload']}/complete"))


def samples(dataset, rows="3", faults="0"):
    """生成示例数据；faults 为其中带错误的行数，expected 说明每处错误。"""
    return call("GET", f"{PREFIX}/datasets/{dataset}/samples?rows={rows}&faults={faults}")


def conformance():
    """对接测试情况：每个数据集通过了哪些检查。"""
    return call("GET", f"{PREFIX}/conformance")


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
    commands = {"submit": submit, "upload": upload, "receipt": receipt, "findings": findings, "samples": samples,
                "conformance": conformance}
    result = commands[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
