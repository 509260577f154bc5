from django.urls import path

from peelian.members.views import doorstep, rights, staff, streets

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
    path("rights/", rights.request_list, name="rights"),
    path("rights/open/", rights.open_request, name="rights_open"),
    path("rights/<int:pk>/", rights.one_request, name="rights_request"),
    path("rights/<int:pk>/identity/", rights.identity, name="rights_identity"),
    path("rights/<int:pk>/extend/", rights.extend, name="rights_extend"),
    path("rights/<int:pk>/close/", rights.close, name="rights_close"),
    path("rights/<int:pk>/copy/", rights.copy, name="rights_copy"),
    path("rights/<int:pk>/correct/", rights.correct, name="rights_correct"),
    path("rights/<int:pk>/erase/", rights.erase, name="rights_erase"),
    path("rights/<int:pk>/restrict/", rights.restrict, name="rights_restrict"),
    path("rights/holds/", rights.holds, name="holds"),
    path("rights/holds/begin/", rights.begin_hold, name="hold_begin"),
    path("rights/holds/<int:pk>/review/", rights.review_hold, name="hold_review"),
    path("rights/holds/<int:pk>/end/", rights.end_hold, name="hold_end"),
]
