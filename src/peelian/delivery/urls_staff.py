from django.urls import path

from peelian.delivery.views import costs, limits, operations, stopped

app_name = "delivery_staff"
urlpatterns = [
    path("", operations.page, name="operations"),
    path("now/", operations.moving, name="moving"),
    path("failed/", operations.failed, name="failed"),
    path("limits/add/", limits.add, name="limit_add"),
    path("limits/<int:pk>/", limits.change, name="limit_change"),
    path("limits/<int:pk>/remove/", limits.remove, name="limit_remove"),
    path("costs/", costs.costs, name="costs"),
    path("costs/price/", costs.add_price, name="price"),
    path("costs/budget/", costs.set_budget, name="budget"),
    path("suppressed/", stopped.stopped_list, name="stopped"),
    path("suppressed/stop/", stopped.stop, name="stop"),
    path("suppressed/<int:pk>/", stopped.free, name="free"),
]
