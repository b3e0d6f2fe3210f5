"""A person's browser on the platform, as far as these tests need one: signs in by the page, calls like the client."""
import base64
import re

import requests

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
REFUSAL = re.compile(r'class="alert alert-danger"[^>]*>(.*?)<', re.S)


class Browser:
    def __init__(self, server):
        self.base, self.http = f"http://127.0.0.1:{server.port}", requests.Session()
        self.http.headers["Accept-Language"] = "zh-CN"

    def enter(self, login: str, password: str) -> str:
        """Return "" or what the page says."""
        token = TOKEN.search(self.http.get(f"{self.base}/web/login", timeout=60).text)[1]
        page = self.http.post(
            f"{self.base}/web/login", {"csrf_token": token, "login": login, "password": password}, timeout=60)
        if "/web/login" not in page.url:
            return ""
        said = REFUSAL.search(page.text)
        return said[1].strip() if said else page.text

    def enter_by_key(self, certificate, key, provider) -> str:
        """Sign in by certificate; return "" or what the page says."""
        asked = self._ask("/ctsp/auth/challenge", purpose="sign-in")
        signed = provider.sign(key, asked["message"].encode()).value
        told = self._ask("/ctsp/auth/certificate", answer={
            **asked, "certificate": base64.b64encode(certificate).decode(),
            "signature": base64.b64encode(signed).decode()})
        return told.get("error") or ""

    def _ask(self, path: str, **params):
        self.http.get(f"{self.base}/web/login", timeout=60)
        answer = self.http.post(f"{self.base}{path}", json={"params": params}, timeout=60).json()
        assert "result" in answer, answer
        return answer["result"]

    def call(self, model: str, method: str, *arguments):
        """Return `(result, message)`: what the client is given, or what it shows."""
        answer = self.http.post(f"{self.base}/web/dataset/call_kw/{model}/{method}", json={"params": {
            "model": model, "method": method, "args": arguments, "kwargs": {"context": {"lang": "zh_CN"}}}}, timeout=60)
        told = answer.json()
        return told.get("result"), told["error"]["data"]["message"] if "error" in told else ""

    def refuse(self, filing: int) -> str:
        """Refuse a filing, which binds the regulator and is signed; return "" or what the screen says."""
        return self.call("ctsp.filing", "run_transition", [filing], "refuse", "不符合条件（示例）")[1]
