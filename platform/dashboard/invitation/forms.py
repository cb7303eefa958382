"""What is asked of somebody who has no account yet."""

from django import forms

from dashboard.layout.forms import ActionForm


class NewcomerForm(ActionForm):
    """A name and a password; the address is the one that was invited."""

    name = forms.CharField(
        label="Your name", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Password",
        max_length=200,
        strip=False,
        help_text="At least ten characters.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
