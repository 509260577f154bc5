from django.urls import path

from peelian.priorities.views import public

app_name = "priorities"

urlpatterns = [
    path("promises/", public.promise_list, name="promises"),
    path("promises/told/<str:token>/", public.stop, name="stop"),
    path("promises/picture/<str:key>/", public.picture, name="picture"),
    path("promises/paper/<str:key>/<str:name>", public.paper, name="paper"),
    path("promises/<slug:ref>/", public.promise, name="promise"),
]
