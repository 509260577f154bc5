from django.urls import path

from peelian.website import views, views_received

app_name = "website"

urlpatterns = [
    path("", views.home, name="home"),
    path("areas/", views.areas, name="areas"),
    path("areas/<str:code>/", views.area, name="area"),
    path("me/messages-received/", views_received.received_list, name="received"),
    path("me/messages-received/<slug:ref>/", views_received.received_one, name="received_one"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
