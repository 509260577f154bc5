from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, path

from peelian.insight.parts import PARTS
from peelian.insight.views import overview

app_name = "insight_staff"

urlpatterns: list[URLPattern] = [
    path("", overview.overview, name="overview"),
    path("refresh/", overview.refresh, name="refresh"),
]
for part in PARTS:
    if find_spec(f"peelian.insight.{part}") and find_spec(f"peelian.insight.{part}.urls"):
        urlpatterns += import_module(f"peelian.insight.{part}.urls").urlpatterns
