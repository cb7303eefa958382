"""The filters of the trail."""

from django import forms


class AuditFilter(forms.Form):
    """Who, what and when; all of it may be left out."""

    actor = forms.CharField(required=False, max_length=254)
    action = forms.CharField(required=False, max_length=60)
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
