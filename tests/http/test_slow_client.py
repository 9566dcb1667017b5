"""Clients that send or read slowly: they are cut off when they fall silent, and nobody waits for them"""
import time

import pytest

from support import programs

SETTINGS = {"GT_IDLE_TIMEOUT_SECONDS": 2, "GT_CONNECTIONS": 400}
STALLS = {
    "nothing at all": b"",
    "half a request line": b"GET /liv",
    "half of the headers": b"GET /livez HTTP/1.1\r\nHost: x\r\nX-A: ",
    "half a body": b"POST /v1/plans HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{",
    "half a chunk": b"POST /v1/plans HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nabc",
    "an answered call and then silence": b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("stall", STALLS)
def test_a_silent_connection_is_closed_after_its_time(api, stall, changes):
    with api.wire(timeout=20) as wire:
        wire.send(STALLS[stall])
        if "answered" in stall:
            assert wire.answer().status == 200
        begin = time.monotonic()
        wire.reader.read()  # to the end: at most a refusal comes
        assert time.monotonic() - begin < 10
    assert changes.new() == []


def test_two_hundred_stalled_clients_keep_nobody_waiting(api, alice):
    stalled = [api.wire(timeout=20) for _ in range(200)]
    wires = [one.__enter__() for one in stalled]
    try:
        for n, wire in enumerate(wires):
            wire.send(list(STALLS.values())[1 + n % 4])
        for _ in range(20):
            begin = time.monotonic()
            assert api.get("/v1/plans", alice).status_code == 200
            assert time.monotonic() - begin < 1.5
    finally:
        for one in stalled:
            one.__exit__(None, None, None)


def test_a_client_that_reads_nothing_is_cut_off_too(api):
    """It asks for more than the buffers hold and takes none of it."""
    request = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    with api.wire() as wire:
        wire.socket.settimeout(0.05)

        def is_gone():
            try:
                wire.socket.sendall(request * 100)
            except TimeoutError:
                return False
            except (BrokenPipeError, ConnectionResetError):
                return True
        programs.wait_until(is_gone, "the connection is closed", 30)
    assert api.get("/livez").status_code == 200


def test_more_connections_than_are_allowed_wait_and_are_served_when_others_leave(start_api):
    api = start_api(GT_CONNECTIONS=8, GT_IDLE_TIMEOUT_SECONDS=3, GT_THREADS=4)
    api.session.close()
    taken = [api.wire(timeout=20) for _ in range(8)]
    for one in taken:
        one.__enter__().send(b"GET /liv")
    try:
        assert api.get("/livez", timeout=20).status_code == 200  # once the idle ones are closed
    finally:
        for one in taken:
            one.__exit__(None, None, None)
