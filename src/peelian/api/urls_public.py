from django.urls import include, path, re_path

from peelian.api.v1.api import interface
from peelian.api.views import embed, nowhere, open_data, police

app_name = "api"

# data.police.uk has no slash at the end, and neither have we
urlpatterns = [
    path("api/police/forces", police.forces, name="forces"),
    path("api/police/forces/<str:wanted>", police.force, name="force"),
    path("api/police/forces/<str:wanted>/people", police.senior_officers, name="senior_officers"),
    path("api/police/locate-neighbourhood", police.locate, name="locate"),
    path("api/police/<str:wanted>/neighbourhoods", police.neighbourhoods, name="neighbourhoods"),
    path("api/police/<str:wanted>/<str:code>", police.neighbourhood, name="neighbourhood"),
    path("api/police/<str:wanted>/<str:code>/people", police.people, name="people"),
    path("api/police/<str:wanted>/<str:code>/events", police.events, name="events"),
    path("api/police/<str:wanted>/<str:code>/priorities", police.priorities, name="priorities"),
    path("api/police/<str:wanted>/<str:code>/boundary", police.boundary, name="boundary"),
    path("api/v1/", include((interface.guarded_urls(), "v1"))),
    path("areas/<str:code>/embed/", embed.frame, name="embed"),
    path("areas/<str:code>/embed/code/", embed.code, name="embed_code"),
    path("open-data/", open_data.listed, name="open_data"),
    path("open-data/<str:month>.zip", open_data.bundle, name="bundle"),
    re_path(r"^api/", nowhere.nowhere, name="nowhere"),
]
