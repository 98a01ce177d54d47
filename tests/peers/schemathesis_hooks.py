"""What Schemathesis has to be told to reach the demo: names below localhost are this machine (RFC 6761), and a batch is text."""
import socket

import schemathesis

look_up = socket.getaddrinfo


def on_this_machine(host, *rest, **more):
    return look_up("127.0.0.1" if str(host).endswith(".localhost") else host, *rest, **more)


socket.getaddrinfo = on_this_machine
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
