"""What the board's own forms take."""

from uuid import UUID

from django import forms


class BulkForm(forms.Form):
    """The ticked rows; what is no row's id is left out."""

    need = forms.MultipleChoiceField(required=False)

    def chosen(self) -> list[UUID]:
        found = []
        for said in self.data.getlist("need")[:MOST]:  # type: ignore[attr-defined]
            try:
                found.append(UUID(said))
            except ValueError:
                continue
        return found


MOST = 200
