"""Sessions under attack: dumps, replays, idle desks, other hosts, other people's hands."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from network.audit.models import Entry
from network.organizations.models import Organization
from network.staff.models import Staff, StaffSession
from network.staff.sessions import SessionStore
from tests.console.signing_in import (
    PASSWORD,
    SEED,
    browser,
    by_link,
    by_password,
    code,
    factors_of,
    fresh_window,
    get,
    post,
    press,
    staff_of,
    touch,
    with_code,
)

COOKIE = "__Host-session"


@pytest.fixture
def ana(world):
    return with_code(staff_of(world, "coordinator", email="ana@example.org"))


@pytest.fixture
def desk(world, ana):
    """Ana's browser, signed in by password and code, on the board."""
    client = by_password(ana)
    assert get(client, "/").status_code == 200
    return client


@pytest.fixture
def rosa(world):
    world.responder("Beto")
    phone = world.member("Rosa Sentinel")
    phone.asks()
    return phone


def pages(world, rosa):
    number = world.request().number
    panels = [f"/board/{name}" for name in ("summary", "needs", "searching", "visits", "closed")]
    panels += [f"/requests/{number}/panel/{name}" for name in ("facts", "talk", "people", "history")]
    return [
        "/",
        "/people",
        f"/people/{rosa.person.pk}",
        f"/requests/{number}",
        "/asking",
        "/texts",
        "/staff",
        *panels,
    ]


def strings_of_a_dump():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield from re.findall(r"[A-Za-z0-9+/=_:.\-]{6,}", row)


def test_no_string_of_a_dump_is_a_cookie_a_code_or_a_link(world, ana, desk):
    token_link = post(desk, "/accounts/password/change/")  # leaves more in the session
    assert token_link.status_code in (200, 302)
    dumped = set(strings_of_a_dump())
    cookie = desk.cookies[COOKIE].value
    assert len(dumped) > 20
    assert cookie not in dumped
    assert SEED not in dumped
    for guess in dumped:
        bare = guess.removeprefix("\\x")
        for key in {guess, bare}:
            assert SessionStore(key).get("_auth_user_id") is None


def test_what_the_library_leaves_in_a_session_is_not_in_the_dump(world):
    client = by_link(world, staff_of(world, "coordinator"), opens_board=False)
    page = get(client, "/accounts/2fa/totp/activate/").content.decode()
    seed = re.search(r"[A-Z2-7]{32}", page)[0]
    dump = " ".join(strings_of_a_dump())
    assert seed not in dump
    assert SessionStore(client.cookies[COOKIE].value)["mfa.totp.secret"] == seed


def test_a_session_of_another_key_or_a_changed_row_is_nobodys(world, desk):
    other = by_link(world, staff_of(world, "coordinator"))
    theirs = StaffSession.objects.get(key_hash=_hash(other))
    StaffSession.objects.filter(key_hash=_hash(desk)).update(data=theirs.data)
    assert get(desk, "/").status_code == 302
    assert get(other, "/").status_code == 200


def _hash(client):
    from network.privacy.rules.sealing import token_digest

    return token_digest(client.cookies[COOKIE].value)


def test_signing_in_changes_the_cookie_and_the_old_one_opens_nothing(world, ana):
    client = browser()
    post(client, "/accounts/login/", login=ana.email, password=PASSWORD)
    before = client.cookies[COOKIE].value
    fresh_window()
    post(client, "/accounts/2fa/authenticate/", code=code())
    assert client.cookies[COOKIE].value != before
    thief = browser()
    thief.cookies[COOKIE] = before
    assert get(thief, "/").status_code == 302


FETCHED = [{}, {"X-Panel": "1"}, {"HX-Request": "true"}, {"Sec-Fetch-Dest": "image"}]


def test_after_twenty_idle_minutes_no_page_and_no_panel_shows_anybody(world, desk, rosa):
    paths = pages(world, rosa)
    world.now += timedelta(minutes=19)
    assert "Sentinel" in get(desk, "/people").content.decode()
    for _ in range(3):  # a page's own fetches are no act, and don't keep the desk open
        world.now += timedelta(minutes=8)
        get(desk, "/board/needs")
        get(desk, "/account/lock")
        get(desk, "/accounts/2fa/reauthenticate/")
        get(desk, "/account/touch")
    for path in paths:
        asked = [get(desk, path, **headers) for headers in FETCHED]
        for answer in (*asked, desk.head(path, secure=True), post(desk, path)):
            assert answer.status_code == 423, path
            assert "Sentinel" not in answer.content.decode()
    for path in (f"/requests/{world.request().number}/address", f"/people/{rosa.person.pk}/do/suspend"):
        assert post(desk, path, why="x").status_code == 423
    rosa.person.refresh_from_db()
    assert rosa.person.suspended_at is None


