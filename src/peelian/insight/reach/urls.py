from django.urls import path

from peelian.insight.reach import views

urlpatterns = [
    path("representation/", views.representation, name="representation"),
    path("sign-ups/", views.sign_ups, name="sign_ups"),
    path("wards/", views.ward_league, name="wards"),
]
