"""A narrowed board: codes only in its address, nothing hidden in silence, and views that people keep."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from network.audit.models import Entry
from network.console.board import actions
from network.console.board.filters import CHOICES, Filter, filter_of, filter_of_codes
from network.console.models import SavedView
from network.desk.models import Need
from tests.console.signing_in import by_link, get, post, staff_of
from tests.reading import markup_of, words_of

FILTERS = st.builds(Filter, **{name: st.sampled_from(["", *codes]) for name, codes in CHOICES.items()})


@given(FILTERS)
def test_a_filter_is_read_back_from_its_codes(chosen):
    assert filter_of_codes(chosen.codes) == chosen
    assert bool(chosen) == bool(chosen.codes)
    assert len(chosen.codes) <= SavedView._meta.get_field("codes").max_length


@given(st.dictionaries(st.sampled_from([*CHOICES, "q", "name"]), st.text()), st.text())
def test_nothing_but_codes_is_ever_taken(asked, text):
    for chosen in (filter_of(asked), filter_of_codes(text)):
        for name, codes in CHOICES.items():
            assert getattr(chosen, name) in ("", *codes)


@pytest.fixture
def town(world):
    """Rosa's legal request in English; Luz's company in Spanish, with nobody to go; and a stranger's text."""
    world.rosa, world.luz = world.member("Rosa"), world.member("Luz", language="es")
    world.rosa.asks(kind="2")
    world.luz.asks("ayuda")
    world.stranger().sends("who are you")
    world.staff = staff_of(world, "coordinator")
    world.console = by_link(world, world.staff)
    return world


def board(world, codes="", panel=""):
    return get(world.console, f"/{panel}?{codes}").content.decode()


def panel(world, name, codes):
    return markup_of(get(world.console, f"/board/{name}?{codes}"))


def numbers(world):
    return {
        m.person.name: m.requests.get().number for m in (world.rosa.person.member, world.luz.person.member)
    }


@pytest.mark.parametrize(
    ("codes", "rosa", "luz"),
    [
        ("", True, True),
        ("kind=legal", True, False),
        ("kind=accompaniment", False, True),
        ("language=es", False, True),
        ("language=es&kind=legal", False, False),
        ("state=searching", True, True),
        ("state=asking", False, False),
        ("kind=nonsense", True, True),
    ],
)
def test_needs_and_requests_are_narrowed_on_the_page_and_in_its_panels(town, codes, rosa, luz):
    of = numbers(town)
    for name in ("needs", "cases"):
        for page in (panel(town, name, codes),):
            assert (f"/requests/{of['Rosa']}" in page) == rosa, name
            assert (f"/requests/{of['Luz']}" in page) == luz, name
    page = board(town, codes)
    assert (f"/requests/{of['Rosa']}" in page) == rosa
    if "nonsense" not in codes:
        fetched = re.findall(r'data-panel="/board/[a-z]+(\?[^"]*)?"', page)
        assert fetched
        assert set(fetched) == {f"?{filter_of_codes(codes).codes}".replace("&", "&amp;") if codes else ""}


def test_what_is_hidden_is_counted_and_what_is_late_is_never_hidden_in_silence(town):
    needs = Need.objects.filter(closed_at=None)
    shown = needs.filter(request_id=town.luz.person.member.requests.get().pk)
    late = needs.filter(due_at__lte=town.now)
    said = words_of(panel(town, "filtered", "language=es"))
    assert f"Hidden by the filter: {needs.count() - shown.count()} needs, 1 request." in said
    hidden_late = late.exclude(pk__in=shown).count()
    assert hidden_late
    assert f"{hidden_late} late not shown" in said
    assert f"{hidden_late} taken by nobody" in said
    assert panel(town, "filtered", "").strip() == ""
    town.now += timedelta(hours=2)
    town.console = by_link(town, town.staff)
    everything = words_of(panel(town, "filtered", "language=ht"))
    assert f"{needs.count()} late not shown" in everything


def test_an_empty_board_never_says_that_nothing_waits_when_it_is_only_hidden(town):
    for name in ("needs", "cases", "ahead", "visits"):
        assert "Nothing matches this filter" in panel(town, name, "language=ht")
    assert "Nothing matches this filter" not in board(town)


def test_the_summary_and_the_alarm_are_never_narrowed(town):
    whole = panel(town, "summary", "")
    assert panel(town, "summary", "language=ht") == whole
    assert "data-ringing" in get(town.console, "/duty/ringing?language=ht").content.decode()
    assert get(town.console, "/duty/ringing?language=ht").content == get(
        town.console, "/duty/ringing"
    ).content or (
        re.sub(r'value="\w{64}"', "", get(town.console, "/duty/ringing?language=ht").content.decode())
        == re.sub(r'value="\w{64}"', "", get(town.console, "/duty/ringing").content.decode())
    )


def subjects(**which):
    """One row for each request or person that something waits for."""
    return Need.objects.filter(closed_at=None, **which).values("subject").distinct().count()