def test_a_touch_opens_the_desk_where_one_was_and_nothing_pressed_meanwhile_is_done(world, desk, rosa):
    world.now += timedelta(minutes=21)
    pressed = post(desk, f"/people/{rosa.person.pk}/do/write", words="from another hand")
    assert "/accounts/2fa/reauthenticate/?next=%2Fpeople" in pressed.content.decode()
    assert "from another hand" not in pressed.content.decode()
    answer = touch(desk)
    assert answer["Location"] == "/people"
    world.settle()
    assert not rosa.got("from another hand")
    assert "Sentinel" in get(desk, "/people").content.decode()


def test_coming_in_long_ago_is_no_touch_now(world, ana, rosa):
    client = by_password(ana)
    world.now += timedelta(minutes=20)
    for _ in range(2):
        assert get(client, "/people").status_code == 423


def test_a_password_alone_does_not_open_a_locked_desk(world, desk, rosa):
    world.now += timedelta(minutes=21)
    answer = post(desk, "/accounts/reauthenticate/?next=/people", password=PASSWORD)
    assert answer["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert get(desk, "/people").status_code == 423


def test_the_desk_stays_open_while_somebody_works_and_ends_after_a_shift_all_the_same(world, desk):
    for _ in range(39):
        world.now += timedelta(minutes=18)
        assert get(desk, "/").status_code == 200
    world.now += timedelta(minutes=19)  # 12 hours and a minute
    assert get(desk, "/")["Location"].startswith("/accounts/login/")
    SessionStore.clear_expired()
    assert not StaffSession.objects.exists()


def test_an_address_asks_for_a_touch_that_is_five_minutes_old_at_most(world, desk, rosa):
    path = f"/requests/{world.request().number}/address"
    assert "1234 Sample" in press(desk, path).content.decode()
    world.now += timedelta(minutes=5)
    answer = post(desk, path)
    assert answer.status_code == 423
    assert "Sample" not in answer.content.decode()
    assert Entry.objects.filter(action="address.viewed").count() == 1
    touch(desk)
    assert "1234 Sample" in press(desk, path).content.decode()


def test_a_link_past_a_factor_opens_nothing_before_the_factor_is_used(world, ana, rosa):
    client = by_link(world, ana, opens_board=False)
    for path in (*pages(world, rosa), "/account"):
        answer = get(client, path)
        assert answer.status_code == 423, path
        assert "Sentinel" not in answer.content.decode()
    assert get(client, "/accounts/2fa/totp/deactivate/").status_code == 423
    touch(client)
    assert get(client, "/").status_code == 200


def test_a_browser_left_while_a_factor_is_set_up_is_signed_out(world):
    client = by_link(world, staff_of(world, "coordinator"), opens_board=False)
    world.now += timedelta(minutes=20)
    assert get(client, "/account").status_code == 302
    assert get(client, "/account")["Location"].startswith("/accounts/login/")


def test_a_code_is_taken_once_also_in_another_browser(world, ana):
    by_password(ana)
    thief = browser()
    post(thief, "/accounts/login/", login=ana.email, password=PASSWORD)
    again = post(thief, "/accounts/2fa/authenticate/", code=code())
    assert again.status_code == 200
    assert get(thief, "/").status_code == 302


def test_a_used_code_is_remembered_through_a_flood_of_sign_ins(world, ana):
    by_password(ana)
    for n in range(400):
        cache.set(f"flood{n}", "x", 60)
    assert cache.get(f"allauth.mfa.totp.used?user={ana.pk}&code={code()}") == "y"


def test_five_wrong_passwords_stop_the_account_not_the_network(world, ana):
    cache.clear()
    other = with_code(staff_of(world, "coordinator"))
    for _ in range(6):
        answer = post(browser(), "/accounts/login/", login=ana.email, password="wrong and wrong")
    assert "Too many" in answer.content.decode()
    stopped = post(browser(), "/accounts/login/", login=ana.email, password=PASSWORD)
    assert stopped.status_code == 200
    assert post(browser(), "/accounts/login/", login=other.email, password=PASSWORD).status_code == 302


def test_a_sign_in_that_fails_says_the_same_of_known_and_unknown_people(world, ana):
    kim = staff_of(world, "coordinator", email="kim@example.org")  # has no password
    gone = with_code(staff_of(world, "coordinator", email="lee@example.org"))
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    said = [_said(email) for email in (ana.email, kim.email, gone.email, "nobody@example.org")]
    assert len(set(said)) == 1
    cache.clear()
    for _ in range(6):
        stopped = {_said(email, clean=False) for email in (ana.email, "nobody@example.org")}
        assert len(stopped) == 1
    assert "Too many" in stopped.pop()


def _said(email, *, clean=True):
    if clean:
        cache.clear()
    answer = post(browser(), "/accounts/login/", login=email, password="wrong and wrong")
    assert answer.status_code == 200
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode()).replace(email, "")


