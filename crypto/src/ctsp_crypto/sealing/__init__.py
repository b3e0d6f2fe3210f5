"""Sealing of log and access-control files: hash chains with signed checkpoints. How it is used: docs/sealing.md."""

from .checkpoints import Sealer
from .engine import Engine
from .report import KINDS, Finding, Report
from .settings import Settings, SettingsError, load
