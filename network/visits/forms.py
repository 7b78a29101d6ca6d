"""What the responder's page sends."""

from django import forms


class Opening(forms.Form):
    """A link's token and a PIN, and perhaps a button, or a word that another device may have it."""

    token = forms.CharField(required=False, strip=False)
    pin = forms.CharField(required=False, strip=False)
    step = forms.CharField(required=False, strip=False)
    move = forms.CharField(required=False)
