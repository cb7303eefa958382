"""Forms of the pages: what an action refuses stands beside the field it is about."""

from django import forms

from warmline.kernel.errors import BadInput


class ActionForm(forms.Form):
    """A form whose fields are handed to an action."""

    def add_problem(self, error: BadInput) -> None:
        """Show an action's refusal beside its field, or above the form when it names none here."""
        field = (error.field or "").partition(".")[0]
        self.add_error(field if field in self.fields else None, str(error))
