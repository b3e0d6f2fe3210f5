"""The front door as in production: nginx with config/nginx and TLS before the platform, main screens behind it.

What the Content-Security-Policy forbids is an error on the console, and fails the test that saw it (`visit`).
A command, outside of CI (55 s): `CTSP_DOOR=1 scripts/test --e2e -- -k front_door`.
"""
import http.client
import json
import os
import random
import re
import socket
import ssl

import client
import pytest
import requests
import world
from echo import echoing
from inspections import on_site
from kit import serve
from kit.front_door import HOST, FrontDoor
from playwright.sync_api import expect

pytestmark = pytest.mark.skipif("CTSP_DOOR" not in os.environ, reason="a command: CTSP_DOOR=1")
ROLES = {"door_leader": ("leader",), "door_institution": ("institution_user",)}
BIG = 50 * 2**20
GATEWAY = "127.0.0.2"
SCREENS = {
    "ctsp_institution.ctsp_institution_action": (".o_list_view", ()),
    "ctsp_inspection.ctsp_inspection_report_action": (".o_pivot_view", ("graph",)),
}
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>"""


@pytest.fixture(scope="module")
def door(platform, tmp_path_factory):
    port = int(platform.url.rpartition(":")[2])
    front, plain = serve.free_port(), serve.free_port()
    nginx = FrontDoor(tmp_path_factory.mktemp("door"), port, port, front, plain)
    nginx.start()
    yield nginx
    nginx.stop()


@pytest.fixture(scope="module")
def echo(tmp_path_factory):
    with echoing(tmp_path_factory.mktemp("echo"), gateways=(GATEWAY,)) as nginx:
        yield nginx


@pytest.fixture
def come(door, visit):
    """come() → one more person before the door."""
    def enter():
        screen = visit(base_url=f"https://{HOST}:{door.front}")
        client.watch(screen.page)
        return screen

    return enter


@pytest.fixture(scope="module")
def people(platform):
    return world.make(platform, ROLES, outside=("door_institution",))


def test_screens_keep_to_the_policy(come, people, platform):
    """List, form, table, chart, desk and recording screen work; live messages and pictures come through as well."""
    leader = come().sign_in("door_leader", people.passwords["door_leader"])
    for action, (shown, others) in SCREENS.items():
        leader.open(action, shown)
        client.settle(leader.page)
        for view in others:
            leader.page.locator(f".o_switch_view.o_{view}").first.click()
            expect(leader.page.locator(f".o_{view}_view")).to_be_visible()
            client.settle(leader.page)
    leader.open("ctsp_institution.ctsp_institution_action", ".o_list_view")
    leader.enter(leader.page.locator("tr.o_data_row td.o_data_cell"))
    assert leader.page.evaluate("""() => new Promise((resolve, reject) => {
        const socket = new WebSocket(`wss://${location.host}/websocket?version=x`);
        socket.onopen = () => resolve("open");
        socket.onerror = () => reject(new Error("no web socket"));
    })""") == "open"
    desk = come().sign_in("door_institution", people.passwords["door_institution"])
    expect(desk.page.locator(".o_desk_home")).to_be_visible()
    client.settle(desk.page)
    site = on_site(platform, people.institution)
    login, password = next(iter(site["people"].items()))
    inspector = come().sign_in(login, password)
    inspector.page.goto(f"/odoo/inspections/{site['id']}/recording")
    expect(inspector.page.locator(".o_ctsp_record").first).to_be_visible()
    client.settle(inspector.page)


def test_files_go_through(come):
    """50 MB go in, a PDF is shown by the viewer."""
    admin = come().sign_in("admin", "admin")
    request = admin.page.request
    token = re.search(r'csrf_token: "([^"]+)"', request.get("/odoo").text())[1]
    sent = {"big.bin": random.Random(1).randbytes(BIG), "paper.pdf": PDF}
    made = {}
    for name, content in sent.items():
        answer = request.post("/web/binary/upload_attachment", multipart={
            "csrf_token": token, "model": "res.partner", "id": "1",
            "ufile": {"name": name, "mimeType": "application/octet-stream", "buffer": content}}, timeout=120_000)
        made[name] = re.search(r'"id": (\d+)', answer.text())[1]
    assert request.get(f"/web/content/{made['big.bin']}", timeout=120_000).body() == sent["big.bin"]
    admin.page.goto(f"/web/static/lib/pdfjs/web/viewer.html?file=/web/content/{made['paper.pdf']}")
    expect(admin.page.locator(".page[data-loaded=true] canvas").first).to_be_visible()


def test_headers(door):
    """Every answer says what browsers may do with it; the cookie travels by TLS only; plain HTTP leads to TLS."""
    base = f"https://{HOST}:{door.front}"
    for path in ("/web/login", "/web/static/img/favicon.ico", "/web/database/manager", "/no/such/page"):
        answer = requests.get(base + path, verify=str(door.authority), timeout=30)
        headers = answer.headers
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000"), path
        assert headers["X-Frame-Options"] in ("SAMEORIGIN", "DENY"), path
        assert headers["Referrer-Policy"] == "same-origin" and "camera=(self)" in headers["Permissions-Policy"], path
        assert headers["Server"] == "nginx", "no version"
    assert requests.get(f"{base}/web/database/manager", verify=str(door.authority), timeout=30).status_code == 404
    cookie = requests.get(f"{base}/web/login", verify=str(door.authority), timeout=30).headers["Set-Cookie"].lower()
    assert all(word in cookie for word in ("secure", "httponly", "samesite=lax")), cookie
    plain = requests.get(f"http://{HOST}:{door.ports['plain']}/web/login", allow_redirects=False, timeout=30)
    assert (plain.status_code, plain.headers["Location"][:8]) == (301, "https://")


@pytest.mark.parametrize("path", [
    "/", "/web/login", "/ctsp/auth/x", "/websocket", "/web/static/x.js", "/web/assets/x.js"])
def test_only_the_gateway_says_who_came(echo, path):
    """What others claim to be is not passed on, whatever way they write it; what the gateway says is."""
    claimed = {"X-Ctsp-Identity": "somebody", "X-Ctsp-Signature": "x", "X_Ctsp_Identity": "somebody"}
    context = ssl.create_default_context(cafile=str(echo.authority))
    seen = {}
    for address in (HOST, GATEWAY):
        line = http.client.HTTPSConnection(HOST, echo.front, context=context, source_address=(address, 0), timeout=30)
        line.request("GET", f"{path}?{address}", headers=claimed)
        told = json.loads(line.getresponse().read())
        line.close()
        seen[address] = {name.lower().replace("_", "-"): value for name, value in told.items()
                         if name.lower().startswith(("x-ctsp", "x_ctsp"))}
    assert seen[HOST] == {}
    assert seen[GATEWAY] == (
        {} if path == "/websocket" else {"x-ctsp-identity": "somebody", "x-ctsp-signature": "x"})


@pytest.mark.parametrize(("path", "old", "sites"), [
    ("/odoo", "SAMEORIGIN", "'self'"), ("/framed", None, "'self' https://app.example.org")])
def test_who_may_frame_a_page(echo, path, old, sites):
    """Nobody else's site; for sessions from the APP those that the platform names, and it tells no one how it does."""
    context = ssl.create_default_context(cafile=str(echo.authority))
    line = http.client.HTTPSConnection(HOST, echo.front, context=context, timeout=30)
    line.request("GET", path)
    headers = line.getresponse().headers
    line.close()
    assert headers.get("X-Frame-Options") == old
    assert f"frame-ancestors {sites};" in headers["Content-Security-Policy"]
    assert "X-Ctsp-Frame-Ancestors" not in headers


