"""Compiled scripts and styles of pages (bundles): noted as they come and go, compiled once more to be compared."""
import logging
from contextlib import suppress
from functools import cache
from importlib import metadata

from odoo import release
from odoo.tools.constants import EXTERNAL_ASSET

from odoo.addons.base.models.assetsbundle import AssetsBundle
from odoo.addons.base.models.ir_asset import AssetPaths
from odoo.addons.ctsp_base.tools.digest import sm3

_logger = logging.getLogger(__name__)
ATTACHMENT = "ir.attachment"
ADDRESS = "/web/assets/"
GENERATION = "ctsp_crypto.bundle_generation"
"""system parameter: raised, every bundle has a new address, and no browser goes on with what it kept of the old one"""
_compiled: dict[tuple, str] = {}
"""SM3 of what was compiled, by name, kind and version: the version stands for the files and their times"""


class Bundle(AssetsBundle):
    """Odoo drops older versions of a bundle by SQL; and its version stands for files alone, not for who compiles."""

    def get_checksum(self, asset_type):
        generation = self.env["ir.config_parameter"].sudo().get_param(GENERATION, "")  # sudo: whoever opens a page
        return sm3("|".join((super().get_checksum(asset_type), *_compilers(), generation)).encode())

    def _unlink_attachments(self, attachments):
        self.env["ctsp.integrity"]._before_removal(ATTACHMENT, attachments._ids)
        return super()._unlink_attachments(attachments)


class Anew(Bundle):
    """Compiles what lies on disk, whatever is stored, and stores nothing."""

    def get_attachments(self, _extension, ignore_version=False):
        return ()

    def save_attachment(self, _extension, content):
        return (content,)


@cache
def _compilers():
    """Return what the content of a bundle depends on beside its files."""
    found = [release.version]
    for name in ("libsass", "rjsmin"):
        with suppress(metadata.PackageNotFoundError):  # then Odoo calls a command or has a module of its own
            found.append(f"{name} {metadata.version(name)}")
    return tuple(found)


def opened(env, address):
    """Return ``(bundle, kind, whether the address is its)`` of the files as they are now; None for other addresses.

    Past the caches of this process, which may be older than the files: a bundle of other files than these has another
    address, and nothing can be said of its content.
    """
    unique, _slash, filename = (address or "").removeprefix(ADDRESS).partition("/")
    try:
        name, rtl, kind, prefixed = env["ir.asset"]._parse_bundle_name(filename, False)
    except ValueError:  # uncompressed, or no bundle at all
        return None
    found = _paths(env["ir.asset"], name)
    if found is None or not address.startswith(ADDRESS):
        return None
    files = [{"url": path, "filename": full, "content": "", "last_modified": modified}
             for path, full, _bundle, modified in found if full is not EXTERNAL_ASSET]
    bundle = Anew(name, files, env=env, css=kind == "css", js=kind == "js", rtl=rtl, autoprefix=prefixed)
    return bundle, kind, unique == bundle.get_version(kind)


def _paths(assets, name):
    """Return what ``ir.asset._get_asset_paths`` would without its cache, None where it cannot be put together."""
    addons, found = assets._topological_sort(tuple(assets._get_active_addons_list())), AssetPaths()
    try:
        assets._fill_asset_paths(name, found, [], addons, assets._get_installed_addons_list())
    except Exception as error:  # noqa: BLE001  pylint: disable=broad-exception-caught; rows another hand put in
        _logger.warning("%s cannot be put together: %s", name, error)
        return None
    return found.list


def digest(bundle, kind):
    """Return the SM3 of what the files make; None where they do not compile."""
    key = bundle.name, kind, bundle.rtl, bundle.autoprefix, bundle.get_checksum(kind)
    if key not in _compiled:
        content = bundle.js() if kind == "js" else bundle.css()[0]
        if bundle.css_errors:
            return None
        _compiled[key] = sm3(content.encode())
    return _compiled[key]
