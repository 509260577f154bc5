from django.urls import path

from peelian.members.views import doorstep, staff, streets

app_name = "members_staff"
urlpatterns = [
    path("", staff.areas, name="list"),
    path("groups/", staff.groups, name="groups"),
    path("unreachable/", staff.unreachable_areas, name="unreachable"),
    path("unreachable/residents/", staff.unreachable_residents, name="unreachable_residents"),
    path("doorstep/", doorstep.page, name="doorstep"),
    path("doorstep/shell/", doorstep.shell, name="doorstep_shell"),
    path("doorstep/worker.js", doorstep.worker, name="doorstep_worker"),
    path("doorstep/state/", doorstep.state, name="doorstep_state"),
    path("doorstep/key/", doorstep.key, name="doorstep_key"),
    path("doorstep/send/", doorstep.send, name="doorstep_send"),
    path("doorstep/streets/", streets.streets, name="streets"),
    path("doorstep/streets/add/", streets.add, name="street_add"),
    path("doorstep/streets/<int:pk>/", streets.street, name="street"),
    path("doorstep/streets/<int:pk>/knock/", streets.knock, name="street_knock"),
    path("doorstep/streets/<int:pk>/doors/<int:door>/forget/", streets.forget, name="street_forget"),
    path("doorstep/streets/<int:pk>/later/", streets.later, name="street_later"),
    path("doorstep/streets/<int:pk>/finish/", streets.finish, name="street_finish"),
    path("doorstep/streets/<int:pk>/again/", streets.again, name="street_again"),
]
