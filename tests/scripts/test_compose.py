"""The production image and its compose file: what an engine would accept, and what we promise of it.

No container engine runs here; hadolint reads the Dockerfile (`scripts/test --lint`), these laws read the compose file.
"""
import re

import pytest
import yaml
from kit import paths

DOCKER = paths.ROOT / "docker"
# Keys of the Compose Specification that we use; anything else is a slip of the pen or wants a second look here.
SERVICE_KEYS = {
    "build", "cap_add", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "networks", "ports",
    "profiles", "read_only", "restart", "security_opt", "shm_size", "stop_grace_period", "tmpfs", "volumes"}
HEALTH_KEYS = {"disable", "interval", "retries", "start_period", "test", "timeout"}
OURS = re.compile(r"^ctsp:\$\{CTSP_VERSION:-\d[\d.]*\}$")
EXACT = re.compile(r"^\$\{CTSP_[A-Z]+_IMAGE:-[a-z]+:(\d+\.\d+(\.\d+)?-[a-z]+|[a-z]+-\d{8}-slim)\}$")
"""a version that names one build; the operator fixes it by digest in .env"""
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|_KEY$")
FROM_OUTSIDE = re.compile(r"^\$\{[A-Z_]+:\?[^}]+\}$")
MADE_ON_THE_SPOT = {"./tls", "./seal-reports", "./crypto"}


class Strict(yaml.SafeLoader):
    """YAML in which no key stands twice: the second one would win in silence."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _value in node.value if key.tag != "tag:yaml.org,2002:merge"]
        assert len(keys) == len(set(keys)), f"line {node.start_mark.line + 1}: a key stands twice: {keys}"
        return super().construct_mapping(node, deep)


@pytest.fixture(scope="module")
def compose():
    return yaml.load((DOCKER / "compose.yaml").read_text(), Strict)


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def once(service) -> bool:
    """A service that ends when its work is done."""
    return service.get("restart") == "no"


def test_only_known_keys(compose, services):
    assert {key for key in compose if not key.startswith("x-")} == {"name", "services", "networks", "volumes"}
    for name, service in services.items():
        assert set(service) <= SERVICE_KEYS, name
        assert set(service.get("healthcheck", {})) <= HEALTH_KEYS, name


def test_images_are_pinned(services):
    for name, service in services.items():
        assert (OURS if "build" in service else EXACT).match(service["image"]), f"{name}: {service['image']}"
        for base in service.get("build", {}).get("args", {}).values():
            assert EXACT.match(base), f"{name}: {base}"


def test_every_service_is_watched_and_comes_back(services):
    for name, service in services.items():
        if once(service):
            continue
        assert service["restart"] == "unless-stopped", name
        image = (DOCKER / "Dockerfile").read_text() if "build" in service else ""
        assert service.get("healthcheck", {}).get("test") or "\nHEALTHCHECK " in image, name


def test_waiting_is_for_what_can_be_waited_for(services):
    for name, service in services.items():
        for other, condition in service.get("depends_on", {}).items():
            ends = condition["condition"] == "service_completed_successfully"
            assert ends == once(services[other]), f"{name} waits for {other}"


def test_nobody_gains_privileges(services):
    for name, service in services.items():
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not {"privileged", "pid", "ipc", "devices"} & set(service), name
        if "build" in service:
            assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name


def test_only_the_front_door_is_open(services):
    assert [name for name, service in services.items() if "ports" in service] == ["front"]
    assert [name for name, service in services.items() if "outside" in service["networks"]] == ["front"]


def test_what_serves_reaches_its_partners(services):
    """Cryptographic services, revocation lists and connected systems; nobody but the platform, and by configuration."""
    reach = {name for name, service in services.items() if "partners" in service["networks"]}
    assert reach == {"install", "backup", "application"}
    for name in reach:
        assert {"CTSP_CRYPTO_CONFIG", "CTSP_EXCHANGE_HOSTS"} <= set(services[name]["environment"]), name
        assert "./crypto:/etc/ctsp/crypto:ro" in services[name]["volumes"], name


def test_networks_and_volumes_are_declared_and_mounts_exist(compose, services):
    assert compose["networks"]["inside"] == {"internal": True}
    for name, service in services.items():
        assert set(service["networks"]) <= set(compose["networks"]), name
        for volume in service.get("volumes", ()):
            source, _target, *mode = volume.split(":")
            if not source.startswith("."):
                assert source in compose["volumes"], volume
                continue
            assert mode == ["ro"], f"{name} could write {volume}"
            assert source in MADE_ON_THE_SPOT or (DOCKER / source).exists(), volume


def test_no_secret_is_written_down(services):
    for name, service in services.items():
        for variable, value in service.get("environment", {}).items():
            assert not SECRET.search(variable) or FROM_OUTSIDE.match(value), f"{name}: {variable}"
    ignored = (paths.ROOT / ".gitignore").read_text().split()
    assert {"/docker/.env", "/docker/tls/"} <= set(ignored)


def test_only_the_installation_knows_the_owner(services):
    """Separation of powers: what serves cannot change the structure nor the log."""
    knows = {name for name, service in services.items() if "CTSP_DB_OWNER_PASSWORD" in service.get("environment", {})}
    assert knows == {"database", "install"}


def test_a_backup_reads_and_starts_when_asked(services):
    """It has the role that changes nothing, none of the others' passwords, and keys go where the data does not."""
    service = services["backup"]
    assert service["profiles"], "not started by `up`"
    assert {name for name in service["environment"] if "PASSWORD" in name} == {"CTSP_DB_BACKUP_PASSWORD"}
    volumes = dict(volume.split(":")[:2][::-1] for volume in service["volumes"])
    assert volumes["/var/lib/ctsp-backup"] != volumes["/var/lib/ctsp-backup-keys"]


def test_the_image_runs_as_an_ordinary_user():
    head, *stages = re.split(r"^FROM ", (DOCKER / "Dockerfile").read_text(), flags=re.M)
    assert re.search(r"^ARG DEBIAN_IMAGE=debian:[a-z]+-\d{8}-slim$", head, re.M), "one build of a release by name"
    assert all(stage.startswith("${DEBIAN_IMAGE}") for stage in stages)
    user = re.findall(r"^USER (\S+)", stages[-1], re.M)
    assert user and user[-1].isdigit() and int(user[-1]) > 0
    after = stages[-1].split(f"USER {user[-1]}")[-1]
    assert "RUN" not in after and "COPY" not in after, "nothing is installed by the user who serves"
