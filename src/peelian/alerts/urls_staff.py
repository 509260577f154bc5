from django.urls import path

from peelian.alerts.views import (
    staff_after,
    staff_compose,
    staff_decide,
    staff_dose,
    staff_list,
    staff_preview,
    staff_results,
    staff_words,
)

app_name = "alerts_staff"

urlpatterns = [
    path("", staff_list.alert_list, name="list"),
    path("new/", staff_list.new, name="new"),
    path("dose/", staff_dose.doses, name="dose"),
    path("words/", staff_words.words, name="words"),
    path("words/<int:pk>/", staff_words.word, name="word"),
    path("words/<int:pk>/remove/", staff_words.word_remove, name="word_remove"),
    path("<slug:ref>/", staff_results.detail, name="detail"),
    path("<slug:ref>/progress/", staff_results.progress, name="progress"),
    path("<slug:ref>/edit/", staff_compose.edit, name="edit"),
    path("<slug:ref>/autosave/", staff_compose.autosave, name="autosave"),
    path("<slug:ref>/audience/", staff_compose.audience_panel, name="audience"),
    path("<slug:ref>/discard/", staff_compose.discard, name="discard"),
    path("<slug:ref>/preview/", staff_preview.preview, name="preview"),
    path("<slug:ref>/preview/email/", staff_preview.email, name="preview_email"),
    path("<slug:ref>/preview/page/", staff_preview.public_page, name="preview_page"),
    path("<slug:ref>/check/", staff_decide.check, name="check"),
    path("<slug:ref>/ask/", staff_decide.ask, name="ask"),
    path("<slug:ref>/send/", staff_decide.send, name="send"),
    path("<slug:ref>/schedule/", staff_decide.schedule, name="schedule"),
    path("<slug:ref>/unschedule/", staff_decide.unschedule, name="unschedule"),
    path("<slug:ref>/take-back/", staff_decide.take_back, name="take_back"),
    path("<slug:ref>/approve/", staff_decide.approve, name="approve"),
    path("<slug:ref>/send-back/", staff_decide.send_back, name="send_back"),
    path("<slug:ref>/test/", staff_decide.test, name="test"),
    path("<slug:ref>/pause/", staff_after.pause, name="pause"),
    path("<slug:ref>/resume/", staff_after.resume, name="resume"),
    path("<slug:ref>/recall/", staff_after.recall, name="recall"),
    path("<slug:ref>/withdraw/", staff_after.withdraw, name="withdraw"),
    path("<slug:ref>/follow-up/", staff_after.follow_up, name="follow_up"),
    path("<slug:ref>/outcome/", staff_after.outcome, name="outcome"),
    path("<slug:ref>/end-date/", staff_after.end_date, name="end_date"),
]
