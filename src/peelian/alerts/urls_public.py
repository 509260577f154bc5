from django.urls import path

from peelian.alerts import cap, feeds
from peelian.alerts.views import files, from_message, public

app_name = "alerts"

urlpatterns = [
    path("alerts/", public.alert_list, name="list"),
    path("alerts/feed.atom", feeds.feed, name="feed"),
    path("areas/<str:code>/feed.atom", feeds.area_feed, name="area_feed"),
    path("alerts/<slug:ref>/", public.alert_page, name="page"),
    path("alerts/<slug:ref>/cap.xml", cap.cap, name="cap"),
    path("f/<str:key>/<str:name>", files.enclosure, name="enclosure"),
    path("s/<slug:code>/", public.share, name="share"),
    path("m/<str:token>/", from_message.overview, name="from_message"),
    path("m/<str:token>/rate/<int:value>/", from_message.rate, name="rate"),
    path("m/<str:token>/rate/<int:value>/why/", from_message.why, name="why"),
    path("m/<str:token>/reply/", from_message.reply, name="reply"),
    path("m/<str:token>/less/", from_message.less, name="less"),
    path("unsubscribe/<str:token>/", from_message.one_click, name="one_click"),
]
