"""Emails that Amazon SES takes in ("Email receiving": a receipt rule with an SNS or an S3 action), told by SNS. By SNS
alone an email may have 150 KB; larger ones lie in S3 and are fetched from there with the carrier's own key."""

from __future__ import annotations

import io
from base64 import b64decode
from typing import Any

import boto3
from anymail.webhooks.amazon_ses import AmazonSESInboundWebhookView
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.http import HttpRequest

from peelian.delivery import carrier_urls
from peelian.delivery.carrier_urls import CarrierUrl
from peelian.delivery.carriers.anymail import inbound
from peelian.delivery.carriers.ses import sns
from peelian.delivery.carriers.webhook import body
from peelian.delivery.incoming import store
from peelian.delivery.receipts import Later

SECONDS = 10  # for one answer of S3; SNS waits fifteen for ours


def read(request: HttpRequest, url: str) -> list[inbound.Came]:
    parts = carrier_urls.read(url)
    topic = parts.options.get("inbound") or parts.options.get("topic", "")
    parts = parts._replace(options={**parts.options, "topic": topic})
    message = body(request)
    kind = sns.verify(message, parts)
    if kind == "SubscriptionConfirmation":
        sns.subscribe(message, parts)
    if kind != "Notification":
        return []
    view = _View(parts)
    return inbound.emails(view, request, view.raw, _recipients)


def _recipients(event: Any) -> list[str]:
    found = event.esp_event.get("receipt", {}).get("recipients")
    return [str(one) for one in found] if isinstance(found, list) else []


class _View(AmazonSESInboundWebhookView):  # type: ignore[misc]
    """One for each request: it keeps what it fetched."""

    warn_if_no_basic_auth = False  # the signature is checked above

    def __init__(self, parts: CarrierUrl) -> None:
        super().__init__(auto_confirm_sns_subscriptions=False, webhook_secret=[], session_params={}, client_params={})
        self._parts, self._fetched = parts, b""

    def raw(self, event: Any) -> bytes | None:
        if self._fetched:
            return self._fetched
        content = event.esp_event.get("content")
        if not isinstance(content, str):
            return None
        action = event.esp_event.get("receipt", {}).get("action", {})
        return b64decode(content) if action.get("encoding") == "BASE64" else content.encode("utf-8", "replace")

    def download_s3_object(self, bucket_name: str, object_key: str) -> io.BytesIO:
        """As much of it as we keep, and one byte more. Raises Later where S3 does not give it."""
        client = boto3.client(
            "s3",
            region_name=self._parts.host,
            aws_access_key_id=self._parts.user,
            aws_secret_access_key=self._parts.password,
            endpoint_url=_s3_address(self._parts),
            config=Config(
                connect_timeout=3, read_timeout=SECONDS, retries={"max_attempts": 1}, s3={"addressing_style": "path"}
            ),
        )
        try:
            self._fetched = client.get_object(Bucket=bucket_name, Key=object_key)["Body"].read(store.LARGEST + 1)
        except (BotoCoreError, ClientError, OSError):
            raise Later from None
        finally:
            client.close()
        return io.BytesIO(self._fetched)


def _s3_address(parts: CarrierUrl) -> str | None:
    """Another address than Amazon's own; usually none."""
    return parts.api or None
