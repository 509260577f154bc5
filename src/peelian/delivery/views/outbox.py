from urllib.parse import urlencode

from csp.decorators import csp
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from peelian.accounts.door import needs
from peelian.delivery import outbox


class FindForm(forms.Form):
    to = forms.CharField(label="To whom", max_length=254, required=False, strip=True)


@require_safe
@needs("today.read")
def messages(request: HttpRequest) -> HttpResponse:
    """The local outbox, newest first; an alert goes to hundreds, so one may look for an address."""
    filtered = FindForm(request.GET)
    to = filtered.cleaned_data["to"] if filtered.is_valid() else ""
    page = outbox.page(request.GET.get("at", ""), to)
    pages = {"newer": _address(page.previous, to), "older": _address(page.next, to)}
    clear = request.path if to else ""
    return render(
        request, "delivery/outbox.html", {"page": page, "filter": filtered, "to": to, "clear": clear, **pages}
    )


def _address(cursor: str, to: str) -> str:
    return "?" + urlencode({"at": cursor, **({"to": to} if to else {})}) if cursor else ""


@require_safe
@needs("today.read")
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message of the outbox."""
    return render(request, "delivery/outbox_message.html", {"opened": outbox.opened(pk)})


# The email's own styles are inline: they are allowed in this frame, and nothing else is
@csp(  # type: ignore[arg-type]
    {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["'self'"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-popups"],
    }
)
@xframe_options_sameorigin
@require_safe
@needs("today.read")
def html_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part as a mail program would show it, for the frame on the message's page."""
    return HttpResponse(outbox.opened(pk).html)
