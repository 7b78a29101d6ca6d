"""What the pages of measures say: over how many days."""

from network.console.shell.forms import Form, text


class Downloading(Form):
    """A span that the page doesn't offer is its usual one."""

    days = text()
