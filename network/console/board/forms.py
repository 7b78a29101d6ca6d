"""What the board's forms say: what is looked for, and the names of saved views."""

from network.console.shell.forms import Form, text


class Finding(Form):
    q = text()


class Saving(Form):
    """The filter that the board has now, as codes, and its name; whether both fit, the rules say."""

    codes, name = text(), text()


class Renaming(Form):
    name = text()
