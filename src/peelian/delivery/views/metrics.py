"""/metrics, for Prometheus: there only with a token, for whoever knows it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from peelian.core.errors import NotFound
from peelian.delivery.operations import metrics as found


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """404 where no token is set, 401 without the right one."""
    token = settings.PEELIAN_METRICS_TOKEN
    if not token:
        raise NotFound
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(given.strip(), token):
        answer = HttpResponse("This needs the token of PEELIAN_METRICS_TOKEN.\n", status=401, content_type="text/plain")
        answer["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return answer
    return HttpResponse(found.text(), content_type=CONTENT_TYPE_LATEST)
