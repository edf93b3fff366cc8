"""The least that passes for a Bolt server: says its name to whoever connects, and has no rows."""

import socket
import threading
from contextlib import contextmanager


@contextmanager
def answering(handshake, agent=""):
    """Listen on a free port; yields the uri. `handshake` answers the first bytes, `agent` is the server's name."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, handshake, agent), daemon=True).start()
        yield f"bolt://127.0.0.1:{listener.getsockname()[1]}"


def _serve(listener, handshake, agent):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(20)
            connection.sendall(handshake)
            if not agent:
                connection.recv(1024 if handshake else 0)
                continue
            answer = {"server": agent, "connection_id": "bolt-1"}
            while message := _message(connection):
                if message[1] == 0x02:  # GOODBYE
                    break
                success = b"\xb1\x70" + _map(answer)
                connection.sendall(len(success).to_bytes(2, "big") + success + b"\0\0")
                answer = {}


def _message(connection):
    whole = b""
    while head := connection.recv(2):
        length = int.from_bytes(head, "big")
        if length == 0 and whole:
            return whole
        whole += connection.recv(length, socket.MSG_WAITALL) if length else b""
    return whole


def _map(values):
    pairs = {**values, "fields": None}
    packed = b"".join(_text(name) + (_text(value) if value is not None else b"\x90") for name, value in pairs.items())
    return bytes([0xA0 + len(pairs)]) + packed


def _text(value):
    data = value.encode()
    return (bytes([0x80 + len(data)]) if len(data) < 16 else bytes([0xD0, len(data)])) + data
