"""Loaded by schemathesis: every request is signed as it goes out, since the signature covers address and body."""
import os
import sys
from pathlib import Path

import requests
import schemathesis

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))
import open_api_client


class Signed(requests.auth.AuthBase):
    """Puts the four headers on a request that is ready to go, and a dot for it into the file CTSP_MADE."""

    def __call__(self, prepared):
        with open(os.environ["CTSP_MADE"], "ab") as made:
            made.write(b".")
        body = prepared.body or b""
        body = body.encode() if isinstance(body, str) else bytes(body)
        prepared.headers.update(open_api_client.signed(
            prepared.method, prepared.path_url, body, os.environ["CTSP_KEY"], os.environ["CTSP_SECRET"]))
        return prepared


schemathesis.auth.set_from_requests(Signed())
