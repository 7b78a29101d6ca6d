"""A small town, so that a day takes a fraction of a second."""

from dataclasses import replace

import pytest

from network.simulation import town


@pytest.fixture
def small():
    return replace(town.SCENARIOS["normal"], days=1, people=200, zips=8)


@pytest.fixture
def small_towns(monkeypatch, small):
    """The command's own scenarios, made small."""
    surge = replace(town.SCENARIOS["surge"], people=200, zips=8, surge=40)
    monkeypatch.setitem(town.SCENARIOS, "normal", small)
    monkeypatch.setitem(town.SCENARIOS, "surge", surge)
