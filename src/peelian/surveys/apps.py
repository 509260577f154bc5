from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "peelian.surveys"
    label = "surveys"

    def ready(self) -> None:
        from peelian.core.context import LISTENING, NavigationItem, navigation_items
        from peelian.core.messages import renderers
        from peelian.core.page_parts import PagePart, page_parts
        from peelian.core.raising import issue_sources
        from peelian.surveys import measures, parts, personal_data, sources  # noqa: F401 (two declare themselves)
        from peelian.surveys.frames import personal_data as of_frames  # noqa: F401 (declares itself)
        from peelian.surveys.frames.renderer import FrameRenderer
        from peelian.surveys.pulse import part as pulse
        from peelian.surveys.pulse.renderer import PulseRenderer
        from peelian.surveys.renderer import InvitationRenderer

        item = NavigationItem("Surveys", "surveys_staff:list", "surveys.read", 56, "/staff/surveys/", LISTENING)
        navigation_items.add("surveys", item)
        renderers.add("surveys.invitation", InvitationRenderer())
        renderers.add("surveys.reminder", InvitationRenderer())
        renderers.add("surveys.pulse", PulseRenderer())
        renderers.add("surveys.frame_invitation", FrameRenderer())
        renderers.add("surveys.frame_reminder", FrameRenderer())
        issue_sources.add(sources.COMMENT.code, sources.COMMENT)
        page_parts.add("surveys.mine", PagePart("me.account", "surveys/public/mine_part.html", parts.my_surveys, 40))
        closed = PagePart("conversations.closed", "surveys/public/closed_part.html", parts.after_conversation)
        page_parts.add("surveys.closed", closed)
        reached = PagePart("conversations.reached", "surveys/public/reached_part.html", parts.after_report)
        page_parts.add("surveys.reached", reached)
        page_parts.add("surveys.worry", PagePart("alerts.results", "surveys/staff/pulse_part.html", pulse.after_alert))
