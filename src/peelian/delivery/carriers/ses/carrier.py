"""Email by Amazon SES: the whole message as it is, by SendEmail of its API version 2 ("SendEmail: Errors" and "Common
errors" in the API reference). SES puts a Message-ID and Date of its own in the place of ours; everything else stays."""

from __future__ import annotations

import json
import threading
from functools import partial
from typing import Any

from anymail.backends.amazon_ses import AmazonSESBasePayload, AmazonSESV2SendEmailPayload, EmailBackend
from anymail.exceptions import AnymailAPIError
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    SSLError,
)

from peelian.delivery import carrier_urls
from peelian.delivery.carrier_urls import CarrierUrl
from peelian.delivery.carriers import web
from peelian.delivery.carriers.anymail.backends import EXPLICIT
from peelian.delivery.carriers.anymail.client import AnymailClient, usual
from peelian.delivery.carriers.anymail.messages import REFERENCE, Whole
from peelian.delivery.carriers.base import Fate, Given
from peelian.delivery.carriers.hands import SIZES, Answer, Hands

NOT_OPENED = (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError, SSLError)
WRONG_KEY = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "ExpiredTokenException",
    "IncompleteSignature",
}
FATES: dict[str, Fate] = {
    # "SendEmail: Errors"
    "TooManyRequestsException": Fate.LATER,
    "LimitExceededException": Fate.LATER,
    # Both "this content" and "the sender is not verified", and only words tell them apart: tried again, then given up
    "MessageRejected": Fate.LATER,
    "BadRequestException": Fate.REFUSED,
    "AccountSuspendedException": Fate.UNREACHABLE,
    "SendingPausedException": Fate.UNREACHABLE,
    "MailFromDomainNotVerifiedException": Fate.UNREACHABLE,
    "NotFoundException": Fate.UNREACHABLE,  # no such configuration set
    # "Common errors"
    "ThrottlingException": Fate.LATER,
    "Throttling": Fate.LATER,
    "RequestExpired": Fate.UNREACHABLE,  # our clock
    **dict.fromkeys(WRONG_KEY, Fate.UNREACHABLE),
}


class _RawPayload(AmazonSESV2SendEmailPayload):  # type: ignore[misc]
    """Recipient, reference and our bytes; every other field is in the bytes."""

    base_message_attrs = tuple(one for one in AmazonSESBasePayload.base_message_attrs if one[0] == "to")
    anymail_message_attrs = tuple(one for one in AmazonSESBasePayload.anymail_message_attrs if one[0] == "metadata")

    def init_payload(self) -> None:
        AmazonSESBasePayload.init_payload(self)
        self.all_recipients: list[Any] = []

    def set_metadata(self, metadata: dict[str, str]) -> None:
        """Both ways in which SES gives it back: a tag with events, a header field with notifications."""
        self.params["EmailTags"] = [{"Name": REFERENCE, "Value": metadata[REFERENCE]}]
        self.head = f"X-Metadata: {json.dumps(metadata)}\r\n".encode()

    def generate_raw_message(self) -> bytes:
        content: bytes = self.message.content
        return self.head + content


class _Backend(EmailBackend):  # type: ignore[misc]
    def build_message_payload(self, message: Whole, defaults: dict[str, Any]) -> _RawPayload:
        return _RawPayload(message, defaults, self)


class SesClient(AnymailClient):
    def _failed(self, problem: AnymailAPIError) -> Answer:
        cause = problem.__cause__
        if isinstance(cause, ClientError):
            told = cause.response.get("ResponseMetadata", {})
            return Answer(fate_of(cause), rest=web.rest(told.get("HTTPStatusCode", 0), told.get("HTTPHeaders", {})))
        return Answer(Fate.UNREACHABLE if isinstance(cause, NOT_OPENED) else Fate.UNKNOWN)

    def close(self) -> None:
        """The others' connections are the same."""


def fate_of(error: ClientError) -> Fate:
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return FATES.get(code) or usual(status, "")


class _Shared:
    """Clients of boto may be shared between threads, and cost a tenth of a second each to make: one for a carrier."""

    def __init__(self, url: CarrierUrl, connections: int) -> None:
        self._url, self._connections = url, connections
        self._making = threading.Lock()
        self._backend: Any = None

    def client(self) -> SesClient:
        with self._making:
            if self._backend is None:
                self._backend = _made(self._url, self._connections)
                self._backend.open()
        return SesClient(self._backend, Whole, usual, partial(_check, self._backend))


def make(given: Given) -> Hands:
    shared = _Shared(carrier_urls.read(given.url), SIZES[given.lane])
    return Hands(given.name, given.lane, shared.client)


def _made(url: CarrierUrl, connections: int) -> _Backend:
    config = {
        "connect_timeout": web.CONNECT_SECONDS,
        "read_timeout": web.ANSWER_SECONDS,
        "retries": {"total_max_attempts": 1},  # whether it goes again is ours to decide
        "max_pool_connections": connections,
    }
    explicit = {name: value for name, value in EXPLICIT.items() if name != "timeout"}
    return _Backend(
        session_params={
            "aws_access_key_id": url.user,
            "aws_secret_access_key": url.password,
            "region_name": url.host,
        },
        client_params={"config": config, **({"endpoint_url": url.api} if url.api else {})},
        configuration_set_name=url.options.get("configuration"),
        message_tag_name=None,
        **explicit,
    )


def _check(backend: Any) -> str:
    """GetAccount. A key that may only send is refused that, and is a good key all the same."""
    try:
        account = backend.client.get_account()
    except ClientError as problem:
        code = problem.response.get("Error", {}).get("Code")
        if code in WRONG_KEY:
            return "Amazon SES refuses our key."
        status = int(problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        return "" if status == 403 else f"Amazon SES answers with status {status}."
    except NOT_OPENED:
        return "Amazon SES cannot be reached."
    except BotoCoreError:
        return "Amazon SES did not answer properly."
    return "" if account.get("SendingEnabled", True) else "Amazon SES has paused sending from this account."
