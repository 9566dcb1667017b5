"""Real mail servers for tests: one that can misbehave on purpose, one that is not ours at all."""
import asyncio
import email
import email.policy
import os
import shutil
import signal
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult

from support import programs, tools
from support.certificate import MAIL_HOST

PHASES = ("connect", "ehlo", "mail", "rcpt", "data", "body")


@dataclass
class Mail:
    """One message as a server received it: the envelope and the very bytes."""
    sender: str
    recipients: list
    bytes: bytes
    accepted: bool
    options: list = field(default_factory=list)
    tls: bool = False
    login: str = None

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.bytes, policy=email.policy.default)

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content()

    @property
    def html(self):
        return self.message.get_body(("html",)).get_content()


def mail_folder(folder):
    """The messages of GT_MAIL_URL=file:///…, in the order of their file names."""
    return [Mail(None, [], path.read_bytes(), True) for path in sorted(Path(folder).glob("*.eml"))]


class _Rule:
    def __init__(self, phase, match, times, act):
        self.phase, self.match, self.left, self.act = phase, match, times, act

    def applies(self, phase, subject):
        if phase != self.phase or self.left == 0 or (self.match and self.match not in (subject or "")):
            return False
        if self.left is not None:
            self.left -= 1
        return True


class Hold:
    """Keeps a client waiting at a phase until release()."""

    def __init__(self, loop):
        self.loop = loop
        self.arrived = threading.Event()
        self.gate = asyncio.Event()

    def wait_reached(self, timeout=30):
        assert self.arrived.wait(timeout), f"nobody came to the held phase within {timeout} s"

    def release(self):
        self.loop.call_soon_threadsafe(self.gate.set)


class _Server(SMTP):
    """aiosmtpd's server, asking the sink at every phase what to do. True: go on."""

    def __init__(self, sink, **how):
        super().__init__(self, hostname="sink.example.org", enable_SMTPUTF8=False, **how)
        self.sink = sink

    async def _passes(self, phase, subject=None):
        for rule in [rule for rule in self.sink.rules if rule.applies(phase, subject)]:
            verdict = await rule.act(self)
            if verdict is not None:
                return verdict
        return None

    async def _handle_client(self):
        self.sink.connections += 1
        verdict = await self._passes("connect")
        if verdict is None:
            await super()._handle_client()
        elif verdict:
            await self.push(verdict)
            self.transport.close()

    @property
    def encrypted(self):
        return self._tls_protocol is not None or self.sink.tls == "smtps"

    async def _command(self, phase, arg, method):
        self.sink.commands.append((phase, self.encrypted))
        verdict = await self._passes(phase, arg)
        if verdict is None:
            await method(arg)
        elif verdict:
            await self.push(verdict)

    async def smtp_EHLO(self, arg):
        await self._command("ehlo", arg, super().smtp_EHLO)

    async def smtp_HELO(self, arg):
        await self._command("ehlo", arg, super().smtp_HELO)

    async def smtp_MAIL(self, arg):
        await self._command("mail", arg, super().smtp_MAIL)

    async def smtp_RCPT(self, arg):
        await self._command("rcpt", arg, super().smtp_RCPT)

    async def smtp_DATA(self, arg):
        await self._command("data", arg, super().smtp_DATA)

    async def handle_DATA(self, server, session, envelope):
        """The body has been received; what is answered now decides."""
        mail = Mail(envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.original_content), False,
                    list(envelope.mail_options), self.encrypted,
                    getattr(session.auth_data, "login", b"").decode() or None)
        self.sink.mails.append(mail)
        verdict = await self._passes("body", ",".join(envelope.rcpt_tos))
        if verdict is None:
            mail.accepted = True
            return "250 2.0.0 Ok"
        return verdict or "451 4.3.0 dropped"


