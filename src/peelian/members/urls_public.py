from django.urls import path

from peelian.members.views import joining, me, pace, repair

app_name = "members"
urlpatterns = [
    path("register/", joining.start, name="register"),
    path("register/contact/", joining.contact, name="register_contact"),
    path("register/choices/", joining.choices, name="register_choices"),
    path("register/questions/", joining.questions, name="register_questions"),
    path("register/sent/", joining.sent, name="register_sent"),
    path("register/confirm/<token>/", joining.confirm, name="confirm"),
    path("me/", me.me, name="me"),
    path("me/sign-in/", me.sign_in, name="sign_in"),
    path("me/code/", me.code, name="code"),
    path("me/who/", me.who, name="who"),
    path("me/sign-out/", me.sign_out, name="sign_out"),
    path("me/confirm/", me.confirm_now, name="confirm_now"),
    path("me/messages/", me.change_messages, name="messages"),
    path("me/pace/", pace.change, name="pace"),
    path("me/agreements/", me.agreements, name="agreements"),
    path("me/details/", me.details, name="details"),
    path("me/places/add/", me.add_place, name="add_place"),
    path("me/places/<int:pk>/remove/", me.remove_place, name="remove_place"),
    path("me/answers/forget/", me.forget_answers, name="forget_answers"),
    path("me/groups/", me.groups, name="groups"),
    path("me/leave/", me.leave, name="leave"),
    path("me/left/", me.left, name="left"),
    path("me/email/done/", repair.done, name="repaired"),
    path("me/email/<token>/", repair.begin, name="repair"),
    path("me/email/<token>/code/", repair.code, name="repair_code"),
]
