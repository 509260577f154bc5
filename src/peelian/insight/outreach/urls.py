from django.urls import path

from peelian.insight.outreach import views_overlay

urlpatterns = [
    path("overlay/", views_overlay.overlay, name="overlay"),
    path("overlay/save/", views_overlay.save, name="overlay_save"),
    path("overlay/<int:pk>/remove/", views_overlay.remove, name="overlay_remove"),
    path("overlay/watch/", views_overlay.watch, name="overlay_watch"),
]
