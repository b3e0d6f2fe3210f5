# runs in an Odoo shell: prints every protected value and where it belongs
import json

found = {}


def add(value, where):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for one in value:
            add(one, where)
    elif isinstance(value, bytes):
        add(value.decode("ascii", "ignore")[:60], where)
    elif isinstance(value, str) and value:
        found.setdefault(value, where)
    elif value and not isinstance(value, (bool, int, float)):
        found.setdefault(str(value), where)


for model in env["ctsp.encrypted.mixin"]._crypto_models():  # noqa: F821
    if not model._name.startswith(("ctsp.import.", "ctsp.export.")):  # repeat open data beside
        for record in model.with_context(active_test=False).search([]):
            for name in model._encrypted_names:
                if name != "base_values":  # names of files, dates and numbers that are open beside
                    add(record[name], f"{model._name}.{name}")
print("RESULT " + json.dumps(found, ensure_ascii=False))