CLOSED = [
    "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/password/set/",
    "/accounts/email/", "/accounts/confirm-email/", "/accounts/login/code/", "/accounts/2fa/trust/", "/admin/",
    "/admin/login/", "/accounts/password/reset/key/1-set-password/", "/accounts/social/",
]  # fmt: skip


def test_there_is_no_sign_up_no_reset_by_mail_and_no_admin(world, ana, desk, mailoutbox):
    for path in CLOSED:
        for client in (browser(), desk):
            for answer in (get(client, path), post(client, path, email=ana.email)):
                assert answer.status_code == 404, path
    assert mailoutbox == []


ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "///evil.example", "javascript:alert(1)",
    "https://localhost/", "http:evil.example", "/\tevil.example//", "https://red.example.org.evil.example/",
]  # fmt: skip


def test_nothing_returns_to_another_site(world, ana, desk):
    for elsewhere in ELSEWHERE:
        ask = quote(elsewhere)
        fresh_window()
        again = post(desk, f"/accounts/2fa/reauthenticate/?next={ask}", code=code())
        back = get(desk, f"/account/touch?next={ask}").context["back"]
        client = browser()
        out = post(client, "/accounts/logout/", next=elsewhere)
        post(client, f"/accounts/login/?next={ask}", login=ana.email, password=PASSWORD)
        fresh_window()
        into = post(client, "/accounts/2fa/authenticate/", code=code())
        for place in (again["Location"], out["Location"], into["Location"], back):
            # A browser drops tabs and reads a backslash as a slash: neither may begin an address.
            assert re.match(r"/(?![/\\\s])", place), (elsewhere, place)


def test_a_changed_password_ends_every_other_session(world, ana, desk):
    phone = by_password(ana)
    fresh_window()
    post(desk, "/accounts/reauthenticate/", password=PASSWORD)
    changed = post(
        desk,
        "/accounts/password/change/",
        oldpassword=PASSWORD,
        password1="another long sentence",
        password2="another long sentence",
    )
    assert changed.status_code == 302
    assert get(desk, "/").status_code == 200
    assert get(phone, "/")["Location"].startswith("/accounts/login/")
    assert Entry.objects.filter(action="staff.factor", detail__what="password_changed").exists()


def test_a_removed_factor_ends_every_other_session_and_locks_this_one(world, ana, desk):
    phone = by_password(ana)
    touch(desk)
    assert post(desk, "/accounts/2fa/totp/deactivate/").status_code == 302
    assert factors_of(ana) == []
    assert get(phone, "/").status_code == 302
    assert get(desk, "/")["Location"] == "/account"


