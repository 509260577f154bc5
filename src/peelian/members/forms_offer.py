"""What the forms of joining that offer something have in common."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import get_language

from peelian.members.queries_joining import Offer


class OfferForm(forms.Form):
    """A form of what is on offer (queries_joining). Its fields are made once for an offer and a language, and shared by
    all requests: Django's own copy for each form takes longer than to read what was filled in. So no form may change a
    field; it may leave one out."""

    def __init__(self, offer: Offer, *given: Any, **named: Any) -> None:
        self.base_fields = {}  # type: ignore[misc]  # nothing to copy
        super().__init__(*given, **named)
        self.offer = offer
        self.fields = dict(_fields(type(self), offer, get_language()))

    @classmethod
    def put_in(cls, fields: dict[str, Any], offer: Offer) -> None:
        """Complete FIELDS, a copy of the form's, by what is on offer."""


@lru_cache(maxsize=64)
def _fields(form: type[OfferForm], offer: Offer, language: str | None) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = deepcopy(form.base_fields)
    form.put_in(fields, offer)
    return fields
