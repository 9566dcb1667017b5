"""A mail server without a line of ours in it (aiosmtpd's own Mailbox handler), and how tests read a reminder."""

import email.policy
import mailbox
import re
import socket
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from support import programs

DATE = re.compile(r"\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November"
                  r"|December) \d{4}")
HEADING = re.compile(r"^Action (\S+)$\n^(.*)$", re.MULTILINE)


class PlainServer:
    """Accepts everything into a maildir; X-RcptTo and X-MailFrom say how it came."""

    def __init__(self, folder):
        self.folder = folder
        self.port = programs.free_port()
        self.controller = Controller(Mailbox(str(folder)), hostname="127.0.0.1", port=self.port)
        self.controller.start()
        self.url = f"smtp://127.0.0.1:{self.port}"

    def messages(self):
        box = mailbox.Maildir(str(self.folder), factory=None)
        return [email.message_from_bytes(box.get_bytes(key), policy=email.policy.default) for key in sorted(box.keys())]

    def stop(self):
        self.controller.stop()


def text_of(message):
    return message.get_body(("plain",)).get_content()


def html_of(message):
    return message.get_body(("html",)).get_content()


def reminders_in(text):
    """[(action reference, the date it names)], in the order of reading."""
    return [(reference, DATE.search(due).group()) for reference, due in HEADING.findall(text.replace("\r\n", "\n"))]


def said(day):
    """A date as the reader sees it: 31 March 2022."""
    return f"{day.day} {day:%B %Y}"


class ScriptedServer:
    """A mail server that does exactly what a function says: script(line reader, answer, number of the connection)."""

    def __init__(self, script):
        self.script = script
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.failures = []
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self):
        number = 0
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            number += 1
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection, number):
        connection.settimeout(30)
        reader = connection.makefile("rb")

        def answer(text):
            connection.sendall(text.encode() + b"\r\n")
        try:
            self.script(reader, answer, number)
        except (OSError, EOFError):
            pass  # the client went away
        except Exception as failure:  # told to the test by stop()
            self.failures.append(failure)
        finally:
            connection.close()

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)
        assert self.failures == []


def line(reader):
    """The next line; EOFError when the client closed."""
    got = reader.readline()
    if not got:
        raise EOFError
    return got.rstrip(b"\r\n")


def body(reader):
    """The bytes after DATA, up to the final dot, which is not part of them."""
    lines = []
    while (got := line(reader)) != b".":
        lines.append(got[1:] if got.startswith(b".") else got)
    return b"\r\n".join(lines) + b"\r\n"


def compare_copies(mails, uncertain):
    """Holds for everything ever sent: a second copy only beside a recorded uncertain attempt, and the same bytes.

    mails: [(address, bytes)], every body that a server has taken. uncertain: {address: recorded attempts}.
    Gives {address: copies}.
    """
    copies = {}
    for address, raw in mails:
        copies.setdefault(address, []).append(raw)
    for address, raws in copies.items():
        assert len(raws) <= 1 + uncertain.get(address, 0), f"{address}: {len(raws)} copies, {uncertain.get(address)}"
        assert len(set(raws)) == 1, f"{address}: copies that differ"
    return {address: len(raws) for address, raws in copies.items()}
