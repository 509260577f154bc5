from django.urls import path

from peelian.priorities.views import issues, lists, profiles, promises

app_name = "priorities_staff"

urlpatterns = [
    path("", lists.lists, name="lists"),
    path("lists/<int:pk>/", lists.one_list, name="list"),
    path("lists/<int:pk>/agree/", lists.agree, name="agree"),
    path("new/", lists.priority_new, name="priority_new"),
    path("priority/<slug:ref>/", lists.priority, name="priority"),
    path("priority/<slug:ref>/edit/", lists.priority_edit, name="priority_edit"),
    path("priority/<slug:ref>/move/", lists.priority_move, name="priority_move"),
    path("profiles/", profiles.profiles, name="profiles"),
    path("priority/<slug:ref>/profile/", profiles.profile, name="profile"),
    path("priority/<slug:ref>/profile/edit/", profiles.profile_edit, name="profile_edit"),
    path("priority/<slug:ref>/profile/close/", profiles.profile_close, name="profile_close"),
    path("priority/<slug:ref>/profile/pdf/", profiles.profile_pdf, name="profile_pdf"),
    path("priority/<slug:ref>/profile/review/", profiles.review, name="review"),
    path("priority/<slug:ref>/profile/tasks/", profiles.task_add, name="task_add"),
    path("priority/<slug:ref>/profile/tasks/<int:pk>/", profiles.task_done, name="task_done"),
    path("priority/<slug:ref>/profile/measures/", profiles.measure_add, name="measure_add"),
    path("priority/<slug:ref>/profile/measures/<int:pk>/", profiles.measure_latest, name="measure_latest"),
    path("promises/", promises.promise_list, name="promises"),
    path("promises/new/", promises.promise_new, name="promise_new"),
    path("promises/<slug:ref>/", promises.promise, name="promise"),
    path("promises/<slug:ref>/edit/", promises.promise_edit, name="promise_edit"),
    path("promises/<slug:ref>/change/", promises.promise_change, name="promise_change"),
    path("promises/<slug:ref>/publish/", promises.promise_publish, name="promise_publish"),
    path("promises/<slug:ref>/discard/", promises.promise_discard, name="promise_discard"),
    path("promises/<slug:ref>/alert/", promises.promise_alert, name="promise_alert"),
    path("promises/<slug:ref>/picture/", promises.promise_picture, name="promise_picture"),
    path("promises/<slug:ref>/paper/<int:change>/", promises.promise_paper, name="promise_paper"),
    path("promises/<slug:ref>/paper/<int:change>/hide/", promises.promise_paper_hide, name="promise_paper_hide"),
    path("issues/", issues.issue_list, name="issues"),
    path("issues/new/", issues.issue_new, name="issue_new"),
    path("issues/<slug:ref>/", issues.issue, name="issue"),
    path("issues/<slug:ref>/edit/", issues.issue_edit, name="issue_edit"),
    path("issues/<slug:ref>/merge/", issues.issue_merge, name="issue_merge"),
    path("issues/<slug:ref>/undo/", issues.merge_undo, name="merge_undo"),
    path("issues/<slug:ref>/close/", issues.issue_close, name="issue_close"),
    path("issues/<slug:ref>/reopen/", issues.issue_reopen, name="issue_reopen"),
]
