"""Certificates for servers of tests, by authorities that nobody else knows."""
import shutil
import ssl
import subprocess
import tempfile
from pathlib import Path

MAIL_HOST = "mail.localhost"  # resolves to this machine, and is not one of the names that need no encryption


class Certificate:
    """Of a name and 127.0.0.1; by an authority of its own, or by another one's. days: negative, and it has expired."""

    def __init__(self, name="localhost", days=2, by=None):
        self.folder = Path(tempfile.mkdtemp(prefix="gt-tls-"))
        self.ca = by.ca if by else self.folder / "ca.pem"
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        if not by:
            self._openssl("req", "-x509", *curve, "-days", "2", "-subj", "/CN=Test authority",
                          "-keyout", "ca.key", "-out", "ca.pem")
        self._openssl("req", *curve, "-subj", f"/CN={name}", "-keyout", "key.pem", "-out", "request.pem")
        (self.folder / "names").write_text(f"subjectAltName=DNS:{name},IP:127.0.0.1\n")
        self._openssl("x509", "-req", "-in", "request.pem", "-CA", self.ca, "-CAkey", self.ca.with_name("ca.key"),
                      "-CAserial", "serial", "-CAcreateserial", "-days", str(days), "-extfile", "names",
                      "-out", "certificate.pem")

    def _openssl(self, *args):
        subprocess.run(["openssl", *args], cwd=self.folder, check=True, capture_output=True)

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "certificate.pem", self.folder / "key.pem")
        return context

    def remove(self):
        shutil.rmtree(self.folder)
