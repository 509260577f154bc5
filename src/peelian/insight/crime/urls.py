from django.urls import path

from peelian.insight.crime import views

urlpatterns = [path("crime/", views.crime, name="crime")]
