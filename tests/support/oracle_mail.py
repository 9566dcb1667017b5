"""A mail server without a line of ours in it (aiosmtpd's own Mailbox handler), and how tests read a reminder."""

import email.policy
import mailbox
import re

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
