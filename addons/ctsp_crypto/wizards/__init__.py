from . import crypto_certificate_take, crypto_pdf, crypto_status, crypto_status_use
