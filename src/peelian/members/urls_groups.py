"""Staff pages of groups, in the namespace of members' (urls_staff.py)."""

from django.urls import path

from peelian.members.views import groups

urlpatterns = [
    path("", groups.listed, name="groups"),
    path("new/", groups.new, name="group_new"),
    path("<int:pk>/", groups.detail, name="group"),
    path("<int:pk>/edit/", groups.edit, name="group_edit"),
    path("<int:pk>/end/", groups.end, name="group_end"),
    path("<int:pk>/take-out/<int:member_pk>/", groups.take_out, name="group_take_out"),
    path("<int:pk>/put-back/<int:invitation_pk>/", groups.put_back, name="group_put_back"),
    path("<int:pk>/invite/", groups.invite, name="group_invite"),
]
