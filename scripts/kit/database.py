"""Database servers, roles and databases.

Databases belong to the second role (`ctsp_owner`): PostgreSQL lets a schema's owner drop any table in it, so Odoo's
role must own neither the append-only tables nor the database. See docs/decisions/0002.
"""
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from . import addons as addon_tree
from . import paths, postgres, process
from .errors import Problem

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
EXTENSIONS = ("pg_trgm", "unaccent", "pgcrypto", "btree_gin")


@dataclass(frozen=True)
class Login:
    """A database role and, where the server asks for one, its password."""

    user: str
    password: str = ""


@dataclass
class Server:
    """A PostgreSQL server: the private cluster, or one given by CTSP_DB_HOST and friends."""

    host: str
    port: str
    odoo: Login
    owner: Login
    admin: Login
    cluster: postgres.Cluster | None = None
    reader: Login = Login("ctsp_backup")
    """reads everything, changes nothing"""

    def start(self, odoo_only: bool = False, reader_only: bool = False) -> None:
        """Make sure the server answers; `odoo_only` and `reader_only` need no right beyond those roles' own."""
        if self.cluster:
            self.cluster.join()
            self._create_roles()
        else:
            self._check_reachable(self.odoo if odoo_only else self.reader if reader_only else self.admin)

    def stop_if_idle(self) -> None:
        """Stop the private cluster, unless somebody else (a shell, a second server) still uses it."""
        if self.cluster:
            self.cluster.leave(self._other_clients)

    def psql(self, sql: str, database: str = "postgres", login: Login | None = None, **variables: str) -> str:
        return self._psql(["-c", sql] if not variables else ["-f", "-"], sql, database, login or self.admin, variables)

    def psql_file(self, path: Path, database: str, login: Login, **variables: str) -> str:
        return self._psql(["-f", str(path)], None, database, login, variables)

    def exists(self, name: str) -> bool:
        return bool(self.psql(f"SELECT 1 FROM pg_database WHERE datname = '{checked(name)}'").strip())

    def names(self, prefix: str = "") -> list[str]:
        return [name for name in self.psql("SELECT datname FROM pg_database").split() if name.startswith(prefix)]

    def create(self, name: str, template: str = "template0") -> None:
        """A database with its extensions and rights, or a copy of one that has them."""
        checked(name)
        encoding = "ENCODING 'UTF8'" if template == "template0" else ""
        self.psql(f'CREATE DATABASE "{name}" OWNER {self.owner.user} TEMPLATE "{checked(template)}" {encoding}')
        if template == "template0":
            self.psql(";\n".join(self._preparation(name)), name)

    def let_in(self, login: Login, name: str) -> None:
        """Let a role that came later connect; on a server of somebody else's its administrator does that."""
        if self.cluster:
            self.psql(f'GRANT CONNECT ON DATABASE "{checked(name)}" TO {login.user}')

    def drop(self, name: str) -> None:
        self.psql(f'DROP DATABASE IF EXISTS "{checked(name)}" WITH (FORCE)')

    def apply_owner_sql(self, name: str, addons: Iterable[addon_tree.Addon]) -> None:
        """Run the addons' SQL for tables that Odoo may only insert into and read."""
        for addon in addons:
            for path in addon.owner_sql:
                self.psql_file(path, name, self.owner, odoo_role=self.odoo.user)

    def _preparation(self, name: str) -> list[str]:
        role = self.odoo.user
        return [
            *(f"CREATE EXTENSION IF NOT EXISTS {extension}" for extension in EXTENSIONS),
            # Odoo indexes on unaccent(), which PostgreSQL only allows for immutable functions
            "ALTER FUNCTION unaccent(text) IMMUTABLE",
            f'GRANT CONNECT, CREATE, TEMPORARY ON DATABASE "{name}" TO {role}',
            f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC',
            f"GRANT USAGE, CREATE ON SCHEMA public TO {role}",
            f'GRANT CONNECT ON DATABASE "{name}" TO {self.reader.user}',
        ]

    def _create_roles(self) -> None:
        for login in (self.odoo, self.owner, self.reader):
            self.psql(
                f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{login.user}') "
                f"THEN CREATE ROLE {login.user} LOGIN; END IF; END $$"
            )
        self.psql(f"GRANT pg_read_all_data TO {self.reader.user}")

    def _check_reachable(self, login: Login) -> None:
        try:
            self.psql("SELECT 1", login=login)
        except Problem as problem:
            raise Problem(
                f"无法连接数据库 {login.user}@{self.host}:{self.port}",
                "请检查 CTSP_DB_HOST、CTSP_DB_PORT、CTSP_DB_USER、CTSP_DB_PASSWORD；不设置则使用私有数据库",
                problem.details,
            ) from problem

    def _other_clients(self) -> bool:
        sql = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        return self.psql(sql).strip() != "0"

    def _psql(self, source, stdin, database, login, variables) -> str:
        options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        for key, value in variables.items():
            options += ["-v", f"{key}={value}"]
        return self.client("psql", *options, *source, database=database, login=login, input=stdin,
                           problem="数据库命令失败")

    def client(self, program: str, *arguments, database: str, login: Login, **options) -> str:
        """Run one of PostgreSQL's own programs on a database; return what it prints."""
        folder = client_folder()
        env = (postgres.environment(folder) if folder else process.clean_env()) | {
            "PGHOST": self.host, "PGPORT": self.port, "PGUSER": login.user, "PGDATABASE": database,
            "PGPASSWORD": login.password, "PGOPTIONS": "-c client_min_messages=warning",
        }
        return process.run([folder / program if folder else program, *arguments], log="postgres", env=env, **options)


def client_folder() -> Path | None:
    """psql of the server's own version where there is one; an external database needs only the client."""
    found = postgres.newest(Path("/usr/lib/postgresql")) or postgres.newest(postgres.private_root())
    if found:
        return found
    has_client = subprocess.run(["sh", "-c", "command -v psql"], capture_output=True, check=False).returncode == 0
    return None if has_client else postgres.binaries()


def checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise Problem(f"数据库名不合法：{name}", "请只用小写字母、数字和下划线，且以字母开头")
    return name


def development() -> Server:
    """The server of `scripts/run`: safe with data."""
    return given_server() or private_server(postgres.Cluster(paths.VAR / "postgres"))


def testing() -> Server:
    """The server of `scripts/test`: fast, never one that somebody keeps data on."""
    return private_server(postgres.Cluster(paths.VAR / "postgres-test", throwaway=True))


def private_server(cluster: postgres.Cluster) -> Server:
    return Server(str(cluster.socket), "5432", Login("ctsp"), Login("ctsp_owner"), Login(postgres.SUPERUSER), cluster)


def given_server() -> Server | None:
    get = os.environ.get
    if not get("CTSP_DB_HOST"):
        return None
    odoo = Login(get("CTSP_DB_USER", "ctsp"), get("CTSP_DB_PASSWORD", ""))
    owner = Login(get("CTSP_DB_OWNER_USER", "ctsp_owner"), get("CTSP_DB_OWNER_PASSWORD", ""))
    admin = Login(get("CTSP_DB_ADMIN_USER", owner.user), get("CTSP_DB_ADMIN_PASSWORD", owner.password))
    reader = Login(get("CTSP_DB_BACKUP_USER", "ctsp_backup"), get("CTSP_DB_BACKUP_PASSWORD", ""))
    return Server(get("CTSP_DB_HOST", ""), get("CTSP_DB_PORT", "5432"), odoo, owner, admin, reader=reader)
