"""Staff pages of key individual networks, in the namespace of members' (urls_staff.py)."""

from django.urls import path

from peelian.members.views import network

urlpatterns = [
    path("", network.listed, name="network"),
    path("coverage/", network.coverage, name="network_coverage"),
    path("coverage.csv", network.export, name="network_csv"),
    path("<int:pk>/", network.detail, name="network_person"),
    path("<int:pk>/log/", network.log, name="network_log"),
    path("<int:pk>/edit/", network.edit, name="network_edit"),
]
