"""Registration of checks: how a method of a model becomes a check that can be set on screen.

A domain addon writes::

    from odoo.addons.ctsp_risk.tools.registry import check

    class Filing(models.Model):
        _name = "ctsp.filing"
        _inherit = ["ctsp.check.mixin"]

        @check("filing.pi_trials", minimum=3)
        def _check_pi_trials(self, minimum):
            for filing in self:                     # the whole record set: keep the number of queries constant
                if filing.trial_count < minimum:
                    yield Finding(filing, "specialty_ids", self.env._("…"))

and ships a ``ctsp.check`` row with the same code as data (name, basis, level). The keyword arguments of the decorator
are the parameters and their defaults; a row may set others of the same type. Nothing here imports Odoo.
"""
import inspect
from collections import namedtuple

Finding = namedtuple("Finding", ["record", "field", "message"], defaults=[None, None])
Finding.__doc__ = """A record that fails a check.

``field`` names the field to mend (None for the record as a whole); ``message`` is a translated sentence, None for the
name of the check.
"""

_MARK = "_ctsp_check"


def check(code, **defaults):
    """Register the decorated method as the check ``code``.

    :param code: dotted name, the code of the ``ctsp.check`` row
    :param defaults: JSON-able parameters and their default values
    """

    def decorate(method):
        setattr(method, _MARK, (code, defaults))
        return method

    return decorate


def registered(model_class):
    """Return ``{code: (method name, defaults)}`` of the checks that ``model_class`` and its bases register.

    A method that overrides a check without the decorator stays that check.
    """
    found = {}
    for klass in reversed(model_class.__mro__):
        for name, member in vars(klass).items():
            if inspect.isfunction(member) and hasattr(member, _MARK):
                code, defaults = getattr(member, _MARK)
                found[code] = (name, defaults)
    return found


def merge_parameters(defaults, given):
    """Return ``defaults`` overlaid with ``given``.

    :raise KeyError: an unknown parameter (its name)
    :raise TypeError: a value of another type than the default (name of the parameter)
    """
    merged = dict(defaults)
    for name, value in (given or {}).items():
        if name not in defaults:
            raise KeyError(name)
        if not _same_type(value, defaults[name]):
            raise TypeError(name)
        merged[name] = value
    return merged


def _same_type(value, default):
    if default is None:
        return True
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, float):
        return isinstance(value, int | float)
    return isinstance(value, type(default))
