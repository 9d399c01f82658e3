"""Signs requests by HTTP Message Signatures (RFC 9421), with the package `cryptography`: copy it.

The key is a private key of Ed25519 or P-256 in PEM, and the agent's name follows from it: a did:key.
"""
import base64
import hashlib
import secrets
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(data):
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = DIGITS[digit] + text
    return text


def base64_of(data):
    return base64.b64encode(data).decode()


class Signer:
    """Knows the agent's DID, and signs its requests; each try of a request is signed anew."""

    def __init__(self, file):
        with open(file, "rb") as pem:
            self.key = serialization.load_pem_private_key(pem.read(), None)
        public = self.key.public_key()
        if isinstance(public, ed25519.Ed25519PublicKey):
            point = b"\xed\x01" + public.public_bytes_raw()
        elif isinstance(getattr(public, "curve", None), ec.SECP256R1):
            form = serialization.PublicFormat.CompressedPoint
            point = b"\x80\x24" + public.public_bytes(serialization.Encoding.X962, form)
        else:
            raise ValueError("the key must be of Ed25519 or P-256")
        self.did = "did:key:z" + base58(point)

    def sign(self, data):
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(data)
        # What counts are the numbers r and s, of 32 bytes each, and not their DER.
        r, s = utils.decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def headers(self, method, url, body, more):
        """The fields that sign a request; `more` has the fields to sign besides."""
        fields = more | {"content-digest": f"sha-256=:{base64_of(hashlib.sha256(body).digest())}:"}
        covered = {"@method": method, "@target-uri": url} | fields
        created = int(time.time())
        names = " ".join(f'"{name}"' for name in covered)
        params = (
            f'({names});created={created};expires={created + 60};nonce="{secrets.token_urlsafe(16)}"'
            f';keyid="{self.did}";tag="aura"'
        )
        lines = [f'"{name}": {value}' for name, value in covered.items()]
        base = "\n".join([*lines, f'"@signature-params": {params}'])
        signature = base64_of(self.sign(base.encode()))
        return fields | {"signature-input": f"sig1={params}", "signature": f"sig1=:{signature}:"}
