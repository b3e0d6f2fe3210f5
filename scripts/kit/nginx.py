"""nginx with the configuration of production, config/nginx, on loopback ports: for measuring and for tests.

Not installed by set-up: Debian's package starts a public listener. Where the host has none, the program is unpacked
into the virtual environment and runs as a process of ours.
"""
import shutil
import socket
import subprocess
import time
from pathlib import Path

from . import apt, paths, process, serve
from .console import step
from .errors import Problem

PREFIX = paths.VENV / "nginx"
PACKAGE = "nginx-light"
AROUND = """
daemon off; pid {folder}/nginx.pid; worker_processes 1; {user}
events {{ worker_connections 1024; }}
http {{
    access_log off; types_hash_max_size 4096; include {types};
    client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;
    uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
    include {folder}/site.conf;
}}
"""
UPSTREAM = """
upstream ctsp_http {{ server 127.0.0.1:{port}; keepalive 32; keepalive_timeout 1s; }}
upstream ctsp_open {{ zone ctsp_open_upstream 64k; server 127.0.0.1:{port} max_conns=3; }}
upstream ctsp_websocket {{ server 127.0.0.1:{gevent}; }}
"""
SERVERS = "\nserver {"
PLAIN = "\nserver {{ listen 127.0.0.1:{front}; include ctsp.d/locations.conf; }}\n"


def program() -> tuple[Path, Path, dict]:
    """Return nginx, its table of file types, and the environment to run it in."""
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if found:
        return Path(found), Path("/etc/nginx/mime.types"), process.clean_env()
    if not (PREFIX / "usr/sbin/nginx").exists():
        unpack()
    libraries = ":".join(sorted({str(path.parent) for path in PREFIX.rglob("*.so*")}))
    return (PREFIX / "usr/sbin/nginx", PREFIX / "etc/nginx/mime.types",
            process.clean_env(**({"LD_LIBRARY_PATH": libraries} if libraries else {})))


def unpack() -> None:
    with step("本机没有 nginx，下载到虚拟环境"):
        _source, codename = apt.machine_source()
        private = apt.PrivateApt(paths.VENV / "apt-nginx", [codename])
        private.update()
        for package in private.download(*private.missing_packages(PACKAGE)):
            apt.unpack(package, PREFIX)
        shutil.rmtree(private.folder)


class Nginx:
    """Without TLS, and with a limit of sign-ins that fifty people behind one address do not meet: for measuring."""

    def __init__(self, folder: Path, port: int, gevent: int, front: int):
        self.folder, self.front, self.process = folder, front, None
        self.ports = {"port": port, "gevent": gevent, "front": front}
        self.gateways = ()

    def start(self) -> None:
        nginx, types, env = program()
        (self.folder / "tmp").mkdir(exist_ok=True)
        here = self.folder / "ctsp.d"
        here.unlink(missing_ok=True)
        here.symlink_to(paths.CONFIG / "nginx" / "ctsp.d")
        conf, log = self.folder / "nginx.conf", self.folder / "nginx-error.log"
        user = "user root;" if apt.is_root() else ""  # loopback only; its files lie in our own folder
        conf.write_text(AROUND.format(folder=self.folder, types=types, user=user), encoding="utf-8")
        (self.folder / "site.conf").write_text(self.site(), encoding="utf-8")
        self.process = subprocess.Popen(
            [str(nginx), "-p", str(self.folder), "-c", str(conf), "-e", str(log)], env=env,
            preexec_fn=serve.die_with_parent)
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex((serve.HOST, self.front)) == 0:
                    return
            time.sleep(0.1)
        raise Problem("nginx 未能启动", f"详细输出见 {process.relative(log)}")

    def site(self) -> str:
        """Return config/nginx/ctsp.conf as it is needed here."""
        head, _servers = self.adapted({"ctsp_sign_in:10m rate=10r/s": "ctsp_sign_in:10m rate=100r/s"}).split(SERVERS, 1)
        return head + PLAIN.format(**self.ports)

    def adapted(self, changes: dict[str, str]) -> str:
        """:raise ValueError: the configuration does not have what is to be changed."""
        text = (paths.CONFIG / "nginx" / "ctsp.conf").read_text(encoding="utf-8")
        changes = {
            "include ctsp.d/upstream.conf;": UPSTREAM.format(**self.ports),
            "include ctsp.d/gateways.conf;": "".join(f"{address} 1;" for address in self.gateways),
            "/var/cache/nginx/ctsp": f"{self.folder}/cache", **changes,
        }
        for there, here in changes.items():
            if there not in text:
                raise ValueError(f"config/nginx/ctsp.conf has no “{there}” any more")
            text = text.replace(there, here)
        return text

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
