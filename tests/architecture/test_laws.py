"""The repository obeys its laws."""
import ast
from importlib import metadata, util
from pathlib import Path

import laws
import pytest
from kit import addons as tree
from kit import paths

ADDONS = tree.read()
DEPENDS = {name: addon.depends for name, addon in ADDONS.items()}
# loaded by every server, whatever is installed
SERVER_WIDE = ("base", "web", "rpc")
SOURCES = [
    path
    for root in (paths.ADDONS, paths.ROOT / "scripts", paths.ROOT / "crypto", paths.ROOT / "tests")
    for path in sorted(root.rglob("*.py"))
    if not {"static", "node_modules", ".venv"} & set(path.parts)
]


def core_manifest(name: str) -> dict:
    """The manifest of a module of Odoo or of a third party."""
    for folder in util.find_spec("odoo").submodule_search_locations:
        path = Path(folder) / "addons" / name / "__manifest__.py"
        if path.exists():
            return ast.literal_eval(path.read_text(encoding="utf-8"))
    return {}


def foreign() -> dict[str, dict]:
    """Manifests of everything that our addons stand on, however deep."""
    found, todo = {}, [other for addon in ADDONS.values() for other in addon.depends if other not in ADDONS]
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = core_manifest(name)
            todo += found[name].get("depends", ["base"] if name != "base" else [])
    return found


FOREIGN = foreign()


def obey(complaints: list[str]) -> None:
    """Every complaint on a line of its own."""
    if complaints:
        pytest.fail("\n" + "\n".join(complaints), pytrace=False)


def test_engines_sit_low():
    obey(laws.engines_sit_low(DEPENDS))


def test_nobody_depends_on_connectors():
    obey(laws.nobody_depends_on_connectors(DEPENDS))


def test_nothing_rests_on_tests():
    obey(laws.nothing_rests_on_tests(DEPENDS))


def test_everything_is_in_all():
    obey(laws.everything_is_in_all(DEPENDS))


def test_licenses_of_addons():
    ours = {name: addon.manifest.get("license", "") for name, addon in ADDONS.items()}
    theirs = {name: about.get("license", "LGPL-3") if about else "not found" for name, about in FOREIGN.items()}
    obey(laws.licenses_are_free(ours | theirs, ours))


def test_licenses_of_packages():
    """No package that we ship is under the AGPL."""
    names = [line.split("==")[0] for line in (paths.REQUIREMENTS / "base.txt").read_text().splitlines() if "==" in line]
    bad = []
    for name in names:
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another platform or Python
        text = " ".join([about.get("License-Expression") or about.get("License") or "",
                         *about.get_all("Classifier", [])])
        if "AGPL" in text or "Affero" in text:
            bad.append(name)
    obey(bad)


@pytest.mark.parametrize("name", ADDONS)
def test_addon_is_complete(name):
    folder = ADDONS[name].folder
    missing = [] if name.startswith(laws.TEST_ONLY) else [f for f in laws.REQUIRED_FILES if not (folder / f).exists()]
    assert not missing
    testers = [name, *(other for other in DEPENDS if other.startswith(laws.TEST_ONLY) and name in DEPENDS[other])]
    if name != laws.ALL:
        assert any(list((ADDONS[tester].folder / "tests").glob("test_*.py")) for tester in testers), "without tests"


def complaints(law) -> list[str]:
    """What a law over (path, source) has to say about all sources."""
    return [
        f"{path.relative_to(paths.ROOT)}: {complaint}"
        for path in SOURCES
        for complaint in law(path, path.read_text(encoding="utf-8"))
    ]


def in_addon(path: Path) -> str:
    """The addon a source belongs to, or nothing."""
    name = path.relative_to(paths.ADDONS).parts[0] if path.is_relative_to(paths.ADDONS) else ""
    return name if name in ADDONS else ""


def test_imports_follow_depends():
    depends = {name: about.get("depends", ()) for name, about in FOREIGN.items()}
    depends |= {name: (*needs, *SERVER_WIDE) for name, needs in DEPENDS.items()}
    obey(complaints(
        lambda path, source: laws.imports_follow_depends(in_addon(path), source, depends) if in_addon(path) else []
    ))


def test_models_say_what_they_are():
    obey(complaints(lambda path, source: laws.models_say_what_they_are(source) if in_addon(path) else []))


def test_files_stay_small():
    obey(complaints(laws.files_stay_small))


def test_methods_stay_small():
    obey(complaints(laws.methods_stay_small))
