"""nginx as config/nginx sets it up in production, TLS included, on loopback ports: for tests of the front door."""
from pathlib import Path

from . import apt, paths, process, venv
from .bench_nginx import Nginx

HOST = "127.0.0.1"
CERTIFICATE = Path(__file__).parent / "inside" / "front_certificate.py"
AROUND = """
daemon off; pid {folder}/nginx.pid; worker_processes 1; {user}
events {{ worker_connections 1024; }}
http {{
    access_log off; types_hash_max_size 4096; include {types};
    client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;
    uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
    include {folder}/front.conf;
}}
"""
UPSTREAM = """
upstream ctsp_http {{ server 127.0.0.1:{port}; keepalive 32; keepalive_timeout 1s; }}
upstream ctsp_websocket {{ server 127.0.0.1:{gevent}; }}
"""


class FrontDoor(Nginx):
    """``plain``: the port that leads to TLS; ``front``: the port of TLS; ``authority``: PEM file of the test CA."""

    def __init__(self, folder: Path, port: int, gevent: int, front: int, plain: int):
        super().__init__(folder, port, gevent, front)
        self.ports["plain"] = plain
        self.authority = folder / "authority.pem"

    def configuration(self, types: Path) -> str:
        process.run([venv.PYTHON, CERTIFICATE, self.folder, HOST], problem="无法签发测试用证书")
        text = (paths.CONFIG / "nginx" / "ctsp.conf").read_text(encoding="utf-8")
        for there, here in (
            ("include ctsp.d/upstream.conf;", UPSTREAM.format(**self.ports)),
            ("    listen [::]:80;\n", ""), ("    listen [::]:443 ssl http2;\n", ""),
            ("listen 80;", f"listen {HOST}:{self.ports['plain']};"),
            ("listen 443 ssl http2;", f"listen {HOST}:{self.front} ssl http2;"),
            ("/etc/ctsp/tls/fullchain.pem", f"{self.folder}/front.pem"),
            ("/etc/ctsp/tls/privkey.pem", f"{self.folder}/front.key"),
            ("/var/cache/nginx/ctsp", f"{self.folder}/cache"),
        ):
            if there not in text:
                raise ValueError(f"config/nginx/ctsp.conf has no “{there}” any more")
            text = text.replace(there, here)
        (self.folder / "front.conf").write_text(text, encoding="utf-8")
        user = "user root;" if apt.is_root() else ""
        return AROUND.format(folder=self.folder, types=types, user=user)
