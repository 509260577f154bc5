from django.urls import path

from peelian.conversations import views_translation
from peelian.conversations.inbound import views as inbound
from peelian.conversations.views import inbox, thread

app_name = "conversations_staff"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("raised/", inbox.raised, name="raised"),
    path("raised/<int:pk>/seen/", inbox.raised_seen, name="raised_seen"),
    path("aside/", inbound.aside_list, name="aside"),
    path("aside/files/", inbound.check_files, name="aside_files"),
    path("aside/<int:pk>/", inbound.aside_one, name="aside_one"),
    path("aside/<int:pk>/attach/", inbound.attach, name="aside_attach"),
    path("aside/<int:pk>/discard/", inbound.discard, name="aside_discard"),
    path("<int:pk>/whole/<int:message>/", inbound.whole, name="whole"),
    path("<int:pk>/files/<int:file>/", inbound.file, name="file"),
    path("messages/<int:pk>/translate/", views_translation.translate, name="translate"),
    path("<int:pk>/", thread.thread, name="thread"),
    path("<int:pk>/answer/", thread.answer, name="answer"),
    path("<int:pk>/close/", thread.close, name="close"),
    path("<int:pk>/assign/", thread.assign, name="assign"),
]
