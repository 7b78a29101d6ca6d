"""The pure parts of `bench surge` and `bench soak`: percentiles, what /proc says, whose process is whose."""

import asyncio
import math
import random

import pytest

from network.bench.bots import member_says, responder_says
from network.bench.bursts import Burst, Result, burst_of
from network.bench.callers import FamilyCall, first_and_last
from network.bench.crowd import phone_of
from network.bench.light import Handed
from network.bench.lines import NoAnswer, PostLines, length_in
from network.bench.processes import Process, added, grouped, less, read_pss, read_stat
from network.bench.soak import Kept
from network.bench.times import grows, percentile, shown, slope, spread
from network.bench.town import free_port
from network.people.rules.phone_numbers import e164

STAT = "4242 ({name}) S 17 4242 4242 0 -1 4194304 9 8 7 6 100 20 3 1 20 0 5 0 12345 99 88 77"
ROLLUP = """55d0c000-7ffd rollup
Rss:              204800 kB
Pss:              104448 kB
Pss_Dirty:         51200 kB
"""


@pytest.mark.parametrize("name", ["python", "a b", "x) R 1 (y", ")"])
def test_a_stat_line_is_read_whatever_the_name_holds(name):
    assert read_stat(STAT.format(name=name)) == Process(parent=17, ticks=124)


def test_memory_is_the_proportional_share_and_nothing_that_sounds_like_it():
    assert read_pss(ROLLUP) == 102.0
    assert read_pss("") == 0.0


def test_a_process_is_of_the_nearest_root_above_it():
    parents = {1: 0, 10: 1, 11: 10, 12: 11, 20: 10, 21: 20, 99: 1}
    processes = {pid: Process(parent, 1) for pid, parent in parents.items()}

    found = grouped(processes, {10: "supervisor", 20: "database", 11: "web"})

    assert found == {10: "supervisor", 11: "web", 12: "web", 20: "database", 21: "database"}


def test_parents_in_a_ring_and_parents_that_are_gone_are_nobodys():
    processes = {5: Process(6, 1), 6: Process(5, 1), 7: Process(401, 1)}

    assert grouped(processes, {10: "web", 400: "web"}) == {}


def test_amounts_are_added_by_group_and_compared_with_before():
    later = added([("web", 2.0), ("database", 1.0), ("web", 0.5)])

    assert later == {"web": 2.5, "database": 1.0}
    assert less(later, {"web": 1.0}) == {"web": 1.5, "database": 1.0}


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [
        ([3.0], 0.95, 3.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.5),
        ([*range(101)], 0.95, 95.0),
        ([0.0, 10.0], 0.25, 2.5),
    ],
)
def test_percentiles_are_of_the_sorted_values_and_between_two_in_proportion(values, share, found):
    assert percentile(values, share) == pytest.approx(found)


def test_of_nothing_there_is_no_percentile():
    assert math.isnan(percentile([], 0.5))
    assert spread([]) == "none / none"


def test_long_times_are_seconds():
    assert (shown(0.2104), shown(9.9), shown(45.84)) == ("210 ms", "9900 ms", "45.8 s")


def test_a_slope_is_by_how_much_a_step_adds():
    assert slope([1.0, 3.0, 5.0]) == pytest.approx(2.0)
    assert slope([5.0]) == 0.0


@pytest.mark.parametrize(
    ("values", "is_so"),
    [
        ([100 + 3 * n for n in range(20)], True),
        ([100 + 10 * min(n, 8) for n in range(20)], False),  # it filled, and stood
        ([100 + n % 2 * 10 for n in range(20)], False),  # it goes up and down
        ([100, 200, 300, 400], False),  # too short to tell
    ],
)
def test_what_filled_while_it_was_young_does_not_grow(values, is_so):
    assert grows(values, least=1.0) is is_so


def test_a_process_that_grows_is_named():
    kept = Kept()
    for minute in range(12):
        tables = [("messaging_outbound", 10, 3, 1.0 + minute)]
        kept.note({"web": 100.0, "workers": 90.0 + 5 * minute}, [0.2, 0.3], 0, 3, tables)

    assert list(kept.growing()) == ["The memory of workers grows: 5.0 MB a minute."]
    assert any("messaging_outbound" in line and "1024 KB" in line for line in kept.summary())


