from django.urls import path

from peelian.insight.outreach import views, views_overlay

urlpatterns = [
    path("outreach/", views.planner, name="outreach"),
    path("outreach/new/", views.new, name="outreach_new"),
    path("outreach/shapes/", views.drawn, name="outreach_shapes"),
    path("outreach/shapes/<int:pk>/remove/", views.drawn_remove, name="outreach_shape_remove"),
    path("outreach/plans/", views.plans, name="outreach_plans"),
    path("outreach/plans/<int:pk>/", views.plan, name="outreach_plan"),
    path("outreach/plans/<int:pk>/plan.pdf", views.plan_pdf, name="outreach_plan_pdf"),
    path("outreach/plans/<int:pk>/record/", views.outcome, name="outreach_record"),
    path("overlay/", views_overlay.overlay, name="overlay"),
    path("overlay/save/", views_overlay.save, name="overlay_save"),
    path("overlay/<int:pk>/remove/", views_overlay.remove, name="overlay_remove"),
    path("overlay/watch/", views_overlay.watch, name="overlay_watch"),
]
