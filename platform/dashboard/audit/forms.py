"""The filters of the trail."""

from django import forms

from dashboard.layout.forms import validate_day


class AuditFilter(forms.Form):
    """Who, what and when; all of it may be left out."""

    actor = forms.CharField(required=False, max_length=254)
    action = forms.CharField(required=False, max_length=60)
    since = forms.DateField(
        validators=[validate_day], required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        validators=[validate_day], required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
