"""The handbook inside the console, so that it is there without the internet."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from network.console.shell import handbook


@require_safe
@login_required
def contents(request: HttpRequest) -> HttpResponse:
    return render(request, "console/handbook.html", {"sections": handbook.sections(get_language() or "en")})


@require_safe
@login_required
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """One section, and the ways to the one before it and the one after."""
    every = handbook.sections(get_language() or "en")
    at = next((n for n, part in enumerate(every) if part.slug == slug), None)
    if at is None:
        raise Http404
    context = {
        "section": every[at],
        "words": handbook.as_html(every[at]),
        "before": every[at - 1] if at else None,
        "after": every[at + 1] if at + 1 < len(every) else None,
    }
    return render(request, "console/handbook_section.html", context)
