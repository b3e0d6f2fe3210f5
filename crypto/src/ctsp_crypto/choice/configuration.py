"""The configuration file (TOML) and the environment.

    [providers.hsm]
    kind = "sdf"                                  # standard, sdf, cloud
    library = "/usr/lib/libsdf_vendor.so"
    sessions = 16                                 # any of sdf.Options
    pins = { 1 = { file = "/etc/ctsp/pin-1" } }   # secrets come from a file (mode 0600) or the environment
    probe = { signer = { locator = "pair:1" }, cipher = { locator = "kek:1:…" } }

    [providers.cloud]
    kind = "cloud"
    signatures = { url = "https://…/signature", app = "ctsp", secret = { env = "CTSP_CLOUD_SECRET" } }
    data = { url = "https://…/data", app = "ctsp", secret = { file = "/etc/ctsp/cloud-secret" } }
    pinned = { "sign:1" = "04…" }                 # key:version = public key
    stamper = "04…"                               # or a list: the authority's key, and those of former years
    authority = "…"                               # how people call the time stamp authority
    roots = ["/etc/ctsp/root.pem"]                # what the service calls valid must also hold here

    [ports]
    default = "standard"                          # which also serves what it can of the rest
    signer = "cloud"

`CTSP_CRYPTO_CONFIG` names the file (none: everything by “standard”), `CTSP_CRYPTO_PORTS` = `signer=hsm,cipher=hsm`
overrules the ports. An unknown name is an error: a misspelt line must not mean the default.
"""
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

from ..certificates import TrustStore, read_many
from ..encodings import keys
from ..errors import EncodingError, PolicyError
from ..keys.root import read_private_file
from ..material import KeyHandle, PublicKey
from ..providers.cloud import CloudProvider, Service
from ..providers.sdf import Options, SdfProvider
from ..providers.standard import StandardProvider
from ..secret import Secret
from .chooser import PORTS, Choice, serves
from .selftest import Probe

FILE, OVERRULED = "CTSP_CRYPTO_CONFIG", "CTSP_CRYPTO_PORTS"
DEFAULT = "standard"


def load(path: str | Path | None = None, environment: Mapping[str, str] | None = None) -> Choice:
    """The choice this installation made; nothing is opened or tested yet."""
    environment = os.environ if environment is None else environment
    path = path or environment.get(FILE)
    return build(_read(Path(path)) if path else {}, environment)


