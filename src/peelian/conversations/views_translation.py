"""Having one message of a resident translated."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from peelian.accounts.door import StaffRequest, needs
from peelian.conversations import queries, translating
from peelian.core import translators


@require_POST
@needs("conversations.read")
def translate(request: StaffRequest, pk: int) -> HttpResponse:
    message = queries.message_for(request.user, pk)
    if translators.for_personal_data() is None:
        messages.error(request, "No translator is approved for what residents write.")
    else:
        translating.ask_again(message=message, by=request.user)
        messages.success(request, "It is being translated. Open this page again in a moment.")
    return redirect(message.thread)
