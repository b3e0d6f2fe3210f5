"""nginx as in production, on a loopback port without TLS, for measuring."""
import shutil
import socket
import subprocess
import time
from pathlib import Path

from . import paths, serve
from .errors import Problem

TEMPLATE = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    access_log off; types_hash_max_size 4096; include /etc/nginx/mime.types;
    client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;
    uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
    upstream ctsp_http {{ server 127.0.0.1:{port}; keepalive 32; keepalive_timeout 1s; }}
    upstream ctsp_websocket {{ server 127.0.0.1:{gevent}; }}
    map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
    limit_req_zone $binary_remote_addr zone=ctsp_sign_in:10m rate=6000r/m;
    proxy_cache_path {folder}/cache levels=1:2 keys_zone=ctsp_static:10m max_size=64m use_temp_path=off;
    server {{ listen 127.0.0.1:{front}; include ctsp.d/locations.conf; }}
}}
"""


class Nginx:
    """One nginx process of our own with the locations of config/nginx."""

    def __init__(self, folder: Path, port: int, gevent: int, front: int):
        self.folder, self.front, self.process = folder, front, None
        self.text = TEMPLATE.format(folder=folder, port=port, gevent=gevent, front=front)

    def start(self) -> None:
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
        if not program:
            raise Problem("缺少 nginx", "请安装：apt-get install nginx-light")
        (self.folder / "tmp").mkdir(exist_ok=True)
        here = self.folder / "ctsp.d"
        here.unlink(missing_ok=True)
        here.symlink_to(paths.CONFIG / "nginx" / "ctsp.d")
        conf = self.folder / "nginx.conf"
        conf.write_text(self.text, encoding="utf-8")
        self.process = subprocess.Popen([program, "-p", str(self.folder), "-c", str(conf)])
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex((serve.HOST, self.front)) == 0:
                    return
            time.sleep(0.1)
        raise Problem("nginx 未能启动", f"详细输出见 {self.folder / 'nginx-error.log'}")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
