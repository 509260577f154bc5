"""Copies the front-end files we serve from node_modules to build/vendor, fit for a site that is not GOV.UK.

No bundler and no CDN: what is served is what its makers publish, except that
- GOV.UK's typeface and crest, which only services on its own domain may use, are taken out of the style sheet
  (their files in `assets/` are never copied);
- comments that name a source map go, as the map is not served and Django refuses a style sheet
  or script whose references it cannot find.
axe-core, which checks pages in tests, goes to build/dev, typefaces of what is drawn and printed to
build/fonts; neither is served.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = PROJECT / "node_modules"
BUILD = PROJECT / "build"
SYSTEM_FONTS = (
    'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,"Helvetica Neue",sans-serif'
)

TYPEFACE = "@expo-google-fonts/atkinson-hyperlegible-next"
# What is copied: where from (under node_modules), where to (under build). A folder's files all go.
FILES = {
    "govuk-frontend/dist/govuk/govuk-frontend.min.css": "vendor/govuk-frontend/govuk-frontend.min.css",
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "vendor/govuk-frontend/govuk-frontend.min.js",
    "leaflet/dist/leaflet.js": "vendor/leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "vendor/leaflet/leaflet.css",
    "leaflet/dist/images": "vendor/leaflet/images",
    "terra-draw/dist/terra-draw.umd.js": "vendor/terra-draw/terra-draw.umd.js",
    "terra-draw-leaflet-adapter/dist/terra-draw-leaflet-adapter.umd.js": "vendor/terra-draw/terra-draw-leaflet-adapter.umd.js",  # noqa: E501
    "accessible-autocomplete/dist/accessible-autocomplete.min.js": "vendor/accessible-autocomplete/accessible-autocomplete.min.js",  # noqa: E501
    "accessible-autocomplete/dist/accessible-autocomplete.min.css": "vendor/accessible-autocomplete/accessible-autocomplete.min.css",  # noqa: E501
    # The face of what is printed (docs/decisions); typst reads TrueType alone, and pages use the system's own
    **{
        f"{TYPEFACE}/{weight}/AtkinsonHyperlegibleNext_{weight}.ttf": f"fonts/AtkinsonHyperlegibleNext-{weight}.ttf"
        for weight in ("400Regular", "600SemiBold", "800ExtraBold")
    },
    f"{TYPEFACE}/LICENSE_FONT": "fonts/AtkinsonHyperlegibleNext-LICENSE",
    "axe-core/axe.min.js": "dev/axe.min.js",
}
SOURCE_MAP = re.compile(r"\s*(//[#@] sourceMappingURL=\S+|/\*[#@] sourceMappingURL=[^*]+\*/)\s*$")


class VendorError(Exception):
    """The files cannot be copied; the message is a sentence for whoever runs `make setup`."""


def main() -> int:
    try:
        stamp = BUILD / "vendor.stamp"
        wanted = fingerprint()
        if not (stamp.exists() and stamp.read_text() == wanted and all(path.exists() for path in targets())):
            copy_all()
            stamp.write_text(wanted)
    except VendorError as problem:
        print(f"vendor.py: {problem}", file=sys.stderr)
        return 1
    return 0


def fingerprint() -> str:
    """Changes with the locked versions of the packages and with what this script does to them."""
    return hashlib.sha256((PROJECT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def targets() -> list[Path]:
    return [BUILD / target for target in FILES.values()]


def copy_all() -> None:
    for folder in ("vendor", "dev", "fonts"):
        shutil.rmtree(BUILD / folder, ignore_errors=True)  # so that no file of an earlier version is served on
    for source, target in FILES.items():
        origin = PACKAGES / source
        if not origin.exists():
            raise VendorError(f"node_modules/{source} is missing. Run `make setup`, which installs it.")
        copies = sorted(origin.iterdir()) if origin.is_dir() else [origin]
        for file in copies:
            copy = BUILD / target / file.name if origin.is_dir() else BUILD / target
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(fit(file))


def fit(file: Path) -> bytes:
    """The file as we serve it."""
    if file.suffix not in {".css", ".js"}:
        return file.read_bytes()
    text = SOURCE_MAP.sub("\n", file.read_text(encoding="utf-8"))
    if file.name == "govuk-frontend.min.css":
        text = without_gov_uk_identity(text)
    if "sourceMappingURL=" in text:
        raise VendorError(f"{file.name} names a source map where vendor.py does not look: at its end only.")
    return text.encode()


def without_gov_uk_identity(css: str) -> str:
    """The style sheet in system fonts and without the crest; refuses one in which it misses any of them."""
    css, faces = re.subn(r"@font-face\{[^}]*\}", "", css)
    css, families = re.subn(r'"?GDS Transport"?,arial,sans-serif', SYSTEM_FONTS, css)
    css, crests = re.subn(r"url\([^)]*govuk-crest[^)]*\)", "none", css)
    if faces != 2 or not families or not crests or "GDS Transport" in css or "/assets/" in css:
        raise VendorError("govuk-frontend.min.css has changed: look how it names its typeface and its images.")
    return css


if __name__ == "__main__":
    raise SystemExit(main())
