"""Receives messages of Shanhai Match and verifies them. Python 3.9, standard library only.

WEBHOOK_SECRET=whsec_... PORT=4000 python3 receiver.py
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import threading
import time
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_S = 5 * 60
BODY_MAX = 64 * 1024
SEEN_MAX = 10_000


def refusal(secret, headers, body, now_s=None):
    """Why a message is refused; None if it is genuine. `body` are the bytes as they came, before any parsing."""
    message_id = headers.get("webhook-id")
    timestamp = headers.get("webhook-timestamp")
    signatures = headers.get("webhook-signature")
    if not message_id or not timestamp or not signatures:
        return "a webhook header is missing"
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return "the timestamp is no number"
    if abs((time.time() if now_s is None else now_s) - int(timestamp)) > TOLERANCE_S:
        return "the timestamp is more than 5 minutes off"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = hmac.new(key, signed, hashlib.sha256).digest()
    # One signature for each key: two for 24 hours after a rotation. Other schemes than v1 are passed over.
    for signature in signatures.split(" "):
        scheme, _, value = signature.partition(",")
        if scheme != "v1":
            continue
        try:
            given = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            continue
        if hmac.compare_digest(given, expected):
            return None
    return "no signature fits"


# Ids that were handled. Keep them in your database, in the transaction that does the work.
seen = OrderedDict()
lock = threading.Lock()


def handle(message_id, message):
    with lock:
        if message_id in seen:
            print(f"repeat {message_id}", flush=True)
            return
        data = json.dumps(message["data"], ensure_ascii=False)
        print(f"new {message_id} {message['type']} {data}", flush=True)
        seen[message_id] = True
        if len(seen) > SEEN_MAX:
            seen.popitem(last=False)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def answer(self, status):
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", "0")
            self.close_connection = True
        self.end_headers()

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"[0-9]{1,9}", length):
            return self.answer(411)
        if int(length) > BODY_MAX:
            return self.answer(413)
        body = self.rfile.read(int(length))
        reason = refusal(SECRET, self.headers, body)
        if reason is not None:
            print(f"refused: {reason}", flush=True)
            return self.answer(400)
        try:
            handle(self.headers["webhook-id"], json.loads(body))
        except Exception as error:  # Anything but 2xx: the message comes again later.
            print(f"failed: {error!r}", flush=True)
            return self.answer(500)
        self.answer(204)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    SECRET = os.environ.get("WEBHOOK_SECRET", "")
    if not SECRET.startswith("whsec_"):
        raise SystemExit("set WEBHOOK_SECRET to the secret of the endpoint, whsec_...")
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "4000"))), Receiver)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
