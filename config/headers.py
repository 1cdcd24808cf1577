"""What browsers are told to refuse: where scripts, pictures and frames may come from, and which
senses of a phone a page may ask for.

No page has a script, a handler or a style in its text, so nothing of that kind need be allowed and
no nonce is given out: what somebody smuggles into a page does not run.
"""

from typing import Any

from csp.constants import NONE, SELF

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF],  # check-ins wait on the phone while there is no network
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Of all these only the place is asked for, when somebody presses a button to check in.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "geolocation": ["self"],
    **{
        sense: []
        for sense in (
            "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera",
            "display-capture", "encrypted-media", "gyroscope", "hid", "magnetometer", "microphone",
            "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb",
            "xr-spatial-tracking",
        )
    },
}  # fmt: skip