def _read(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolicyError(f"the configuration {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"the configuration {path} is not TOML: {error}") from error


def build(settings: dict, environment: Mapping[str, str]) -> Choice:
    known_names("the configuration", settings, ("providers", "ports"))
    tables = {DEFAULT: {"kind": "standard"}} | table_of(settings, "providers")
    providers, probes = {}, {}
    for name in tables:
        table = table_of(tables, name)
        probes[name] = _probe(name, table_of(table, "probe"))
        table.pop("probe", None)
        providers[name] = _provider(name, table, environment)
    return Choice(providers, _assigned(table_of(settings, "ports"), providers, environment), probes)


def _assigned(table: dict, providers: dict, environment: Mapping[str, str]) -> dict[str, str]:
    table = table | _overruled(environment.get(OVERRULED, ""))
    default = table.pop("default", DEFAULT)
    if default not in providers:
        raise PolicyError(f"the default provider “{default}” is not configured")
    served = {port: default for port in PORTS if serves(providers[default], port)}
    return served | table


def _overruled(text: str) -> dict[str, str]:
    found = {}
    for part in filter(None, text.split(",")):
        port, equals, provider = part.partition("=")
        if not equals:
            raise PolicyError(f"{OVERRULED} is written port=provider,port=provider")
        found[port.strip()] = provider.strip()
    return found


def _provider(name: str, table: dict, environment: Mapping[str, str]):
    kind = table.pop("kind", "")
    if kind not in _KINDS:
        raise PolicyError(f"provider “{name}”: kind is one of {', '.join(_KINDS)}")
    try:
        return _KINDS[kind](f"provider “{name}”", table, environment)
    except (TypeError, KeyError, EncodingError, ValueError, OSError) as error:
        raise PolicyError(f"provider “{name}”: {error}") from error


def _standard(where: str, table: dict, _environment) -> StandardProvider:
    known_names(where, table, ())
    return StandardProvider()


def _sdf(where: str, table: dict, environment: Mapping[str, str]) -> SdfProvider:
    names = [field.name for field in fields(Options)]
    known_names(where, table, ("library", *names))
    pins = {int(index): secret(where, given, environment) for index, given in table_of(table, "pins").items()}
    options = {name: value for name, value in table.items() if name not in ("library", "pins")}
    return SdfProvider(table["library"], Options(pins=pins, **options))


def _cloud(where: str, table: dict, environment: Mapping[str, str]) -> CloudProvider:
    known_names(where, table, (
        "signatures", "data", "pinned", "stamper", "authority", "roots", "intermediates", "read_back"))
    return CloudProvider(
        *(_service(where, table_of(table, name), environment) for name in ("signatures", "data")),
        pinned={_name(text): keys.read_public(point).point for text, point in table_of(table, "pinned").items()},
        stampers=_stampers(table), authority=table.get("authority", ""),
        trusted=_trusted(where, table), read_back=table.get("read_back", True))


def _stampers(table: dict) -> list[PublicKey]:
    given = table.get("stamper") or []
    return [keys.read_public(one) for one in ([given] if isinstance(given, str) else given)]


def time_stamp_authority(
    path: str | Path | None = None, environment: Mapping[str, str] | None = None,
) -> tuple[list[PublicKey], str]:
    """Public keys and name of the time stamp authority of this installation, `([], "")` without one.

    For whoever only reads time stamps: no provider is made, and no secret is read.
    """
    environment = os.environ if environment is None else environment
    path = path or environment.get(FILE)
    settings = _read(Path(path)) if path else {}
    ports = table_of(settings, "ports") | _overruled(environment.get(OVERRULED, ""))
    name = ports.get("time_stamper", ports.get("default", DEFAULT))
    table = table_of(table_of(settings, "providers"), name)
    try:
        return _stampers(table), table.get("authority", "")
    except (TypeError, ValueError, EncodingError) as error:
        raise PolicyError(f"provider “{name}”: {error}") from error


def _trusted(where: str, table: dict) -> TrustStore | None:
    """Of PEM files; without roots the service's verdict on a certificate stands alone."""
    found = {}
    for name in ("roots", "intermediates"):
        paths = table.get(name, [])
        if not isinstance(paths, list):
            raise PolicyError(f"{where}: {name} is a list of files")
        found[name] = [certificate for path in paths for certificate in read_many(Path(path).read_bytes())]
    return TrustStore(**found, provider=StandardProvider()) if found["roots"] else None


_KINDS: dict[str, Callable] = {"standard": _standard, "sdf": _sdf, "cloud": _cloud}


def _service(where: str, table: dict, environment: Mapping[str, str]) -> Service:
    known_names(where, table, [field.name for field in fields(Service)])
    return Service(**{**table, "secret": secret(where, table.get("secret", {}), environment)})


def _name(text: str) -> tuple[str, int]:
    """`name:3` → name and version."""
    name, _colon, version = text.rpartition(":")
    return name, int(version)


def _probe(name: str, table: dict) -> Probe:
    known_names(f"the probe of “{name}”", table, ("signer", "cipher", "macer"))
    handles = {}
    for use in table:
        key = table_of(table, use)
        known_names(f"the probe of “{name}”", key, ("locator", "version"))
        handles[use] = KeyHandle(key.get("locator", ""), "probe", key.get("version", 1))
    return Probe(**handles)


def secret(where: str, given: dict, environment: Mapping[str, str]) -> Secret:
    """A secret is never in the configuration itself."""
    if not isinstance(given, dict) or len(given) != 1 or not given.keys() <= {"file", "env"}:
        raise PolicyError(f"{where}: a secret is given as {{ file = … }} or {{ env = … }}")
    if "file" in given:
        return Secret(read_private_file(Path(given["file"])).strip())
    value = environment.get(given["env"], "")
    if not value:
        raise PolicyError(f"{where}: the environment has no {given['env']}")
    return Secret(value.encode())


def table_of(tables: dict, name: str) -> dict:
    """A copy of the table of that name, empty where there is none."""
    found = tables.get(name, {})
    if not isinstance(found, dict):
        raise PolicyError(f"“{name}” is a table, [{name}]")
    return dict(found)


def known_names(where: str, table: dict, names) -> None:
    if unknown := sorted(table.keys() - set(names)):
        raise PolicyError(f"{where}: unknown name {', '.join(unknown)}")
