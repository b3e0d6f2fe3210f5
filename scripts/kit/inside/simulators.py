"""In an Odoo shell: connect the platform to the simulated systems of this machine, with keys drawn now.

Prints nothing; writes the keys to the file given, which only its owner can read.
"""
import json
import os

os.environ["CTSP_EXCHANGE_LOOPBACK"] = "1"
parameters = json.loads(os.environ["CTSP_PARAMETERS"])
env = globals()["env"]
backend = env.ref(parameters["backend"])
credentials = env["ctsp.exchange.credential"]
credentials.search([("backend_id", "=", backend.id), ("state", "=", "active")])._end()
backend.url = parameters["url"]
keys = {}
for use in ("in", "out"):
    credential, secret = credentials._issue({"backend_id": backend.id, "use": use, "note": "模拟系统"})
    keys[use] = {"key": credential.key, "secret": secret}
backend.action_resume()
env.cr.commit()
with open(os.open(parameters["file"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
    json.dump(keys, stream)