@pytest.mark.parametrize(("highest", "ciphers", "refusal"), [
    (ssl.TLSVersion.TLSv1, "ALL:@SECLEVEL=0", "PROTOCOL_VERSION"),
    (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0", "PROTOCOL_VERSION"),
    (ssl.TLSVersion.TLSv1_2, "AES128-SHA:AES256-SHA256:AES128-GCM-SHA256:@SECLEVEL=0", "HANDSHAKE_FAILURE"),
    (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0", "HANDSHAKE_FAILURE"),
    (ssl.TLSVersion.TLSv1_2, "ECDHE+AESGCM", ""),
    (ssl.TLSVersion.TLSv1_3, "ECDHE+AESGCM", ""),
])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_tls_is_spoken(door, highest, ciphers, refusal):
    """1.2 and 1.3 with forward secrecy; the server itself refuses what is older or weaker."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(door.authority)
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, highest
    context.set_ciphers(ciphers)
    said = ""
    try:
        with socket.create_connection((HOST, door.front), 10) as line, \
                context.wrap_socket(line, server_hostname=HOST) as secured:
            assert secured.version() in ("TLSv1.2", "TLSv1.3")
    except ssl.SSLError as error:
        said = error.reason
    assert ("ALERT" in said and refusal in said) if refusal else not said, said
