from django.urls import path

from peelian.places import views, views_population

app_name = "places_staff"

urlpatterns = [
    path("", views.area_list, name="list"),
    path("areas.geojson", views.areas_geojson, name="areas_geojson"),
    path("population/", views_population.tables, name="tables"),
    path("<str:code>/", views.area_detail, name="detail"),
    path("<str:code>/population/", views_population.area_population, name="population"),
]
