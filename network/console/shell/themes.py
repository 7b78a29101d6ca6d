"""Day, night or high contrast, as somebody chose on this device; else as the device says."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from network.console.shell.forms import Form, cleaned, text

COOKIE = "theme"
THEMES = ("day", "night", "contrast")
A_YEAR_S = 365 * 24 * 3600


class Choosing(Form):
    theme, next = text(), text()


def theme(request: HttpRequest) -> dict[str, str]:
    """The chosen theme, for every page; empty where the device decides."""
    chosen = request.COOKIES.get(COOKIE, "")
    return {"theme": chosen if chosen in THEMES else ""}


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Kept in the browser, and nowhere else: another device may stand in another light."""
    asked = cleaned(Choosing(request.POST))
    back, chosen = asked["next"], asked["theme"]
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    answer = HttpResponseRedirect(back)
    if chosen in THEMES:
        answer.set_cookie(
            COOKIE, chosen, max_age=A_YEAR_S, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    else:
        answer.delete_cookie(COOKIE, samesite="Lax")
    return answer
