"""Who counts as on duty, and how often phones are paged. Pure."""

from datetime import timedelta

LIVE_FOR = timedelta(minutes=2)  # after its last sign of life a console counts as live
PAGE_EVERY = timedelta(minutes=5)
SHIFT_MOST = timedelta(hours=12)
