"""The locks, and what pyproject.toml says of them."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-pip.lock")
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
DECLARED = tomllib.loads(PROJECT)
NOT_FOR_RUNNING = {
    "axe-playwright-python", "django-stubs", "hypothesis", "import-linter", "mypy", "openapi-core", "pip", "playwright",
    "pre-commit", "pydantic", "pygments", "pytest", "pytest-django", "pytest-randomly", "pytest-xdist", "python-dotenv",
    "pyyaml", "phonenumbers", "rich", "ruff", "watchfiles",
}  # fmt: skip


def locked(name: str) -> dict[str, str]:
    """Each package and its version."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / name).read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_hashes_and_none_an_address(name):
    text = (ROOT / name).read_text()

    assert "//" not in text
    assert not re.search(
        r"^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", text, re.MULTILINE
    )
    packages = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert packages
    for package in packages:
        assert re.match(r"[\w.-]+==\S+( ; .*)? \\\n    --hash=sha256:[0-9a-f]{64}", package), package[:80]


def test_tests_run_with_the_versions_that_run():
    running, tests = locked("requirements.lock"), locked("requirements-test.lock")

    assert running.items() <= tests.items()


def test_running_installs_nothing_that_only_tests_need():
    assert not NOT_FOR_RUNNING & set(locked("requirements.lock"))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("requirements.lock", DECLARED["project"]["dependencies"]),
        ("requirements-test.lock", DECLARED["dependency-groups"]["dev"]),
        ("requirements-pip.lock", DECLARED["dependency-groups"]["pip"]),
    ],
)
def test_a_lock_holds_what_the_project_names(name, wanted):
    versions = locked(name)
    for requirement in map(Requirement, wanted):
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_every_dependency_says_what_it_is_for():
    named = re.findall(r'^  "[a-z][\w-]*(?:\[[\w,-]+\])?>=?[^"]*",(.*)$', PROJECT, flags=re.MULTILINE)

    groups = [DECLARED["project"]["dependencies"], *DECLARED["dependency-groups"].values()]
    assert len(named) == sum(map(len, groups))
    assert all(re.match(r"\s+# \w", comment) for comment in named), named


def test_what_the_program_imports_is_what_running_installs():
    homes, running = packages_distributions(), locked("requirements.lock")
    imported = {
        name.split(".")[0]
        for path in (ROOT / "network").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in names_of(node)
    }
    foreign = imported - set(sys.stdlib_module_names) - {"network", "tests"}
    missing = {
        name
        for name in foreign
        if not {canonicalize_name(home) for home in homes.get(name, ())} & set(running)
    }

    assert len(foreign) > 10
    assert not missing


def names_of(node: ast.AST) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom(level=0, module=str(module)):
            return [module]
    return []
