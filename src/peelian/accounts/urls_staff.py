from django.urls import path

from peelian.accounts.views import own, staff, teams

app_name = "accounts_staff"
urlpatterns = [
    path("", staff.listed, name="list"),
    path("new/", staff.add, name="new"),
    path("<int:pk>/", staff.edit, name="edit"),
    path("<int:pk>/disable/", staff.disable, name="disable"),
    path("<int:pk>/enable/", staff.enable, name="enable"),
    path("<int:pk>/link/", staff.link, name="link"),
    path("teams/", teams.listed, name="teams"),
    path("teams/new/", teams.add, name="team_new"),
    path("teams/<slug:slug>/", teams.edit, name="team_edit"),
    path("teams/<slug:slug>/photo/", teams.photo, name="team_photo"),
    path("me/", own.me, name="me"),
    path("me/photo/", own.photo, name="me_photo"),
    path("second-step/", own.second_step, name="second_step"),
    path("set-up/<str:token>/", own.set_up, name="set_up"),
]
