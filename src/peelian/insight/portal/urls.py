from django.urls import path

from peelian.insight.portal import views

urlpatterns = [
    path("engagement/", views.engagement, name="engagement"),
    path("engagement/weekly/", views.weekly, name="engagement_weekly"),
    path("engagement/areas/<str:code>/", views.area, name="engagement_area"),
    path("engagement/teams/<slug:slug>/", views.team, name="engagement_team"),
]
