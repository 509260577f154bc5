"""A paper or a table to check, pasted or chosen. Nothing of it is kept."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.insight import checker

MOST_LETTERS = 300_000
MOST_BYTES = 1_000_000


class CheckForm(forms.Form):
    mark_optional = False  # one of the two
    text = forms.CharField(
        label="Paste a paper or a table",
        help_text="Markdown or plain words, with tables; or the rows of a CSV file.",
        required=False,
        max_length=MOST_LETTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        error_messages={"max_length": "Paste at most 300,000 characters, or check the paper a part at a time"},
    )
    file = forms.FileField(
        label="Or choose a file",
        help_text="CSV or Markdown, 1 MB at most.",
        required=False,
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.tsv,.md,.markdown,.txt,text/csv,text/markdown,text/plain"}
        ),
        error_messages={"empty": "That file is empty. Choose another one"},
    )

    def clean(self) -> dict[str, Any]:
        """Read what was given into `document`; a sentence where it cannot be read."""
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text") or ""
        if self.errors:
            return cleaned
        if file is None and not text.strip():
            self.add_error("text", "Paste a paper or a table, or choose a file")
        elif file is not None and file.size > MOST_BYTES:
            self.add_error("file", "That file is larger than 1 MB. Check a part of it at a time")
        else:
            try:
                cleaned["document"] = (
                    checker.read_pasted(text) if file is None else checker.read_bytes(file.read(), file.name)
                )
            except checker.NotReadable as problem:
                self.add_error("text" if file is None else "file", str(problem).rstrip("."))
        return cleaned
