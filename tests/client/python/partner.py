"""A partner's own app in Python, whole: a token, a webhook, a referral over a line that breaks, its end, the closed loop.

Everything it sends and reads is typed from the schema: `ariadne-codegen --config ariadne.toml client` makes `build/passerelle`.
`PASSERELLE_DEMO_JSON` is the line that `passerelle demo --json` prints. The exit status is 0 when everything held.
"""

import base64
import datetime
import hashlib
import hmac
import http.server
import json
import os
import queue
import socket
import sys
import threading
import time
import urllib.parse
import uuid
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).parent / "build"))

from passerelle.client import Client  # noqa: E402
from passerelle.enums import (  # noqa: E402
    AgeBand,
    ChangeSubject,
    ConsentField,
    ConsentMethod,
    Delivery,
    Dimension,
    Level,
    LoopMeaning,
    ReferralStatus,
    Urgency,
    WebhookSigning,
)
from passerelle.input_types import (  # noqa: E402
    AddNeedInput,
    CloseReferralLoopInput,
    CreateReferralInput,
    CreateWebhookEndpointInput,
    DeleteWebhookEndpointInput,
    OpenCaseInput,
    RecordConsentInput,
    ReferralBy,
)

PATIENCE = 60.0
# How much older or newer than now a webhook may be: what was caught on its way can't be played again for longer.
TOLERANCE_SECONDS = 5 * 60


def key() -> str:
    """A key for a write: new for each, and the same when it is sent again."""
    return str(uuid.uuid4())


def is_signed(secret: str, headers: Any, body: bytes, now: float | None = None) -> bool:
    """Whether a webhook is of these minutes and signed with the secret, after Standard Webhooks."""
    try:
        age = (time.time() if now is None else now) - int(headers["webhook-timestamp"])
    except (TypeError, ValueError):
        return False
    if abs(age) > TOLERANCE_SECONDS:
        return False
    head = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode()
    made = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), head + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(made).decode()
    return any(hmac.compare_digest(expected, given) for given in str(headers["webhook-signature"]).split(" "))


class Hooks:
    """Where webhooks arrive: each is verified, taken once, and waited for."""

    def __init__(self) -> None:
        self.secret = ""
        self.refused = 0
        self.told: queue.Queue[dict[str, Any]] = queue.Queue()
        seen: set[str] = set()
        hooks = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if not is_signed(hooks.secret, self.headers, body):
                    hooks.refused += 1
                    self.send_response(401)
                else:
                    if self.headers["webhook-id"] not in seen:
                        seen.add(self.headers["webhook-id"])
                        hooks.told.put(json.loads(body))
                    self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hooks"


