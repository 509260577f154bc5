from django.urls import path

from peelian.conversations import views, views_translation

app_name = "conversations_staff"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<int:pk>/", views.thread, name="thread"),
    path("messages/<int:pk>/translate/", views_translation.translate, name="translate"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/assign/", views.assign, name="assign"),
]
