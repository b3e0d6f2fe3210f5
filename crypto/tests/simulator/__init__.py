"""A server that plays the cloud's three services over real HTTP, and can be told to fail, to be slow and to lie."""
from .server import Simulator
