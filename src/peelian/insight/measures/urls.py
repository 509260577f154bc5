from django.urls import path

from peelian.insight.measures import views, views_writing

urlpatterns = [
    path("measures/", views.listed, name="measures"),
    path("measures/new/", views.new, name="measure_new"),
    path("measures/import/", views.import_file, name="measures_import"),
    path("measures/template.csv", views.template, name="measures_template"),
    path("measures/writing/", views_writing.listed, name="commentaries"),
    path("measures/writing/<int:pk>/", views_writing.one, name="commentary"),
    path("measures/asked/<int:pk>/", views_writing.asked, name="commentary_asked"),
    path("measures/writing/<int:pk>/sign/", views_writing.sign, name="commentary_sign"),
    path("measures/<slug:code>/", views.measure, name="measure"),
    path("measures/<slug:code>/definition/", views.define, name="measure_define"),
    path("measures/<slug:code>/ask/", views_writing.ask, name="measure_ask"),
]
