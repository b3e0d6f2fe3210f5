"""One database with the platform on it: created whole or not at all, then kept at the state of the addons."""
import json
import os
import secrets
import shutil
from dataclasses import dataclass

from . import addons, paths
from .console import say, step
from .odoo import Odoo

PASSWORD = paths.VAR / "admin-password"
DIGESTS = "ctsp.addon_digests"
SAMPLE = "ctsp.sample_data"
LOG = paths.LOGS / "install.log"
# Also what a database has before any addon of ours exists.
CORE = ("mail", "portal", "base_import")


@dataclass
class Installation:
    """The platform on the database `name`."""

    odoo: Odoo
    name: str

    @property
    def server(self):
        return self.odoo.server

    def ensure(self, sample: bool, force: bool = False) -> None:
        if not self.server.exists(self.name):
            self._create(sample)
        elif self._parameter(DIGESTS):
            self._update(force)
        else:
            self._fill(sample)

    def remove(self) -> None:
        with step(f"删除数据库 {self.name}"):
            self.server.drop(self.name)
            shutil.rmtree(self.odoo.filestore(self.name), ignore_errors=True)

    def _create(self, sample: bool) -> None:
        """Build under another name and rename at the end: an interrupted creation leaves nothing behind."""
        draft = Installation(self.odoo, f"{self.name}_building")
        if self.server.exists(draft.name):
            draft.remove()
        with step(f"创建数据库 {self.name}（首次约需两三分钟）"):
            self.server.create(draft.name)
            draft._fill(sample)
            self.server.psql(f'ALTER DATABASE "{draft.name}" RENAME TO "{self.name}"')
            if self.odoo.filestore(draft.name).exists():
                shutil.move(self.odoo.filestore(draft.name), self.odoo.filestore(self.name))

    def _fill(self, sample: bool) -> None:
        """Bring an empty database up; on one that an administrator made, an interrupted run is taken up again."""
        ours = addons.platform(addons.read())
        with step("安装 Odoo 基础模块与中文"):
            self.odoo.change_modules(self.name, install=CORE, log=LOG, first=True)
            self.odoo.script("first_settings", self.name, LOG, password=administrator_password())
        if ours:
            with step(f"安装平台模块（{len(ours)} 个）"):
                self.odoo.change_modules(self.name, install=addons.top_modules(ours), log=LOG)
        self._finish(ours, sample)

    def _update(self, force: bool) -> None:
        ours = addons.platform(addons.read())
        known = json.loads(self._parameter(DIGESTS) or "{}")
        installed = set(self._query(
            "SELECT name FROM ir_module_module WHERE state IN ('installed', 'to upgrade', 'to install')"
        ).split())
        wanted = addons.closure(ours, addons.top_modules(ours)) if ours else []
        new = [name for name in wanted if name not in installed]
        changed = [name for name in ours if name in installed and (force or known.get(name) != ours[name].digest)]
        if not new and not changed:
            return
        with step(f"模块有变化，更新数据库：{'、'.join(new + changed)}"):
            self.odoo.change_modules(self.name, install=new, update=changed, log=LOG)
            self._finish(ours, sample=self._parameter(SAMPLE) == "1")

    def _finish(self, ours: dict, sample: bool) -> None:
        if sample and self._without_sample(ours):
            with step("载入示例数据"):
                self.odoo.script("sample_data", self.name, LOG, addons=list(ours))
                self.odoo.script("sample_accounts", self.name, LOG, path=str(paths.SAMPLE_ACCOUNTS))
        with step("生成网页资源"):
            self.odoo.script("warm_assets", self.name, LOG)
        self._remember(DIGESTS, json.dumps({name: addon.digest for name, addon in ours.items()}))
        self._remember(SAMPLE, "1" if sample else "0")

    def _without_sample(self, ours: dict) -> bool:
        names = ", ".join(f"'{name}'" for name in ours) or "NULL"
        sql = f"SELECT 1 FROM ir_module_module WHERE state = 'installed' AND NOT demo AND name IN ({names}) LIMIT 1"
        return bool(self._query(sql))

    def _remember(self, key: str, value: str) -> None:
        self.server.psql(
            "INSERT INTO ir_config_parameter (key, value) VALUES (:'key', :'value') "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            self.name, self.server.odoo, key=key, value=value,
        )

    def _parameter(self, key: str) -> str:
        if not self._query("SELECT to_regclass('ir_config_parameter')"):
            return ""
        return self._query(f"SELECT value FROM ir_config_parameter WHERE key = '{key}'")

    def _query(self, sql: str) -> str:
        """Ask as Odoo's role: the tables are its own."""
        return self.server.psql(sql, self.name, self.server.odoo).strip()


def administrator_password() -> str:
    """Generated once, kept in a file only its owner can read, shown once."""
    if not PASSWORD.exists():
        descriptor = os.open(PASSWORD, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(secrets.token_urlsafe(12) + "\n")
        say(f"  管理员初始密码（只显示这一次，另存于 var/admin-password）：{PASSWORD.read_text().strip()}")
    return PASSWORD.read_text(encoding="utf-8").strip()