class MailSink:
    """A real SMTP server on a free port. Rules say what to do at a phase of the conversation
    (connect, ehlo, mail, rcpt, data, body); "body" is after the whole body, before the answer."""

    def __init__(self, tls=None, certificate=None, login=None):
        """tls: None, or "starttls" or "smtps" with that certificate. login: (user, password) that must be given."""
        assert tls in (None, "starttls", "smtps") and bool(tls) == bool(certificate)
        self.tls, self.login = tls, login
        self.mails = []
        self.commands = []  # (phase, encrypted)
        self.rules = []
        self.connections = 0
        self.loop = asyncio.new_event_loop()
        context = certificate.context() if tls else None
        how = {"timeout": 300, "tls_context": context if tls == "starttls" else None,
               "require_starttls": tls == "starttls", "loop": self.loop}
        if login:
            how |= {"authenticator": self._authenticate, "auth_required": True, "auth_require_tls": tls == "starttls"}
        self.server = self.loop.run_until_complete(self.loop.create_server(
            lambda: _Server(self, **how), "127.0.0.1", 0, ssl=context if tls == "smtps" else None))
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    @property
    def url(self):
        """Where a program finds it that needs encryption if there is any. The password goes another way."""
        user = f"{self.login[0]}@" if self.login else ""
        scheme = "smtps" if self.tls == "smtps" else "smtp"
        return f"{scheme}://{user}{MAIL_HOST if self.tls else '127.0.0.1'}:{self.port}"

    def _authenticate(self, server, session, envelope, mechanism, data):
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self.login, handled=False, auth_data=data)

    # ---- rules: match is a part of the command's argument (rcpt: an address); times=None: always ----

    def _add(self, phase, match, times, act):
        assert phase in PHASES
        self.rules.append(_Rule(phase, match, times, act))

    def refuse(self, phase, answer, match=None, times=None):
        """Answers this ("550 5.1.1 no such user") instead of going on."""
        async def act(_server):
            return answer
        self._add(phase, match, times, act)

    def drop(self, phase, match=None, times=None):
        """Resets the connection without an answer."""
        async def act(server):
            server.transport.abort()
            return ""
        self._add(phase, match, times, act)

    def delay(self, phase, seconds, match=None, times=None):
        """Goes on, but late."""
        async def act(_server):
            await asyncio.sleep(seconds)
        self._add(phase, match, times, act)

    def hold(self, phase, match=None, times=1):
        """Keeps the client waiting there until the returned Hold is released."""
        hold = Hold(self.loop)

        async def act(_server):
            hold.arrived.set()
            await hold.gate.wait()
        self._add(phase, match, times, act)
        return hold

    def behave(self):
        """Forgets every rule."""
        self.rules.clear()

    # ---- what came ----

    @property
    def accepted(self):
        return [mail for mail in self.mails if mail.accepted]

    def to(self, address):
        """The accepted messages for an address, oldest first."""
        return [mail for mail in self.accepted if address in mail.recipients]

    def wait_for(self, count, timeout=30):
        """Waits until that many messages were accepted; gives them."""
        programs.wait_until(lambda: len(self.accepted) >= count, f"{count} messages were accepted", timeout)
        return self.accepted

    def stop(self):
        async def close():
            self.server.close()
            for task in asyncio.all_tasks(self.loop) - {asyncio.current_task()}:
                task.cancel()
            await asyncio.sleep(0)
            self.loop.stop()
        asyncio.run_coroutine_threadsafe(close(), self.loop)
        self.thread.join(10)
        assert not self.thread.is_alive(), "the mail sink did not stop"
        self.loop.close()


def postfix_program(name):
    """One of Postfix's own test programs and the environment to run it in."""
    found = tools.find("postfix", name)
    libraries = tools.unpacked("postfix") / "usr/lib/postfix"
    return found, {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"} | ({"LD_LIBRARY_PATH": str(libraries)} if libraries.exists() else {})


def is_listening(port):
    wanted = f"0100007F:{port:04X}"
    return any(line.split()[1] == wanted and line.split()[3] == "0A"
               for line in Path("/proc/net/tcp").read_text().splitlines()[1:])


class SmtpSink:
    """Postfix's smtp-sink, a mail server in C that is not ours. options: its own flags
    (-f rcpt = hard refusal, -r data = soft refusal, -q … = drop, -w seconds = slow)."""

    def __init__(self, folder, *options, keep=True):
        """keep: each message becomes a file."""
        command, environment = postfix_program("smtp-sink")
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log = self.folder / "smtp-sink.log"
        self.port = programs.free_port()
        as_root = os.geteuid() == 0
        if as_root:
            shutil.chown(self.folder, "nobody")
        user = ["-u", "nobody"] if as_root else []
        dump = ["-d", "%M."] if keep else []
        with open(self.log, "wb") as out:
            self.popen = subprocess.Popen([command, *user, *dump, *options, f"127.0.0.1:{self.port}", "128"],
                                          cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                                          stdout=out, stderr=out)
        programs.wait_until(self._listening, "smtp-sink listens", 10)

    def _listening(self):
        assert self.popen.poll() is None, self.log.read_text(errors="replace")
        return is_listening(self.port)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def dumps(self):
        """Each finished message with smtp-sink's own X- headers in front (X-Rcpt-Args …)."""
        return [path.read_bytes() for path in sorted(self.folder.glob("*.*")) if path != self.log]

    @contextmanager
    def silent(self):
        """Connections are taken, and nobody is answered meanwhile."""
        self.popen.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.popen.send_signal(signal.SIGCONT)

    def stop(self):
        assert self.popen.poll() is None, f"smtp-sink ended early\n{self.log.read_text(errors='replace')}"
        self.popen.terminate()
        self.popen.wait(10)
