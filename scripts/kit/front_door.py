"""nginx as config/nginx sets it up in production, TLS included, on loopback ports: for tests of the front door."""
from pathlib import Path

from . import process, venv
from .nginx import Nginx

HOST = "127.0.0.1"
CERTIFICATE = Path(__file__).parent / "inside" / "front_certificate.py"


class FrontDoor(Nginx):
    """``plain``: the port that leads to TLS; ``front``: the port of TLS; ``authority``: PEM file of the test CA;
    ``gateways``: addresses whose word about who came is passed on.
    """

    def __init__(self, folder: Path, port: int, gevent: int, front: int, plain: int, gateways: tuple[str, ...] = ()):
        super().__init__(folder, port, gevent, front)
        self.ports["plain"], self.gateways = plain, gateways
        self.authority = folder / "authority.pem"

    def site(self) -> str:
        process.run([venv.PYTHON, CERTIFICATE, self.folder, HOST], problem="无法签发测试用证书")
        return self.adapted({
            "    listen [::]:80;\n": "", "    listen [::]:443 ssl http2;\n": "",
            "listen 80;": f"listen {HOST}:{self.ports['plain']};",
            "listen 443 ssl http2;": f"listen {HOST}:{self.front} ssl http2;",
            "/etc/ctsp/tls/fullchain.pem": f"{self.folder}/front.pem",
            "/etc/ctsp/tls/privkey.pem": f"{self.folder}/front.key",
        })
