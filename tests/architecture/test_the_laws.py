"""The laws bite: each is shown a house that breaks it."""
from pathlib import Path

import laws

GOOD = {
    "ctsp_base": ["mail"],
    "ctsp_risk": ["ctsp_base"],
    "ctsp_filing": ["ctsp_risk"],
    "ctsp_connector_admin": ["ctsp_filing"],
    "ctsp_all": ["ctsp_connector_admin"],
}


def test_a_good_house_passes():
    for law in (laws.engines_sit_low, laws.nobody_depends_on_connectors, laws.nothing_rests_on_tests,
                laws.everything_is_in_all):
        assert not law(GOOD)


def test_an_engine_on_a_domain_addon():
    assert laws.engines_sit_low(GOOD | {"ctsp_risk": ["ctsp_filing"]}) == [
        "ctsp_risk is an engine but depends on ctsp_filing"
    ]


def test_a_domain_addon_on_a_connector():
    assert laws.nobody_depends_on_connectors(GOOD | {"ctsp_filing": ["ctsp_connector_admin"]})


def test_production_on_a_test_addon():
    assert laws.nothing_rests_on_tests(GOOD | {"ctsp_filing": ["ctsp_test_kernel"]})


def test_an_addon_left_out_of_all():
    assert laws.everything_is_in_all(GOOD | {"ctsp_plan": ["ctsp_base"]}) == ["ctsp_all does not install ctsp_plan"]


def test_licenses():
    assert not laws.licenses_are_free({"ctsp_base": "LGPL-3", "mail": "LGPL-3"}, ["ctsp_base"])
    assert laws.licenses_are_free({"auditlog": "AGPL-3"}, [])
    assert laws.licenses_are_free({"certificate": "OEEL-1"}, [])
    assert laws.licenses_are_free({"ctsp_base": "MIT"}, ["ctsp_base"])


def test_imports():
    source = "from odoo.addons.ctsp_filing.models import x\nfrom odoo.addons import ctsp_risk\nfrom . import models\n"
    assert laws.imports(source) == {"ctsp_filing", "ctsp_risk"}
    assert not laws.imports_follow_depends("ctsp_connector_admin", source, GOOD)
    assert laws.imports_follow_depends("ctsp_risk", source, GOOD) == [
        "imports ctsp_filing, which ctsp_risk does not depend on"
    ]


def test_sizes():
    long_method = "def f():\n" + "    x = 1\n" * 40
    assert laws.methods_stay_small(Path("a.py"), long_method)
    assert not laws.methods_stay_small(Path("tests/a.py"), long_method)
    documented = 'def f():\n    """' + "\n    text" * 40 + '\n    """\n    return 1\n'
    assert not laws.methods_stay_small(Path("a.py"), documented)
    assert laws.files_stay_small(Path("a.py"), "x = 1\n" * 300)


def test_models_need_docstrings():
    assert laws.models_say_what_they_are('class A(models.Model):\n    _name = "a"\n') == ["A has no docstring"]
    assert not laws.models_say_what_they_are('class A(models.Model):\n    """A."""\n    _name = "a"\n')
