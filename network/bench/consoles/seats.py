"""Signs coordinators of a running town in, as a process beside it.

`python -m network.bench.consoles.seats N`

Prints one session's key a line; the board opens to each as it does to a demo's link.
"""

import os
import sys


def main(count: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "network.settings"
    import django  # noqa: PLC0415  the environment comes first

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from network.audit.rules import COMMAND_LINE  # noqa: PLC0415
    from network.console.shell.access import OPEN_BOARD  # noqa: PLC0415
    from network.staff.actions.accounts import add_staff  # noqa: PLC0415
    from network.staff.models import Staff  # noqa: PLC0415
    from network.staff.sessions import SessionStore  # noqa: PLC0415

    for n in range(count):
        staff = add_staff(
            f"seat{n}@example.org",
            role=Staff.Role.COORDINATOR,
            organization=None,
            phone=None,
            by=COMMAND_LINE,
            now=timezone.now(),
        )
        session = SessionStore()
        session[SESSION_KEY] = str(staff.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
        session[OPEN_BOARD] = True
        session.save()
        print(session.session_key)


if __name__ == "__main__":
    main(int(sys.argv[1]))
