"""What comes in by session, XML-RPC, JSON-RPC or JSON-2 is looked at before it meets the models.

Odoo's own answer to a value it cannot convert is a technical English sentence with a traceback; ours names the field
and the reason. What nobody foresaw is told in one sentence, without a traceback; the log has it all.
"""
from collections.abc import Mapping

import psycopg2
from werkzeug.exceptions import HTTPException

from odoo.exceptions import AccessDenied, UserError, ValidationError
from odoo.http import SessionExpiredException
from odoo.models import BaseModel
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

CHECKED = {"create": 0, "write": 1, "web_save": 1, "web_save_multi": 1, "onchange": 1, "copy": 1}
"""methods that take values → place of the values among the arguments, the records counted"""
NAMES = ("vals_list", "vals", "values", "default")
OURS = "ctsp."
ORM = frozenset(dir(BaseModel))
UNUSABLE = _lt("The request cannot be carried out: what was sent does not have the expected form.")


def concerns(model, method):
    """Say whether a call is looked at: values for a model of ours, or a method that is not the ORM's."""
    return (
        isinstance(model, str) and model.startswith(OURS) and isinstance(method, str)
        and (method in CHECKED or method not in ORM))


def check_call(env, model, method, args, kwargs):
    """Refuse a call whose ids or values cannot be what they should be, or on records the caller may not read.

    The ORM's own methods check rights themselves; of others (buttons, services) each should, and none is reached here
    by who may not even read the record.

    :param args: positional arguments, the ids first where the method wants them
    :raise ValidationError: names field and reason in the caller's language
    :raise AccessError: a method of ours is called on what the caller may not read
    """
    if not concerns(model, method) or model not in env:
        return
    target = env[model]
    if not isinstance(args, list | tuple) or not isinstance(kwargs, Mapping):
        raise _unusable(env)
    if method not in CHECKED:
        _check_readable(target, method, args)
        return
    values = _argument(args, kwargs, CHECKED[method])
    if method == "create" and not target.has_access("create"):
        return  # the ORM says so
    if method != "create" and args:
        _check_ids(env, args[0])
    for vals in values if isinstance(values, list) and method in ("create", "web_save_multi") else [values]:
        if vals:
            target._check_input(vals)


def _check_readable(target, method, args):
    function = getattr(type(target), method, None)
    if not args or function is None or getattr(function, "_api_model", False):
        return
    _check_ids(target.env, args[0])
    ids = args[0] if isinstance(args[0], list | tuple) else [args[0]]
    target.browse([one for one in ids if one]).check_access("read")


def _argument(args, kwargs, place):
    if len(args) > place:
        return args[place]
    return next((kwargs[name] for name in NAMES if name in kwargs), None)


def _check_ids(env, ids):
    ids = ids if isinstance(ids, list | tuple) else [ids]
    if any(isinstance(one, bool) or not isinstance(one, int) or abs(one) >= 2**31 for one in ids if one):
        raise _unusable(env)


def _unusable(env):
    return ValidationError(env._(UNUSABLE))


def database_message(env, error, lang):
    """Return what the database refused in the client's language; None when it was something else that failed.

    Odoo tells it in the language of a request without context, which is English for machines.
    """
    cause = error.__cause__
    if not isinstance(error, ValidationError) or not isinstance(cause, psycopg2.IntegrityError):
        return None
    names = (name for name, model in env.registry.items() if model._table == cause.diag.table_name and model._auto)
    model = env(context={"lang": lang or env.user.lang})[next(names, "base")]
    return model._sql_error_to_message(cause)


def is_foreseen(error):
    """Say whether the error was made for people, or for the web client, to read."""
    return isinstance(error, UserError | AccessDenied | SessionExpiredException | HTTPException)


def told(error, lang):
    """Return what to tell the client instead of an error nobody foresaw; needs no database.

    :param lang: code of the client's language, empty when it named none
    """
    answer = ValidationError(UNUSABLE._translate(lang or "zh_CN"))
    answer.__cause__ = error
    return answer