def test_mine_nobodys_and_late(town):
    need = Need.objects.filter(closed_at=None, request_id__isnull=False).first()
    post(town.console, f"/needs/{need.pk}/claim", back="/?whose=mine")
    mine = panel(town, "needs", "whose=mine")
    assert mine.count("data-need") == 1
    assert "Release" in mine
    free = panel(town, "needs", "whose=free")
    assert free.count("data-need") == subjects(claimed_by=None)
    late = panel(town, "needs", "due=late")
    assert late.count("data-need") == subjects(due_at__lte=town.now)

    number = next(n for n in numbers(town).values() if f"/requests/{n}" in mine)
    assert re.findall(r"/requests/(\d+)", panel(town, "cases", "whose=mine")) == [str(number)]


def test_a_button_returns_to_the_same_board(town):
    page = panel(town, "needs", "language=en")
    need = re.search(r'id="need-([0-9a-f-]+)"', page)[1]
    back = f"/?language=en#need-{need}"
    assert f'name="back" value="{back}"' in page
    assert post(town.console, f"/needs/{need}/claim", back=back)["Location"] == back


def keep(world, name="Mis noches", codes="language=es", **more):
    return post(more.get("client", world.console), "/views", name=name, codes=codes)


def test_a_view_is_kept_under_a_sealed_name_and_opened_by_its_codes(town):
    assert keep(town, "  Noches de   Sentinelluz ")["Location"] == "/?language=es"
    view = SavedView.objects.get()
    assert (view.name, view.codes) == ("Noches de Sentinelluz", "language=es")
    page = board(town)
    assert re.search(r'href="/\?language=es"[^>]*>\s*<bdi>Noches de Sentinelluz</bdi>', page)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(v)::text FROM console_savedview v")
        assert "Sentinelluz" not in cursor.fetchone()[0]
        assert b"Sentinelluz".hex() not in str(view.__dict__)
    assert "Sentinelluz" not in str(list(Entry.objects.values()))
    assert "Sentinelluz" not in f"{view} {view!r}"


@pytest.mark.parametrize(
    ("name", "codes"),
    [("", "kind=legal"), ("   ", "kind=legal"), ("x" * 41, "kind=legal"), ("All", "kind=x")],
)
def test_a_view_has_a_name_and_narrows_something(town, name, codes):
    keep(town, name, codes)
    assert not SavedView.objects.exists()


def test_views_are_renamed_and_deleted_by_their_owner_only(town):
    keep(town)
    view = SavedView.objects.get()
    other = by_link(town, staff_of(town, "coordinator"))
    assert "Mis noches" not in get(other, "/").content.decode()
    assert post(other, f"/views/{view.pk}/rename", name="Mine").status_code == 404
    post(other, f"/views/{view.pk}/delete")
    assert SavedView.objects.get().name == "Mis noches"
    post(town.console, f"/views/{view.pk}/rename", name="Noche")
    assert SavedView.objects.get().name == "Noche"
    post(town.console, f"/views/{view.pk}/rename", name=" ")
    assert SavedView.objects.get().name == "Noche"
    assert post(town.console, f"/views/{view.pk}/burn").status_code == 404
    post(town.console, f"/views/{view.pk}/delete")
    post(town.console, f"/views/{view.pk}/delete")
    assert not SavedView.objects.exists()
    kept = Entry.objects.filter(action__startswith="view.").order_by("pk").values_list("action", flat=True)
    assert list(kept) == ["view.saved", "view.renamed", "view.deleted"]


@pytest.mark.server
def test_twelve_views_and_no_more_also_when_kept_at_once(town):
    for n in range(actions.MOST_VIEWS - 1):
        keep(town, f"View {n}")
    together, outcomes = threading.Barrier(2), []

    def at_once(name):
        together.wait()
        try:
            actions.save_view(name, Filter(kind="legal"), staff_id=town.staff.pk, now=town.now)
            outcomes.append("kept")
        except actions.TooManyViews:
            outcomes.append("too many")
        finally:
            connection.close()

    threads = [threading.Thread(target=at_once, args=(name,)) for name in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "too many"]
    assert SavedView.objects.count() == actions.MOST_VIEWS
    page = town.console.post("/views", {"name": "Three", "codes": "kind=legal"}, secure=True, follow=True)
    assert "twelve" in page.content.decode()


def test_single_keys_are_switched_off_for_the_account(town):
    from network.console.models import SingleKeys

    assert 'data-keys="on"' in board(town)
    post(town.console, "/account/keys")
    assert 'data-keys="off"' in board(town)
    assert not SingleKeys.objects.get(staff=town.staff).on
    assert 'data-keys="on"' in get(by_link(town, staff_of(town, "coordinator")), "/").content.decode()
    post(town.console, "/account/keys", on="1")
    assert 'data-keys="on"' in board(town)
    assert Entry.objects.filter(action="keys.set").count() == 2