def test_the_first_wave_counts_from_the_third_text_and_each_offer_for_its_own_family():
    ana = FamilyCall(wrote=[0.0, 1.0, 2.0], answered=[0.5, 1.5, 2.5], last_answer="to ana")
    ben = FamilyCall(wrote=[0.0, 5.0, 6.0], answered=[0.5, 5.5, 6.5], last_answer="to ben")
    cut = FamilyCall(wrote=[0.0], answered=[])
    request_of = {"to ana": "A", "to ben": "B", "a1": "A", "a2": "A", "a3": "A", "b1": "B"}
    offers = [Handed(at, "+1", "", id_) for at, id_ in ((3.0, "a1"), (4.0, "a2"), (90.0, "a3"), (7.5, "b1"))]

    first, last = first_and_last(
        [ana, ben, cut], offers, request_of=request_of, first_wave={"a1", "a2", "b1"}
    )

    assert (first, last) == ([1.0, 1.5], [2.0, 1.5])


def test_waits_are_of_answered_texts_only():
    call = FamilyCall(wrote=[1.0, 3.0], answered=[1.5])

    assert call.waits == [0.5]
    assert not call.is_through


def test_one_is_asked_in_turn_a_hundred_at_once_and_more_over_a_minute():
    assert burst_of(1) == Burst(10, in_turn=True)
    assert burst_of(100) == Burst(100)
    assert burst_of(400) == Burst(400, over_s=60.0)


def test_a_request_costs_what_was_taken_beyond_idle():
    result = Result(
        burst=Burst(10),
        seconds=20.0,
        spent={"web": 4.0, "database": 3.0},
        idle={"web": 0.1, "database": 0.0},
        memory={"web": 90.0},
        waits=[0.1],
        first=[],
        last=[],
        out=30,
        out_s=15.0,
        unanswered=1,
    )

    assert result.cost == pytest.approx(0.5)
    lines = "\n".join(result.lines())
    assert "30 in all, 3.0 a request, 2.0 a second" in lines
    assert "0.700 (web 0.400, workers 0.000, supervisor 0.000, database 0.300); 0.500 beyond idle" in lines
    assert "1 of 10 families" in lines


@pytest.mark.parametrize("what", ["members", "responders", "open"])
def test_phones_may_be_dialed_and_are_each_their_own(what):
    phones = [phone_of(what, n) for n in (0, 1, 9_999, 10_000, 99_999)]

    assert len(set(phones)) == len(phones)
    assert all(e164(phone) == phone for phone in phones)


def test_bots_answer_what_they_are_asked_and_nothing_else():
    says = [responder_says(body, random.Random(1)) for body in ("41 = I can go", "see /visit#x", "hello")]

    assert says[0] in ("41", "2")
    assert says[1:] == ["3", ""]
    assert member_says("Did they come? 1 = both came") == "1"
    assert member_says("We are looking for someone near you.") == ""


def test_the_length_of_an_answer_is_read_from_its_head():
    assert length_in(b"http/1.1 200 ok\r\ncontent-type: x\r\ncontent-length: 54\r\n\r\n") == 54


def test_an_answer_without_a_length_is_refused():
    with pytest.raises(ValueError, match="without a length"):
        length_in(b"http/1.1 200 ok\r\ntransfer-encoding: chunked\r\n\r\n")


async def test_a_post_is_sent_once_more_where_a_kept_connection_was_closed():
    posts = []

    async def once(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        posts.append((await reader.readexactly(length_in(head.lower())), head.split(b" ")[1]))
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()  # without having said so

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    lines = PostLines(4)

    found = [await lines.post(f"http://127.0.0.1:{port}/a?o=1", {"Body": "a b&c"}, {}) for _ in range(3)]

    lines.close()
    server.close()
    await server.wait_closed()
    assert found == [201, 201, 201]
    assert posts == [(b"Body=a+b%26c", b"/a?o=1")] * 3


async def test_nobody_there_is_no_answer():
    with pytest.raises(NoAnswer):
        await PostLines(1).post(f"http://127.0.0.1:{free_port()}/", {}, {})


def test_requests_that_stay_open_and_answers_that_take_longer_are_named():
    kept = Kept()
    for minute in range(12):
        kept.note({"web": 100.0}, [0.2 + minute], 0, 10 * minute, [])

    assert [line.split()[0] for line in kept.growing()] == ["Answers", "More"]


def test_two_minutes_tell_nothing():
    short, long = Kept(), Kept()
    for minute in range(12):
        long.note({"web": 100.0}, [0.2], 0, 3, [])
        if minute < 2:
            short.note({"web": 100.0}, [0.2], 0, 3, [])

    assert "too few" in short.nothing()
    assert "Nothing grew" in long.nothing()
    assert list(long.growing()) == []
