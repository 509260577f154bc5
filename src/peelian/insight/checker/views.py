from pathlib import Path

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from peelian.accounts.door import StaffRequest, needs
from peelian.insight import checker
from peelian.insight.checker.beside import beside
from peelian.insight.checker.forms import CheckForm

EXAMPLE = Path(__file__).parent / "example.md"


@require_http_methods(["GET", "HEAD", "POST"])
@needs("insight.read")
def check(request: StaffRequest) -> HttpResponse:
    """Answers a post with a page of its own: there is nothing stored to go to. ?example shows an invented paper."""
    posted = request.method == "POST"
    form = CheckForm(request.POST if posted else None, request.FILES if posted else None)
    if "example" in request.GET and not posted:
        form = CheckForm({"text": EXAMPLE.read_text(encoding="utf-8")})
    if not form.is_valid():
        return render(request, "insight/checker/check.html", {"form": form})
    document = form.cleaned_data["document"]
    findings = checker.check_documents([document])
    context = {
        "form": CheckForm(initial={"text": form.cleaned_data["text"]}),
        "name": document.name if posted else "an invented paper",
        "findings": findings,
        "passages": beside(document.lines, findings),
    }
    return render(request, "insight/checker/check.html", context)
