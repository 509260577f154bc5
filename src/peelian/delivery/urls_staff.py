from django.urls import path

from peelian.delivery.views import stopped

app_name = "delivery_staff"
urlpatterns = [
    path("suppressed/", stopped.stopped_list, name="stopped"),
    path("suppressed/stop/", stopped.stop, name="stop"),
    path("suppressed/<int:pk>/", stopped.free, name="free"),
]