def send_and_lose(url: str, token: str, document: str, variables: dict[str, Any]) -> None:
    """Sends a request and hangs up before the answer: the line broke. Whether it arrived is not known."""
    address = urllib.parse.urlsplit(url)
    body = json.dumps({"query": document, "variables": variables}).encode()
    head = (
        f"POST {address.path} HTTP/1.1\r\nhost: {address.netloc}\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port)) as line:
        line.sendall(head.encode() + body)


def main() -> None:
    demo = json.loads(os.environ["PASSERELLE_DEMO_JSON"])
    own = next(client for client in demo["clients"] if "sandbox" in client["name"])
    sandbox = {name.removeprefix("SANDBOX_"): value for name, value in demo["sandbox"].items()}
    answer = httpx.post(
        demo["tokens"], auth=(own["clientId"], own["clientSecret"]), data={"grant_type": "client_credentials"}
    )
    token: str = answer.raise_for_status().json()["access_token"]
    app = Client(url=demo["graphql"], headers={"authorization": f"Bearer {token}"})
    print("ok    the app gets a token with its client's secret")

    hooks = Hooks()
    made = app.create_webhook_endpoint(
        CreateWebhookEndpointInput(
            idempotency_key=key(),
            url=hooks.url,
            topics=[ChangeSubject.REFERRAL],
            signing=WebhookSigning.SHARED_SECRET,
        )
    ).create_webhook_endpoint
    assert made and made.endpoint and made.verification_key, made
    hooks.secret = made.verification_key
    print("ok    it says where webhooks go")

    made_at = 1_764_072_000
    signed = hmac.new(base64.b64decode(hooks.secret.removeprefix("whsec_")), f"1.{made_at}.{{}}".encode(), hashlib.sha256)
    headers = {
        "webhook-id": "1",
        "webhook-timestamp": str(made_at),
        "webhook-signature": "v1," + base64.b64encode(signed.digest()).decode(),
    }
    taken = [is_signed(hooks.secret, headers, b"{}", made_at + age) for age in (-301, -299, 0, 299, 301)]
    assert taken == [False, True, True, True, False], taken
    print("ok    it takes no webhook of another hour, however well it is signed")

    opened = app.open_case(
        OpenCaseInput(
            idempotency_key=key(),
            program_id=sandbox["PROGRAM"],
            area_id=sandbox["AREA"],
            age_band=AgeBand.FROM_25_TO_39,
        )
    ).open_case
    assert opened and opened.case and opened.case.version, opened
    added = app.add_need(
        AddNeedInput(
            idempotency_key=key(),
            case_id=opened.case.id,
            expected_version=opened.case.version,
            category_code="SOC.IND.DOCUMENTATION",
            dimension=Dimension.SOCIAL,
            level=Level.INDIVIDUAL,
            urgency=Urgency.ROUTINE,
            delivery=Delivery.REFERRAL,
            goals=["An identity card"],
        )
    ).add_need
    assert added and added.need and added.case and added.case.version, added
    agreed = app.record_consent(
        RecordConsentInput(
            idempotency_key=key(),
            case_id=opened.case.id,
            expected_version=added.case.version,
            receiver_id=sandbox["PROMPT_ORGANIZATION"],
            fields=[ConsentField.CASE_IDENTIFIER, ConsentField.NEED, ConsentField.URGENCY, ConsentField.AGE_BAND],
            method=ConsentMethod.VERBAL,
            language="fr",
            notice_version="2026-1",
            given_on=datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        )
    ).record_consent
    assert agreed and not agreed.user_errors, agreed
    print("ok    it opens a case with a need and the person's consent")

    wanted = CreateReferralInput(
        idempotency_key=key(),
        case_id=opened.case.id,
        need_id=added.need.id,
        service_id=sandbox["PROMPT_SERVICE"],
        person_informed=True,
        send=True,
    )
    document = (
        "mutation($input: CreateReferralInput!) { createReferral(input: $input) "
        "{ referral { id } userErrors { code } } }"
    )
    variables = {"input": wanted.model_dump(mode="json", by_alias=True, exclude_unset=True)}
    send_and_lose(demo["graphql"], token, document, variables)
    sent = [app.create_referral(wanted).create_referral for _ in range(2)]
    ids = {one.referral.id for one in sent if one and one.referral}
    assert len(ids) == 1, sent
    referral = ids.pop()
    print("ok    a line that breaks leaves one referral, however often it is sent again")

    while True:
        told = hooks.told.get(timeout=PATIENCE)
        if told["data"]["id"] != referral:
            continue
        seen = app.one_referral(ReferralBy(id=referral)).referral
        assert seen, told
        if seen.status == ReferralStatus.COMPLETED:
            break
    print("ok    webhooks tell of each step until the service is given")

    closed = app.close_referral_loop(
        CloseReferralLoopInput(
            idempotency_key=key(), referral_id=referral, expected_version=seen.version, meaning=LoopMeaning.MET
        )
    ).close_referral_loop
    assert closed and not closed.user_errors, closed
    ends = time.monotonic() + PATIENCE
    while not any(
        change.event == "closeReferralLoop" and change.subject_id == referral
        for change in app.changes(after=told["data"]["cursor"]).changes.nodes
    ):
        assert time.monotonic() < ends, "the closed loop is not told"
        time.sleep(0.2)
    print("ok    it closes the loop, and the feed goes on from a webhook's cursor")

    gone = app.delete_webhook_endpoint(
        DeleteWebhookEndpointInput(
            idempotency_key=key(), endpoint_id=made.endpoint.id, expected_version=made.endpoint.version
        )
    ).delete_webhook_endpoint
    assert gone and not gone.user_errors, gone
    assert hooks.refused == 0, "a webhook without a good signature"
    print("ok    it takes its endpoint back; nothing unsigned had come")


if __name__ == "__main__":
    main()
