from django.urls import path

from peelian.audit import views

app_name = "audit_staff"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("trail.csv", views.export, name="export"),
]
