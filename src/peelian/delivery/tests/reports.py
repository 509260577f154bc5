"""Messages as mail systems write them, for tests: made up, each in the manner of the program it is named after."""

from __future__ import annotations

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mx.home.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4Xyz12.1700000000/mx.home.example"

This is a MIME-encapsulated message.

--4Xyz12.1700000000/mx.home.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.home.example.

<sam@home.example>: host mail.home.example[192.0.2.7] said: {reply} (in reply to
    RCPT TO command)

--4Xyz12.1700000000/mx.home.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.home.example
X-Postfix-Queue-ID: 4Xyz12
X-Postfix-Sender: rfc822; {to}
Arrival-Date: Tue, 17 Nov 2026 09:12:44 +0000 (GMT)

Final-Recipient: rfc822; sam@home.example
Original-Recipient: rfc822;sam@home.example
Action: {action}
Status: {status}
Remote-MTA: dns; mail.home.example
Diagnostic-Code: smtp; {reply}

--4Xyz12.1700000000/mx.home.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <{to}>
From: "Elm Bridge team" <alerts@now.peelian.example>
Subject: Thefts from vans

--4Xyz12.1700000000/mx.home.example--
"""

EXIM = """\
Return-path: <>
X-Failed-Recipients: sam@home.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@relay.example>
To: {to}
References: <1.2@now.peelian.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=1700000000-eximdsn-1804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender

--1700000000-eximdsn-1804289383
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

--1700000000-eximdsn-1804289383
Content-type: message/delivery-status

Reporting-MTA: dns; relay.example

Action: failed
Final-Recipient: rfc822;sam@home.example
Status: 5.0.0
Remote-MTA: dns; mail.home.example
Diagnostic-Code: smtp; {reply}

--1700000000-eximdsn-1804289383
Content-type: message/rfc822

Return-path: <{to}>
Subject: Thefts from vans

Three vans.

--1700000000-eximdsn-1804289383--
"""

OLD_EXIM = """\
X-Failed-Recipients: sam@home.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@relay.example>
To: {to}
Subject: Mail delivery failed: returning message to sender

A message that you sent could not be delivered to one or more of its recipients.
  sam@home.example
    all relevant MX records point to non-existent hosts
"""

EXCHANGE = """\
From: <postmaster@works.example>
To: <{to}>
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="b7a2ee1f-8a3b-4f0e-9a37-5d2cf0a1d4b9"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-GB
In-Reply-To: <1.2@now.peelian.example>
Subject: Undeliverable: Thefts from vans
Auto-Submitted: auto-replied
MIME-Version: 1.0

--b7a2ee1f-8a3b-4f0e-9a37-5d2cf0a1d4b9
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="5e6f"

--5e6f
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

Delivery has failed to these recipients or groups: sam=40works.example

--5e6f
Content-Type: text/html; charset="utf-8"

<p>Delivery has failed</p>

--5e6f--

--b7a2ee1f-8a3b-4f0e-9a37-5d2cf0a1d4b9
Content-Type: message/delivery-status

Reporting-MTA: dns;LO2P123MB0001.works.example
Received-From-MTA: dns;relay.example
Arrival-Date: Tue, 17 Nov 2026 09:12:44 +0000

Final-Recipient: rfc822;sam@works.example
Action: failed
Status: {status}
Diagnostic-Code: smtp;{reply}

--b7a2ee1f-8a3b-4f0e-9a37-5d2cf0a1d4b9
Content-Type: message/rfc822

Subject: Thefts from vans

--b7a2ee1f-8a3b-4f0e-9a37-5d2cf0a1d4b9--
"""

GMAIL = """\
From: Mail Delivery Subsystem <mailer-daemon@bigmail.example>
To: {to}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification ({words})
Content-Type: multipart/report; boundary="000000000000c1f2aa0609c0ffee"; report-type=delivery-status

--000000000000c1f2aa0609c0ffee
Content-Type: multipart/related; boundary="000000000000c1f2b40609c0fff0"

--000000000000c1f2b40609c0fff0
Content-Type: text/html; charset="UTF-8"

<b>Address not found</b>

--000000000000c1f2b40609c0fff0--
--000000000000c1f2aa0609c0ffee
Content-Type: message/delivery-status

Reporting-MTA: dns; bigmail.example
Received-From-MTA: dns; alerts@now.peelian.example
Arrival-Date: Tue, 17 Nov 2026 01:12:44 -0800 (PST)
X-Original-Message-ID: <1.2@now.peelian.example>

Final-Recipient: rfc822; sam@bigmail.example
Action: {action}
Status: {status}
Remote-MTA: dns; mx.bigmail.example. (192.0.2.26, the server for the domain
 bigmail.example.)
Diagnostic-Code: smtp; {reply}
Last-Attempt-Date: Tue, 17 Nov 2026 01:12:45 -0800 (PST)

--000000000000c1f2aa0609c0ffee
Content-Type: message/rfc822

Subject: Thefts from vans

--000000000000c1f2aa0609c0ffee--
"""

COMPLAINT = """\
From: <feedback@bigmail.example>
To: <{address}>
Subject: FW: Thefts from vans
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part1_13d.2e68ed54"

--part1_13d.2e68ed54
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--part1_13d.2e68ed54
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{mail_from}>
Arrival-Date: Tue, 17 Nov 2026 14:00:00 GMT

--part1_13d.2e68ed54
Content-Type: message/rfc822

Return-Path: <{return_path}>
From: <alerts@now.peelian.example>
Subject: Thefts from vans

Three vans.
--part1_13d.2e68ed54--
"""

AWAY = """\
From: sam@home.example
To: {to}
Subject: Out of office
Auto-Submitted: auto-replied (vacation)

I am away until Monday.
"""


def made(template: str, **given: str) -> bytes:
    """The message with what is given filled in, as it comes over the wire."""
    return template.format(**given).replace("\n", "\r\n").encode()
