"""What a page says after a button was pressed, and the button that takes it back."""

from django.contrib import messages
from django.http import HttpRequest


def say_undoable(request: HttpRequest, said: str, undo: str) -> None:
    """Say what was done, with a button that posts to `undo`, a path of ours, and comes back here."""
    messages.success(request, said, extra_tags=undo)
