"""The government cloud's services over HTTP: 签名验签服务, 数据库加密服务, 安全认证网关. Contract: `openapi.json`.

Fail closed: what cannot be asked, or is answered in a way that does not hold, raises; nothing falls back to software.
"""
from .gateway import GatewayClient
from .provider import CloudProvider
from .settings import Service
