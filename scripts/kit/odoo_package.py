"""Odoo 19 Community out of Debian's package, trimmed to what the platform uses."""
import ast
import hashlib
import re
import shutil
from pathlib import Path

from . import apt, process
from .errors import Problem

VERSION = "19.0.0+dfsg-1"
SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
DIST = Path("usr/lib/python3/dist-packages")
# Scripts and fonts that the package links to. Font Awesome stays at 4.7: later ones lack the files.
COMPANIONS = (
    "libjs-jquery/sid", "libjs-jquery-form/sid", "libjs-underscore/sid", "fonts-montserrat/sid",
    "fonts-roboto-unhinted/sid", "fonts-inconsolata/sid", "fonts-ocr-b/sid", "fonts-font-awesome/bookworm",
)
DROPPED_ADDONS = ("l10n_*", "pos_*", "website_*", "theme_*", "delivery_*", "test_*")
EXCLUDE = (
    f"./{DIST}/addons", f"./{DIST}/doc", f"./{DIST}/setup", "./etc", "./usr/lib/systemd",
    *(f"./{DIST}/odoo/addons/{pattern}" for pattern in DROPPED_ADDONS),
    # every language but zh_CN
    "*/i18n*/[!z]*.po", "*/i18n*/z[!h]*.po", "*/i18n*/zh_[!C]*.po", "*/i18n*/*.pot",
)
# Left out of Debian's package as not free enough; this file's absence shows as an error in the browser.
SEGMENTATION = ("@mediapipe/selfie_segmentation", "0.1.1675465747", "selfie_segmentation.js")


def fingerprint() -> str:
    return repr((VERSION, SHA256, COMPANIONS, EXCLUDE, SEGMENTATION, 2))


def install(prefix: Path, work: Path) -> Path:
    """Download and unpack below `prefix`; return the folder that holds the package `odoo`."""
    private = apt.PrivateApt(work, ["sid", "bookworm"])
    private.update()
    shutil.rmtree(prefix, ignore_errors=True)
    for package in private.download(f"odoo-19={VERSION}", *COMPANIONS):
        if package.name.startswith("odoo-19_"):
            verify(package)
            apt.unpack(package, prefix, EXCLUDE)
        else:
            apt.unpack(package, prefix)
    home = prefix / DIST
    drop_broken_modules(home / "odoo" / "addons")
    mend_metadata(home)
    restore_segmentation(home, work)
    shutil.rmtree(work)
    return home


def verify(package: Path) -> None:
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    if digest != SHA256:
        raise Problem(
            f"Odoo 软件包校验和不符（{digest}）",
            "请勿使用该文件；请检查软件源，或更新 odoo_package.py 中的版本与校验和",
        )


def drop_broken_modules(addons: Path) -> list[str]:
    """Remove modules whose dependencies were left out: kept, they disturb every new database."""
    depends = {}
    for manifest in addons.glob("*/__manifest__.py"):
        content = ast.literal_eval(manifest.read_text(encoding="utf-8"))
        depends[manifest.parent.name] = set(content.get("depends") or ["base"])
    dropped = []
    while broken := [name for name, needs in depends.items() if needs - depends.keys() - {"base"}]:
        for name in broken:
            shutil.rmtree(addons / name)
            del depends[name]
        dropped += broken
    return dropped


def mend_metadata(home: Path) -> None:
    """pip looks for psycopg2; the wheel is called psycopg2-binary."""
    for name in ("PKG-INFO", "requires.txt"):
        path = home / "odoo-19.0.egg-info" / name
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"psycopg2\s*>=\s*2\.2\b", "psycopg2-binary>=2.9", text), encoding="utf-8")


def restore_segmentation(home: Path, work: Path) -> None:
    name, version, file = SEGMENTATION
    target = home / "odoo/addons/mail/static/lib/selfie_segmentation" / file
    if target.exists() or not shutil.which("npm"):
        return
    folder = work / "npm"
    folder.mkdir(parents=True)
    process.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, problem=f"无法从 npm 获取 {name}",
                remedy=apt.NO_NETWORK)
    process.run(["tar", "-xzf", next(folder.glob("*.tgz")), "-C", folder])
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "package" / file, target)
