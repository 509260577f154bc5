from django.urls import path

from peelian.console import views

app_name = "console"
urlpatterns = [path("", views.today, name="today")]
