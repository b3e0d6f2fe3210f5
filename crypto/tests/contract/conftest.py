"""Every provider in turn: a test names the ports it needs, and runs on the providers that serve them."""
import pytest

from ctsp_crypto import ports
from subjects import SUBJECTS


def pytest_generate_tests(metafunc):
    if "subject" not in metafunc.fixturenames:
        return
    needed = next(metafunc.definition.iter_markers("needs")).args
    names = [name for name, subject in SUBJECTS.items() if set(needed) <= subject.serves]
    assert names, f"no provider serves {needed}"
    metafunc.parametrize("subject", names, indirect=True)


@pytest.fixture(scope="session")
def running():
    """Subjects already started in this run."""
    started = {}
    yield started
    for subject in started.values():
        subject.close()


@pytest.fixture
def subject(request, running):
    name = request.param
    if name not in running:
        running[name] = SUBJECTS[name].start()
    return running[name]


@pytest.fixture
def provider(subject):
    return subject.provider


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(*ports): ports a provider must serve to be tested")
    assert ports
