"""Files of any size: digests, encryption and detached signatures as streams, in constant memory."""

from .stream import decrypt_file, encrypt_file
