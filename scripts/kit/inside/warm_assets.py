"""In an Odoo shell: build the asset bundles now rather than at the first visitor's expense."""
env = globals()["env"]
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
