"""Django's HTTP side: one door for people, with all its middleware, and one for the carrier, with none."""

import os

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")


class CarriersDoor(WSGIHandler):
    """The carrier's calls need no session, language, cookie or policy: each view checks a signature.

    Middleware took half of the time of a webhook.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware: list[object] = []
        self._template_response_middleware: list[object] = []
        self._exception_middleware: list[object] = []
        self._middleware_chain = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]


application = get_wsgi_application()
carriers_door = CarriersDoor()
