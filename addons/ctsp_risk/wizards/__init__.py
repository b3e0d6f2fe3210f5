from . import risk_alert_assign
