from peelian.alerts import actions
from peelian.alerts.management.commands._named import OnAlert


class Command(OnAlert):
    help = "Go on sending a paused alert."
    act = staticmethod(actions.resume)
