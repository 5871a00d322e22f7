"""The door for uvicorn and its like."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "realist_eval.settings")
application = get_asgi_application()
