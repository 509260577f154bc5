from django.urls import path

from peelian.website.views import finding, pages, public, received

app_name = "website"

urlpatterns = [
    path("", public.home, name="home"),
    path("areas/", public.areas, name="areas"),
    path("areas/map/", public.areas_map, name="areas_map"),
    path("areas/outlines.json", public.outlines, name="outlines"),
    path("areas/<str:code>/", public.area, name="area"),
    path("pages/<slug:slug>/", pages.page, name="page"),
    path("advice/", pages.advice, name="advice"),
    path("advice/<slug:slug>/", pages.advice_page, name="advice_page"),
    path("news/", pages.news, name="news"),
    path("news/feed.atom", pages.news_feed, name="news_feed"),
    path("news/<slug:slug>/", pages.news_item, name="news_item"),
    path("pictures/<str:key>/", pages.picture, name="picture"),
    path("search/", finding.search, name="search"),
    path("statistics/", public.statistics, name="statistics"),
    path("sitemap.xml", finding.sitemap, name="sitemap"),
    path("robots.txt", finding.robots, name="robots"),
    path("photos/<str:key>/", public.photo, name="photo"),
    path("me/messages-received/", received.received_list, name="received"),
    path("me/messages-received/<slug:ref>/", received.received_one, name="received_one"),
    path("privacy/", public.privacy, name="privacy"),
    path("accessibility/", public.accessibility, name="accessibility"),
]
