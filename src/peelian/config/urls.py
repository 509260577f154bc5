"""Every address of an installation: each app's public pages at the root, its staff pages under /staff/<app>/."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from peelian.core import views as core

STAFF_APPS = ["alerts", "conversations", "members", "places", "accounts", "audit", "delivery", "insight"]
STAFF_APPS += ["surveys", "events", "priorities", "website", "api"]
PUBLIC_APPS = ["website", "alerts", "conversations", "members", "delivery", "surveys", "events", "priorities", "api"]

handler404 = core.not_found
handler500 = core.failed

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", core.healthz, name="healthz"),
    path("readyz", core.readyz, name="readyz"),
    path("staff/account/", include("allauth.urls")),
]
for app in STAFF_APPS:
    if find_spec(f"peelian.{app}.urls_staff"):
        urlpatterns.append(path(f"staff/{app}/", include(f"peelian.{app}.urls_staff")))
if find_spec("peelian.console.urls_staff"):
    urlpatterns.append(path("staff/", include("peelian.console.urls_staff")))
for app in PUBLIC_APPS:
    if find_spec(f"peelian.{app}.urls_public"):
        urlpatterns.append(path("", include(f"peelian.{app}.urls_public")))
