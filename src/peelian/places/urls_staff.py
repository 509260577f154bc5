from django.urls import path

from peelian.places import views

app_name = "places_staff"

urlpatterns = [
    path("", views.area_list, name="list"),
    path("areas.geojson", views.areas_geojson, name="areas_geojson"),
    path("<str:code>/", views.area_detail, name="detail"),
]
