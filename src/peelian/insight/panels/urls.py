from django.urls import path

from peelian.insight.panels import views

urlpatterns = [
    path("panels/", views.panel, name="panel"),
    path("teams/", views.teams, name="teams"),
]
