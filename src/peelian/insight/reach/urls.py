from django.urls import path

from peelian.insight.reach import views

urlpatterns = [
    path("representation/", views.representation, name="representation"),
]
