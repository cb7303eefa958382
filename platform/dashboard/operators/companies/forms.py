"""What an operator sets of a company."""

from django import forms

from dashboard.layout.forms import ActionForm
from tenants.types import MAX_CALL_WEIGHT, MAX_WARM_REPLICAS, PricingPlan
from verticals.discovery import installed_verticals


class TermsForm(ActionForm):
    """Plan and limits."""

    plan = forms.ChoiceField(label="Plan", choices=PricingPlan.choices)
    max_concurrent_calls = forms.IntegerField(label="Calls at once", min_value=0)
    call_weight = forms.IntegerField(
        label="Call weight",
        min_value=1,
        max_value=MAX_CALL_WEIGHT,
        help_text="Its share of the slots while they are short.",
    )
    warm_replicas = forms.IntegerField(
        label="Warm replicas",
        min_value=0,
        max_value=MAX_WARM_REPLICAS,
        help_text="So many stay warm in every pool that may serve its calls.",
    )


class NewCompanyForm(ActionForm):
    """A company, and who shall own it."""

    name = forms.CharField(label="Name", max_length=100)
    slug = forms.CharField(
        label="Short name",
        max_length=63,
        help_text="Lower-case letters, digits and hyphens; it never changes.",
    )
    vertical = forms.ChoiceField(label="Line of business")
    plan = forms.ChoiceField(label="Plan", choices=PricingPlan.choices)
    owner = forms.EmailField(
        label="Owner's e-mail", help_text="They are invited by mail to own the company."
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        choices = [(vertical, vertical) for vertical in installed_verticals()]
        self.fields["vertical"] = forms.ChoiceField(label="Line of business", choices=choices)
