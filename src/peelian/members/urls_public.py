from django.urls import path, register_converter

from peelian.members.points import PointConverter
from peelian.members.views import account, data, helping, joining, me, number, pace, repair, short_link, signing_in

register_converter(PointConverter, "point")

app_name = "members"
urlpatterns = [
    path("j/<str:code>/", short_link.follow, name="short_link"),
    path("register/", joining.start, name="register"),
    path("register/contact/", joining.contact, name="register_contact"),
    path("register/choices/", joining.choices, name="register_choices"),
    path("register/questions/", joining.questions, name="register_questions"),
    path("register/code/", number.say_yes, name="number"),
    path("register/sent/", joining.sent, name="register_sent"),
    path("register/map.geojson", joining.borders, name="register_map"),
    path("register/helping/<token>/", helping.answer, name="helper"),
    path("register/confirm/<token>/", joining.confirm, name="confirm"),
    path("me/", me.me, name="me"),
    path("me/sign-in/", signing_in.sign_in, name="sign_in"),
    path("me/code/", signing_in.code, name="code"),
    path("me/link/<token>/", signing_in.link, name="link"),
    path("me/sign-in-again/", signing_in.sign_in_again, name="sign_in_again"),
    path("me/who/", signing_in.who, name="who"),
    path("me/sign-out/", signing_in.sign_out, name="sign_out"),
    path("me/confirm/", me.confirm_now, name="confirm_now"),
    path("me/messages/", me.change_messages, name="messages"),
    path("me/pace/", pace.change, name="pace"),
    path("me/agreements/", me.agreements, name="agreements"),
    path("me/helper/", helping.name, name="helper_name"),
    path("me/helper/<int:pk>/end/", helping.end, name="helper_end"),
    path("me/details/", me.details, name="details"),
    path("me/places/add/", me.add_place, name="add_place"),
    path("me/places/<int:pk>/remove/", me.remove_place, name="remove_place"),
    path("me/answers/forget/", me.forget_answers, name="forget_answers"),
    path("me/groups/", me.groups, name="groups"),
    path("me/holiday/", account.holiday, name="holiday"),
    path("me/holiday/end/", account.end_holiday, name="end_holiday"),
    path("me/move/", account.move, name="move"),
    path("me/contact/<point:kind>/", account.contact, name="contact"),
    path("me/contact/<point:kind>/code/", account.contact_code, name="contact_code"),
    path("me/contact/<point:kind>/drop/", account.drop_contact, name="drop_contact"),
    path("me/contact/<point:kind>/remove/", account.remove_contact, name="remove_contact"),
    path("me/contact/confirm/<token>/", account.confirm_email, name="confirm_email"),
    path("me/contact/confirmed/", account.email_confirmed, name="email_confirmed"),
    path("me/data/", data.copy, name="data"),
    path("me/leave/", account.leave, name="leave"),
    path("me/left/", account.left, name="left"),
    path("me/closed/", account.closed, name="closed"),
    path("me/email/done/", repair.done, name="repaired"),
    path("me/email/<token>/", repair.begin, name="repair"),
    path("me/email/<token>/code/", repair.code, name="repair_code"),
]
