from django.urls import path

from peelian.conversations import views, views_translation
from peelian.conversations.inbound import views as inbound

app_name = "conversations_staff"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("aside/", inbound.aside_list, name="aside"),
    path("aside/files/", inbound.check_files, name="aside_files"),
    path("aside/<int:pk>/", inbound.aside_one, name="aside_one"),
    path("aside/<int:pk>/attach/", inbound.attach, name="aside_attach"),
    path("aside/<int:pk>/discard/", inbound.discard, name="aside_discard"),
    path("<int:pk>/whole/<int:message>/", inbound.whole, name="whole"),
    path("<int:pk>/files/<int:file>/", inbound.file, name="file"),
    path("<int:pk>/", views.thread, name="thread"),
    path("messages/<int:pk>/translate/", views_translation.translate, name="translate"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/assign/", views.assign, name="assign"),
]
