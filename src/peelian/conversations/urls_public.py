from django.urls import path

from peelian.conversations.views import mine, writing

app_name = "conversations"
urlpatterns = [
    path("areas/<str:code>/write/", writing.write, name="write"),
    path("conversations/sent/", writing.sent, name="sent"),
    path("conversations/confirm/<str:token>/", writing.confirm, name="confirm"),
    path("conversations/read/<str:token>/", mine.read, name="read"),
    path("conversations/read/<str:token>/code/", mine.code, name="code"),
    path("me/conversations/", mine.listed, name="mine"),
    path("me/conversations/write/", mine.write, name="mine_write"),
    path("me/conversations/<int:pk>/", mine.thread, name="mine_thread"),
]
