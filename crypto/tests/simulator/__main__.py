"""Run the simulator alone, with one SM2 key “sign” and one symmetric key “data”, version 1 each."""
import argparse
import secrets
import sys
import threading

from .server import SECRET, Simulator
from .services import secret_key

parser = argparse.ArgumentParser(prog="simulator")
parser.add_argument("--port", type=int, default=8190)
parser.add_argument("--secret", default=SECRET.decode())
options = parser.parse_args()
simulator = Simulator(options.secret.encode(), options.port)
simulator.services.pairs["sign", 1] = simulator.services.provider.generate_key_pair()
simulator.services.symmetric["data", 1] = secret_key(secrets.token_bytes(16))
sys.stdout.write(f"{simulator.url}\n")
sys.stdout.flush()
threading.Event().wait()
