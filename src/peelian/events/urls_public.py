from django.urls import path

from peelian.events.views import mine, public, sign_up, table

app_name = "events"

urlpatterns = [
    path("events/", public.listed, name="list"),
    path("events/place/<str:token>/", sign_up.place, name="place"),
    path("events/table/<slug:key>/", table.notes, name="table"),
    path("events/table/<slug:key>/<int:pk>/remove/", table.remove, name="table_remove"),
    path("events/<slug:ref>.ics", public.file, name="file"),
    path("events/<slug:ref>/", public.page, name="page"),
    path("events/<slug:ref>/sign-up/", sign_up.sign_up, name="sign_up"),
    path("events/<slug:ref>/sign-up/sent/", sign_up.sent, name="sent"),
    path("areas/<str:code>/events.ics", public.area_feed, name="area_feed"),
    path("me/events/", mine.listed, name="mine"),
    path("me/events/<int:pk>/cancel/", mine.cancel, name="mine_cancel"),
]
