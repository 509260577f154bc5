from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from peelian.accounts.door import needs
from peelian.delivery import outbox


@require_safe
@needs("today.read")
def messages(request: HttpRequest) -> HttpResponse:
    """The local outbox, newest first."""
    page = outbox.page(request.GET.get("at", ""))
    pages = {way: f"?at={cursor}" if cursor else "" for way, cursor in (("newer", page.previous), ("older", page.next))}
    return render(request, "delivery/outbox.html", {"page": page, **pages})


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
