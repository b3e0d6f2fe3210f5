"""Template databases and throw-away copies of them.

A template is named after the content it was built from; a copy takes a fraction of a second.
"""
import fcntl
import hashlib
import itertools
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from .. import addons, paths, venv
from ..console import step
from ..database import Server, testing
from ..installation import CORE
from ..odoo import INSIDE, Odoo

TEMPLATE, COPY = "tpl_", "t_"
KEPT_TEMPLATES = 40
WARM = ("ctsp_base", "ctsp_crypto", addons.EVERYTHING)
"""What others are copied from or built on: bundles of scripts and styles are made here once, not before each test."""
BUILD = paths.LOGS / "test"


class Lab:
    """The test server with everything built on it."""

    def __init__(self, server: Server | None = None):
        self.server = server or testing()
        self.odoo = Odoo(self.server, "test", paths.VAR / "odoo-test")
        self.addons = addons.read()
        self._numbers = itertools.count(1)

    def start(self) -> None:
        self.server.start()
        self.odoo.write_config()
        for name in self.server.names(COPY):
            if not Path(f"/proc/{name.split('_')[1]}").exists():
                self.drop(name)  # left by a run that was killed

    def close(self) -> None:
        """Drop what this run made; templates stay for the next one, the oldest of them go."""
        for name in self.server.names(f"{COPY}{os.getpid()}_"):
            self.drop(name)
        if os.environ.get("CI") == "true" and self.server.cluster:
            self.server.cluster.remove()
            shutil.rmtree(self.odoo.data, ignore_errors=True)
            return
        self._forget_old_templates()
        self.server.stop_if_idle()

    def template(self, names) -> str:
        """A database with these addons of ours, their dependencies and nothing else."""
        wanted = addons.closure(self.addons, names)
        name = self._template_name(wanted)
        with self._lock(name):
            (self._stamps() / name).touch()
            if not self.server.exists(name):
                self._build(name, wanted)
        return name

    def all_template(self) -> str:
        return self.template(addons.platform(self.addons))

    def sample_template(self) -> str:
        """The whole platform with its sample data, as a visitor would find it."""
        base = self.all_template()
        script = (INSIDE / "sample_data.py").read_bytes()
        name = f"{base}_sample_{hashlib.sha256(script).hexdigest()[:6]}"
        with self._lock(name):
            (self._stamps() / name).touch()
            if not self.server.exists(name):
                draft = f"{COPY}{os.getpid()}_{name}"
                with step("准备带示例数据的模板数据库"):
                    self._clone(base, draft)
                    names = list(addons.platform(self.addons))
                    self.odoo.script("sample_data", draft, self.log(name), addons=names)
                    self._rename(draft, name)
        return name

    @contextmanager
    def copy(self, template: str):
        """A database to spoil."""
        name = f"{COPY}{os.getpid()}_{next(self._numbers)}"
        self._clone(template, name)
        try:
            yield name
        finally:
            if not os.environ.get("CTSP_KEEP"):
                self.drop(name)

    def drop(self, name: str) -> None:
        self.server.drop(name)
        shutil.rmtree(self.odoo.filestore(name), ignore_errors=True)

    def _build(self, name: str, wanted: list[str]) -> None:
        """On top of the largest template that exists already; finished under a draft name, then renamed."""
        base, present = self._best_base(wanted)
        draft = f"{COPY}{os.getpid()}_{name}"
        missing = [addon for addon in wanted if addon not in present]
        title = "、".join(missing[-6:]) + (" 等" if len(missing) > 6 else "") if wanted else "Odoo 基础模块"
        with step(f"准备模板数据库：{title}"):
            if base:
                self._clone(base, draft)
                self.odoo.change_modules(draft, install=missing, log=self.log(name))
                if wanted[-1] in WARM:
                    self.odoo.script("warm_assets", draft, self.log(name))
            else:
                self.server.create(draft)
                self.odoo.change_modules(draft, install=CORE, log=self.log(name), first=True)
                self.odoo.script("first_settings", draft, self.log(name), password="admin")
            self._rename(draft, name)

    def _best_base(self, wanted: list[str]) -> tuple[str | None, set[str]]:
        if not wanted:
            return None, set()
        existing = set(self.server.names(TEMPLATE))
        candidates = [addons.closure(self.addons, [name]) for name in wanted]
        candidates += [names[:-1] for names in candidates]
        candidates = [names for names in candidates if names and names != wanted and set(names) <= set(wanted)]
        for names in sorted(candidates, key=len, reverse=True):
            if self._template_name(names) in existing:
                return self._template_name(names), set(names)
        lowest = wanted[: len(wanted) > 1]
        return self.template(lowest), set(lowest)

    def _template_name(self, wanted: list[str]) -> str:
        text = "\n".join([
            venv.odoo_source(), venv.lock("base"), repr(CORE), addons.fingerprint(self.addons, wanted),
        ])
        label = wanted[-1].removeprefix("ctsp_")[:20] if wanted else "core"
        return f"{TEMPLATE}{label}_{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    def _clone(self, template: str, name: str) -> None:
        self.server.create(name, template)
        source = self.odoo.filestore(template)
        if source.exists():
            shutil.copytree(source, self.odoo.filestore(name), dirs_exist_ok=True)

    def _rename(self, old: str, new: str) -> None:
        self.server.psql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
        if self.odoo.filestore(old).exists():
            shutil.rmtree(self.odoo.filestore(new), ignore_errors=True)
            shutil.move(self.odoo.filestore(old), self.odoo.filestore(new))

    def _forget_old_templates(self) -> None:
        existing = self.server.names(TEMPLATE)
        stamps = sorted(self._stamps().glob(f"{TEMPLATE}*"), key=lambda path: path.stat().st_mtime)
        kept = {path.name for path in stamps[-KEPT_TEMPLATES:]}
        for name in existing:
            if name not in kept:
                self.drop(name)
        for path in stamps[:-KEPT_TEMPLATES]:
            path.unlink(missing_ok=True)

    @contextmanager
    def _lock(self, name: str):
        """Two runs in one checkout build a template once."""
        with (self._stamps() / f".{name}.lock").open("w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def _stamps(self) -> Path:
        folder = paths.VAR / "templates"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @staticmethod
    def log(name: str) -> Path:
        path = BUILD / f"{name}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path
