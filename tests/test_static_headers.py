"""Claims about static files, which WhiteNoise answers before any other middleware."""

from django.conf import settings

from realist_eval.headers import static_headers


def test_static_files_carry_headers_of_their_own():
    """WhiteNoise answers before the other middleware; what it adds is said in headers.static_headers."""
    headers: dict[str, str] = {}
    static_headers(headers, "icon.svg", "/static/icon.svg")
    assert headers == {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    assert settings.WHITENOISE_ADD_HEADERS_FUNCTION is static_headers
    assert settings.WHITENOISE_ALLOW_ALL_ORIGINS is False
