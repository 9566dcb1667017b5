"""The network's own faults, between two programs that are well: a proxy on a free port that cuts a connection with a
reset, or falls silent on it for ever, at a chosen moment."""
import contextlib
import socket
import struct
import threading

CUT, STALL = "cut", "stall"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Step:
    """A moment of a connection's life. seen(link, from_client, data): whether it has come, asked for everything that is
    about to be passed on, and for b"" when a client has connected. passes: how much still is: nothing, half, or
    all: then the fault waits for the other side's answer, and that is what is lost."""

    def __init__(self, seen, act, passes="nothing"):
        assert act in (CUT, STALL) and passes in ("nothing", "half", "all")
        self.seen, self.act, self.passes = seen, act, passes


class Link:
    """One connection through the proxy."""

    def __init__(self, proxy, client, server):
        self.proxy, self.client, self.server = proxy, client, server
        self.sent = self.answered = b""  # the last 64 KiB passed on from each side
        self.step = None  # to be met by this connection alone
        self.answer_is_lost = None  # the act that meets the next answer
        self.silent = False

    def carry(self, source, target, from_client):
        try:
            while data := source.recv(65536):
                self._pass(target, from_client, data)
        except OSError:
            pass  # this side is gone
        if not self.silent:
            self.close()

    def _pass(self, target, from_client, data):
        if self.silent:
            return
        if self.answer_is_lost and not from_client:
            self.meet(self.answer_is_lost)
            return
        step = self.proxy.take(self, from_client, data)
        if step and step.passes == "all":
            self.answer_is_lost = step.act
        elif step:
            if step.passes == "half":
                target.sendall(data[:len(data) // 2])
            self.meet(step.act)
            return
        if from_client:
            self.sent = (self.sent + data)[-65536:]
        else:
            self.answered = (self.answered + data)[-65536:]
        target.sendall(data)

    def meet(self, act):
        self.silent = True
        if act == CUT:
            for one in (self.client, self.server):
                with contextlib.suppress(OSError):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.close(socket.SHUT_RD)  # no more than wakes who reads: a goodbye would come before the reset

    def close(self, how=socket.SHUT_RDWR):
        for one in (self.client, self.server):
            with contextlib.suppress(OSError):
                one.shutdown(how)
            one.close()


class Proxy:
    """In front of a port of this machine, or of a Unix socket."""

    def __init__(self, target):
        self.target = target
        self.step = None
        self.for_each = []
        self.met = threading.Event()
        self.lock = threading.Lock()
        self.links = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def fail(self, step):
        """From here on, until that step has come once, in whichever connection."""
        self.met.clear()
        self.step = step

    def fail_each(self, steps):
        """Of the connections that are made from here on each has its own step to meet, until they are used up."""
        self.for_each = list(steps)

    def take(self, link, from_client, data):
        """The step, if this is its moment: each is met once."""
        with self.lock:
            if link.step and link.step.seen(link, from_client, data):
                step, link.step = link.step, None
                return step
            if not self.step or not self.step.seen(link, from_client, data):
                return None
            step, self.step = self.step, None
        self.met.set()
        return step

    def behave(self):
        self.step = None

    def sever(self):
        """Ends every connection that there is; those that were silenced too."""
        for link in self.links:
            link.meet(CUT)
        self.links.clear()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self._link(client)

    def _link(self, client):
        server = socket.socket(socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET)
        try:
            server.connect(self.target if isinstance(self.target, str) else ("127.0.0.1", self.target))
        except OSError:
            client.close()
            return
        link = Link(self, client, server)
        self.links.append(link)
        if self.for_each:
            link.step = self.for_each.pop(0)
        step = self.take(link, True, b"")
        if step:
            link.meet(step.act)
            return
        for one in ((client, server, True), (server, client, False)):
            threading.Thread(target=link.carry, args=one, daemon=True).start()

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)
        self.sever()


def nth(number):
    """The moment at which clients send for the nth time, all connections counted together; connecting is 0 sends."""
    count = iter(range(1, 1_000_000))
    return lambda _link, from_client, data: from_client and data and next(count) == number
