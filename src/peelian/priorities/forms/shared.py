"""What several forms here share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from peelian.places.models import Area
from peelian.priorities.naming import what_points_at_somebody


class AreaField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """An area by its code, said with its kind where names alone may be those of several."""

    def __init__(self, label: str, **named: Any) -> None:
        named.setdefault("error_messages", {"required": "Choose the area it is about"})
        super().__init__(Area.objects.none(), label=label, to_field_name="code", **named)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.get_kind_display().lower()})"


class NamesNobody(forms.Form):
    """Words that many read: they name nobody. What may point at somebody is said, and whoever has looked again says
    that it does not."""

    looked = forms.BooleanField(
        label="I have read it again: it points at nobody", required=False, widget=forms.CheckboxInput
    )
    read_by_many: tuple[str, ...] = ("words",)
    member_ids: tuple[int, ...] = ()
    asks_again = False  # whether the tick is shown

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.asks_again = self.data.get("looked") is not None
        for name in self.read_by_many:
            said = what_points_at_somebody(str(given.get(name) or ""), self.member_ids)
            if said:
                self.asks_again = True
                if not given.get("looked"):
                    self.add_error(name, said)
        return given


def choose(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def codes(rows: Iterable[Any]) -> list[str]:
    return [row.code for row in rows]
