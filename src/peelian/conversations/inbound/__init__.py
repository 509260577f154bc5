"""What residents send us from outside our pages: emails that answer ours, texts, and what came with them.

read.py        one message from the door's store into a thread, a report, or what is kept aside for a person
letter.py      an email taken apart: who, what, which files; never raises, whatever the bytes are
trimming.py    what was written anew, without the quoted message and the signature
automatic.py   messages of machines (RFC 3834): kept, never answered, never shown as somebody's words
sniff.py       what a file is, by its bytes
attachments.py files: checked outside of any transaction, then shown or refused with a sentence
aside.py       what a person decides about a message that was kept aside
"""
