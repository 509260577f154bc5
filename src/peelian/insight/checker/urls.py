from django.urls import path

from peelian.insight.checker import views

urlpatterns = [path("check/", views.check, name="check")]
