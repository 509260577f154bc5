"""What the views here share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from peelian.core import keyset

GET_OR_POST = ["GET", "HEAD", "POST"]


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is filled with: what was posted, also when that is nothing; None on a first visit."""
    return request.POST if request.method == "POST" else None


def listed(
    request: HttpRequest, rows: QuerySet[Any], moment: str, kept: Mapping[str, str], **more: Any
) -> dict[str, Any]:
    """A page of a list that is narrowed by KEPT, with links to its neighbours."""
    page = keyset.page(rows, moment, request.GET.get("page", ""), **more)
    return {
        "rows": page.rows,
        "narrowed": bool(kept),
        "clear_url": request.path if kept else "",
        "previous_url": f"?{urlencode({**kept, 'page': page.previous})}" if page.previous else "",
        "next_url": f"?{urlencode({**kept, 'page': page.next})}" if page.next else "",
    }


def given(form: forms.Form) -> dict[str, str]:
    """What a filter was filled with and could be read, as it stands in an address."""
    form.is_valid()
    return {name: form.data[name] for name in form.fields if form.cleaned_data.get(name) and name in form.data}
