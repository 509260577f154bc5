from django.urls import path

from peelian.website.views import figures, staff

app_name = "website_staff"

urlpatterns = [
    path("", staff.index, name="index"),
    path("pages/", staff.pages, name="pages"),
    path("pages/new/<slug:kind>/", staff.new, name="new"),
    path("pages/<int:pk>/", staff.edit, name="page"),
    path("pages/<int:pk>/preview/", staff.preview, name="preview"),
    path("pages/<int:pk>/publish/", staff.publish, name="publish"),
    path("pages/<int:pk>/take-down/", staff.take_down, name="take_down"),
    path("pages/<int:pk>/read-over/", staff.review, name="review"),
    path("pages/<int:pk>/picture/", staff.picture, name="picture"),
    path("pages/<int:pk>/pictures/<str:key>/", staff.picture_file, name="picture_file"),
    path("pages/<int:pk>/history/", staff.history, name="history"),
    path("pages/<int:pk>/history/<int:number>/", staff.version, name="version"),
    path("pages/<int:pk>/history/<int:number>/again/", staff.restore, name="restore"),
    path("figures/", figures.visits, name="figures"),
]
