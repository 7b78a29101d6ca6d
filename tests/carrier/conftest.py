import pytest

from tests.carrier.running import Running


@pytest.fixture
def start_carrier(tmp_path):
    """Starts a carrier with settings of one's own; `{origin}` in them is the customer's."""
    started = []

    def start(**more):
        started.append(Running(tmp_path / f"carrier{len(started)}.sqlite3", **more))
        return started[-1]

    yield start
    for running in started:
        running.stop()
        running.customer.shutdown()
        running.customer.server_close()


@pytest.fixture
def carrier(start_carrier):
    return start_carrier()
