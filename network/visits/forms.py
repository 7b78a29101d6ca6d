"""What the responder's page sends."""

from django import forms
from django.utils.translation import gettext_lazy as _


class OfPin(forms.Form):
    """The PIN, which the page asks for: what is typed is sent as a part of Opening."""

    pin = forms.CharField(
        label=_("Your PIN"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]{4,8}"}
        ),
    )


class OpeningLink(forms.Form):
    """A link's token and a PIN, and perhaps a button, or a word that another device may have it."""

    token = forms.CharField(required=False, strip=False)
    pin = forms.CharField(required=False, strip=False)
    step = forms.CharField(required=False, strip=False)
    move = forms.CharField(required=False)
