from django.urls import path

from peelian.surveys.pulse.answering import two
from peelian.surveys.views import answering, embedded

app_name = "surveys"
urlpatterns = [
    path("surveys/<slug:ref>/", answering.intro, name="intro"),
    path("q/<str:token>/", answering.start, name="start"),
    path("q/<str:token>/two/", two, name="two"),
    path("q/<str:token>/<int:number>/", answering.page, name="page"),
    path("q/<str:token>/first/", embedded.question, name="first"),
    path("q/<str:token>/saved/", answering.saved, name="saved"),
    path("q/<str:token>/check/", answering.check, name="check"),
    path("q/<str:token>/done/", answering.done, name="done"),
]
