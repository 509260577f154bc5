from django.urls import path

from peelian.members.views import staff

app_name = "members_staff"
urlpatterns = [
    path("", staff.areas, name="list"),
    path("groups/", staff.groups, name="groups"),
    path("unreachable/", staff.unreachable_areas, name="unreachable"),
    path("unreachable/residents/", staff.unreachable_residents, name="unreachable_residents"),
]
