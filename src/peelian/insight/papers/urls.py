from django.urls import path

from peelian.insight.papers import views

urlpatterns = [
    path("papers/", views.listed, name="papers"),
    path("papers/new/", views.new, name="paper_new"),
    path("papers/<int:pk>/", views.paper, name="paper"),
    path("papers/<int:pk>/progress/", views.progress, name="paper_progress"),
    path("papers/<int:pk>/sign/", views.sign, name="paper_sign"),
    path("papers/<int:pk>/findings/<int:finding>/accept/", views.accept, name="paper_accept"),
    path("papers/<int:pk>/<str:name>", views.file, name="paper_file"),
]
