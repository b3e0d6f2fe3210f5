"""A signed-in person over HTTP, with `requests`."""
import requests
from webclient import WebClient


def person(base, session_id, views=None):
    http = requests.Session()
    http.cookies.set("session_id", session_id)

    def post(path, body, _name):
        answer = http.post(base + path, json=body, timeout=120)
        answer.raise_for_status()
        return answer.json()

    return WebClient(post, views)
