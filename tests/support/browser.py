"""A client that sends forms as a browser does: with the token against forged requests."""

import os
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from app.accounts import sign_in
from app.accounts.models import User
from app.core import clock
from app.core.db import transaction

RAW_TOKEN = "0123456789abcdef0123456789abcdef01234567"


class Browser:
    """One visitor. `get` and `post` return responses; redirects are not followed."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        signer = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
        self.token = str(signer.dumps(RAW_TOKEN))
        with self.client.session_transaction() as session:
            session["csrf_token"] = RAW_TOKEN

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token} | (data or {}), **options)

    def send(self, path: str, body: Any, method: str = "POST") -> TestResponse:
        headers = {"X-CSRFToken": self.token}
        return self.client.open(path, method=method, json=body, headers=headers)

    def follow(self, response: TestResponse) -> TestResponse:
        assert response.status_code in {302, 303, 307}, response.get_data(as_text=True)[:400]
        return self.get(response.headers["Location"])

    def sign_in(self, user: User) -> "Browser":
        """Enter as `user` without the password form, which has its own tests."""
        now = clock.now()
        with transaction() as session:
            token = sign_in.start(session, user, lifetime=3600, now=now, randomness=os.urandom)
        with self.client.session_transaction() as kept:
            kept["_user_id"] = token
            kept["_fresh"] = True
        return self
