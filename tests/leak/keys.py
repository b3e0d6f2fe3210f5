# runs in an Odoo shell: prints every key in clear, hexadecimal, for the test that searches for them
import json

from odoo.addons.ctsp_crypto.tools import machine, rings

with rings.opened(env.cr) as ring:  # noqa: F821
    secrets = [ring.secret(record).reveal().hex() for record in ring.listing() if record.state != "destroyed"]
secrets += [key.secret.reveal().hex() for key in getattr(machine.root(), "_keys", {}).values()]
print("RESULT " + json.dumps(secrets))
