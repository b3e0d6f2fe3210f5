from odoo.addons.web.controllers.webmanifest import WebManifest


class PlatformManifest(WebManifest):
    """The installed web application carries the platform's icon and colours."""

    def _get_webmanifest(self):
        manifest = super()._get_webmanifest()
        manifest.update({"background_color": "#0b4f9e", "theme_color": "#0b4f9e"})
        manifest["icons"] = [
            {"src": f"/ctsp_base/static/img/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ]
        return manifest
