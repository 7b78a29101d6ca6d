"""The console's addresses: those of all its rooms."""

from network.console.account import urls as account
from network.console.board import urls as board
from network.console.duty import urls as duty
from network.console.measures import urls as measures
from network.console.people import urls as people
from network.console.requests import urls as requests
from network.console.shell import urls as shell
from network.console.trust import urls as trust

urlpatterns = [
    *board.urlpatterns,
    *requests.urlpatterns,
    *people.urlpatterns,
    *trust.urlpatterns,
    *duty.urlpatterns,
    *measures.urlpatterns,
    *account.urlpatterns,
    *shell.urlpatterns,
]