def test_a_factor_is_not_changed_without_a_touch(world, desk, ana):
    answer = post(desk, "/accounts/2fa/totp/deactivate/")
    assert answer["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert factors_of(ana) == ["totp"]


def test_recovery_codes_are_shown_once_and_each_is_taken_once(world, ana, desk):
    touch(desk)
    post(desk, "/accounts/2fa/recovery-codes/generate/")
    shown = set(re.findall(r"\b\d{8}\b", get(desk, "/accounts/2fa/recovery-codes/").content.decode()))
    assert len(shown) == 10
    assert not re.findall(r"\b\d{8}\b", get(desk, "/accounts/2fa/recovery-codes/").content.decode())
    assert get(desk, "/accounts/2fa/recovery-codes/download/").status_code == 403
    dump = " ".join(strings_of_a_dump())
    row = shown.pop()
    assert row not in dump
    for wanted in (302, 200):
        fresh_window()
        client = browser()
        post(client, "/accounts/login/", login=ana.email, password=PASSWORD)
        assert post(client, "/accounts/2fa/authenticate/", code=row).status_code == wanted


def test_one_signs_out_one_browser_or_everywhere(world, ana, desk):
    phone = by_password(ana)
    there = StaffSession.objects.get(key_hash=_hash(phone))
    stranger = by_link(world, staff_of(world, "coordinator"))
    theirs = StaffSession.objects.get(key_hash=_hash(stranger))
    assert post(desk, f"/account/sign-out/{theirs.pk}").status_code == 404
    assert get(stranger, "/").status_code == 200
    assert post(desk, f"/account/sign-out/{there.pk}").status_code == 302
    assert get(phone, "/").status_code == 302
    assert get(desk, "/").status_code == 200
    post(desk, "/account/sign-out/everywhere")
    assert get(desk, "/").status_code == 302
    assert not StaffSession.objects.filter(staff=ana).exists()


@pytest.mark.parametrize("path", ["/accounts/logout/", "/account/sign-out/everywhere"])
def test_whoever_signs_out_leaves_nothing_in_the_browser(world, path):
    theirs = by_link(world, staff_of(world, "coordinator"))
    assert "Clear-Site-Data" not in get(theirs, "/").headers
    assert post(theirs, path)["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in get(theirs, "/").headers


def test_a_link_is_spent_once_and_by_a_post_only(world):
    from network.staff.actions.sign_in_links import make_sign_in_link

    token = make_sign_in_link(staff_of(world, "coordinator"), opens_board=False, now=world.now)
    for _ in range(5):
        assert get(browser(), f"/sign-in/link?token={token}").status_code == 200
    client = browser()
    assert post(client, "/sign-in/link", token=token).status_code == 302
    assert post(browser(), "/sign-in/link", token=token).status_code == 403


def test_a_demos_click_for_the_key_works_in_a_demo_only(world):
    client = by_link(world, staff_of(world, "coordinator"))
    world.now += timedelta(minutes=21)
    assert post(client, "/account/touch").status_code == 404
    assert get(client, "/").status_code == 423
    with override_settings(DEMO=True):
        assert "Go on" in get(client, "/").content.decode()
        assert post(client, "/account/touch", next="/people")["Location"] == "/people"
    assert get(client, "/people").status_code == 200


def test_the_database_knows_no_session_of_djangos_own(world, desk):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone()[0] == 0
    assert Staff.objects.count() == 1
    assert Organization.objects.count() == 2
    call_command("check")


def test_what_was_ended_while_it_was_used_stays_ended(world, desk):
    key = desk.cookies[COOKIE].value
    for change in (lambda store: store.save(), lambda store: store.cycle_key()):
        session = SessionStore(key)
        assert session["began"]
        session["more"] = 1
        kept = list(StaffSession.objects.all())
        StaffSession.objects.all().delete()
        with pytest.raises(UpdateError):
            change(session)
        assert not StaffSession.objects.exists()
        StaffSession.objects.bulk_create(kept)
    StaffSession.objects.all().delete()
    late = SessionStore(key)
    with pytest.raises(UpdateError):
        late.save()


def test_a_key_that_is_taken_is_not_taken_again(db, monkeypatch):
    first = SessionStore()
    first.create()
    keys = iter([first.session_key, "b" * 32])
    monkeypatch.setattr(SessionStore, "_get_new_session_key", lambda self: next(keys))
    second = SessionStore()
    second.create()
    assert second.session_key == "b" * 32
    assert StaffSession.objects.count() == 2
    assert not second.exists("c" * 32)
    second.delete()
    assert StaffSession.objects.count() == 1


ENGLISH = re.compile(
    r"\b(the|your|you|and|with|name|passwordless|add|save|code|key|coordinator|signed)\b", re.IGNORECASE
)
FAMILIAR = re.compile(
    r"\b(tú|tu|tus|te|ti|contigo|puedes|tienes|quieres|introduce|usa|guarda|elige)\b", re.IGNORECASE
)
OF_THE_LIBRARY = (
    "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/",
    "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/reauthenticate/",
    "/accounts/password/change/", "/accounts/logout/", "/accounts/inactive/", "/account", "/account/touch",
)  # fmt: skip


def test_the_sign_in_librarys_pages_lead_on_and_are_in_plain_spanish(world, ana):
    coded, first = by_password(ana), by_link(world, staff_of(world, "coordinator"), opens_board=False)
    seen = set()
    for client in (coded, first):
        post(client, "/i18n/setlang/", language="es")
        touch(client)
        post(client, "/accounts/2fa/recovery-codes/generate/")
        for path in OF_THE_LIBRARY:
            answer = get(client, path)
            if answer.status_code not in (200, 423):
                continue
            seen.add(path)
            main = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)[0]
            text = re.sub(r"<(script|style|template).*?</\1>|<[^>]+>|\S+@\S+", " ", main, flags=re.DOTALL)
            assert not ENGLISH.findall(text), path
            assert not FAMILIAR.findall(text), path
            assert 'class="strip"' in answer.content.decode(), path
            ways = [
                piece for piece in re.findall(r'<a[^>]*href="(/[^"#?]*)', main) if "/handbook" not in piece
            ]
            assert ways or path == "/account/touch", path  # where the way on is a button
            for way in ways:
                assert get(client, way).status_code != 404, (path, way)
    assert seen >= {*OF_THE_LIBRARY} - {"/account/touch"}
