from peelian.alerts import actions
from peelian.alerts.management.commands._named import OnAlert


class Command(OnAlert):
    help = "Stop what of an alert is not handed over yet, for good."
    act = staticmethod(actions.recall)
