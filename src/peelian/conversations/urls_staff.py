from django.urls import path

from peelian.conversations import views_translation
from peelian.conversations.inbound import views as inbound
from peelian.conversations.views import inbox, moving, settling, thread

app_name = "conversations_staff"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("raised/", inbox.raised, name="raised"),
    path("raised/<int:pk>/seen/", inbox.raised_seen, name="raised_seen"),
    path("intelligence/", moving.to_receive, name="to_receive"),
    path("figures/", settling.kept, name="figures"),
    path("saved/", settling.saved, name="saved"),
    path("saved/new/", settling.saved_new, name="saved_new"),
    path("saved/<int:pk>/", settling.saved_edit, name="saved_edit"),
    path("saved/<int:pk>/remove/", settling.saved_remove, name="saved_remove"),
    path("hours/", settling.desks, name="desks"),
    path("hours/<slug:slug>/", settling.desk, name="desk"),
    path("hours/<slug:slug>/duty/", settling.duty_add_team, name="duty_add_team"),
    path("duty/", settling.duty_add, name="duty_add"),
    path("duty/<int:pk>/remove/", settling.duty_remove, name="duty_remove"),
    path("words/", settling.words, name="words"),
    path("words/<int:pk>/remove/", settling.word_remove, name="word_remove"),
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
    path("<int:pk>/insert/", thread.insert, name="insert"),
    path("<int:pk>/reopen/", thread.reopen, name="reopen"),
    path("<int:pk>/tags/", thread.tags, name="tags"),
    path("<int:pk>/sensitive/", thread.sensitive, name="sensitive"),
    path("<int:pk>/contact/", thread.contact, name="contact"),
    path("<int:pk>/hand-over/", moving.hand_over, name="hand_over"),
    path("<int:pk>/intelligence/", moving.pass_on, name="pass_on"),
    path("<int:pk>/intelligence/take-back/", moving.take_back, name="take_back"),
    path("<int:pk>/intelligence/receive/", moving.receive, name="receive"),
]
