"""Each promise about what is stored names a test that exists, and both languages promise the same."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROMISE = re.compile(r"^\| (.+) \| `(tests/[\w/]+\.py)::(test_\w+)` \|$", re.MULTILINE)
PROMISES = PROMISE.findall((ROOT / "docs/promises.md").read_text(encoding="utf-8"))


def test_there_are_promises_and_each_is_made_once():
    assert len(PROMISES) > 10
    assert len({(file, name) for _, file, name in PROMISES}) == len(PROMISES)


@pytest.mark.parametrize(("file", "name"), [(file, name) for _, file, name in PROMISES])
def test_the_test_that_proves_a_promise_exists(file, name):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_same_is_promised_in_spanish_and_the_same_is_not():
    english, spanish = (
        (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("promises.md", "promises.es.md")
    )
    assert [row[1:] for row in PROMISE.findall(spanish)] == [row[1:] for row in PROMISES]
    assert not {row[0] for row in PROMISE.findall(spanish)} & {row[0] for row in PROMISES}
    assert len(re.findall(r"^- \*\*", spanish, re.MULTILINE)) == len(
        re.findall(r"^- \*\*", english, re.MULTILINE)
    )
    rows = [text.count("\n| ") for text in (english, spanish)]
    assert rows == [len(PROMISES) + 1] * 2
