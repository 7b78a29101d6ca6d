"""All that is erased, with the console's own rows: buttons that were pressed."""

from datetime import datetime

from network import forgetting
from network.console.models import Press
from network.privacy.forgetting import Rows, deleting
from network.privacy.keep import Keep


def _presses(before: datetime, now: datetime) -> Rows:
    return Press.objects.filter(at__lt=before)


ERASERS = (*forgetting.ERASERS, deleting("presses", Keep.DAY, _presses, Press))
