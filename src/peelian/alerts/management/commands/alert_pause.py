from peelian.alerts import actions
from peelian.alerts.management.commands._named import OnAlert


class Command(OnAlert):
    help = "Hold what of an alert is not handed over yet."
    act = staticmethod(actions.pause)
