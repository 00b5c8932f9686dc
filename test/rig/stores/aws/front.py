"""AWS for the tests: moto holds the secrets, and this front does what moto leaves out.

It verifies identity tokens as STS does (signature, issuer, times, the role's trust policy), the signature of every request, the role's
policy for each secret, and answers with AWS's own errors. Words: the port, or 0 for any; the issuer of identity tokens.
"""

import datetime
import fnmatch
import io
import json
import sys
import time
import urllib.request
import uuid
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import KeySet
from moto.iam.access_control import IAMRequest
from moto.iam.models import iam_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from moto.sts.models import sts_backends
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

ACCOUNT, REGION = "123456789012", "eu-west-1"
ISSUER = sys.argv[2]
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER.split('//')[1]}"
STS = "https://sts.amazonaws.com/doc/2011-06-15/"
iam, sts = iam_backends[ACCOUNT]["aws"], sts_backends[ACCOUNT]["aws"]
secrets = secretsmanager_backends[ACCOUNT][REGION]
moto = DomainDispatcherApplication(create_backend_app)


class Refused(Exception):
    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


# --- STS ---------------------------------------------------------------------------------------------------------------------------


def verified(token):
    """The claims of an identity token."""
    try:
        with urllib.request.urlopen(f"{ISSUER}/.well-known/openid-configuration", timeout=5) as discovery:
            with urllib.request.urlopen(json.load(discovery)["jwks_uri"], timeout=5) as keys:
                known = KeySet.import_key_set(json.load(keys))
    except OSError as error:
        raise Refused("IDPCommunicationError", "The identity provider could not be reached.") from error
    try:
        claims = jwt.decode(token, known, algorithms=["RS256"]).claims
    except Exception as error:
        raise Refused("InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider.") from error
    now = int(time.time())
    if claims.get("iss") != ISSUER:
        raise Refused("InvalidIdentityToken", "No OpenIDConnect provider found in your account.")
    if claims["exp"] <= now:
        raise Refused("ExpiredTokenException", f"Token expired: {now} must be before {claims['exp']}")
    if claims["nbf"] > now:
        raise Refused("InvalidIdentityToken", "Token is not yet valid.")
    return claims


def holds(operator, wanted, got):
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if operator == "StringEquals":
        return got in wanted
    if operator == "StringLike":
        return any(fnmatch.fnmatchcase(str(got), pattern) for pattern in wanted)
    return False


def trusts(role, claims):
    document = role.assume_role_policy_document
    for statement in (json.loads(document) if isinstance(document, str) else document)["Statement"]:
        tests = [(op, key, wanted) for op, keys in statement.get("Condition", {}).items() for key, wanted in keys.items()]
        federated = statement["Principal"].get("Federated") == PROVIDER
        if federated and all(holds(op, wanted, claims.get(key.rsplit(":", 1)[1])) for op, key, wanted in tests):
            return True
    return False


def assume_role(form):
    claims = verified(form["WebIdentityToken"])
    try:
        role = iam.get_role_by_arn(form["RoleArn"])
    except Exception:
        role = None
    if role is None or not trusts(role, claims):
        raise Refused("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403)
    seconds = int(form.get("DurationSeconds", 3600))
    if not 900 <= seconds <= 3600:
        raise Refused("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    made = sts.assume_role_with_web_identity(
        region_name="us-east-1",
        role_session_name=form["RoleSessionName"],
        role_arn=form["RoleArn"],
        policy=form.get("Policy"),
        duration=seconds,
        external_id=None,
    )
    ends = made.expiration.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<AssumeRoleWithWebIdentityResponse xmlns="{STS}"><AssumeRoleWithWebIdentityResult><Credentials>'
        f"<AccessKeyId>{made.access_key_id}</AccessKeyId><SecretAccessKey>{made.secret_access_key}</SecretAccessKey>"
        f"<SessionToken>{made.session_token}</SessionToken><Expiration>{ends}</Expiration></Credentials>"
        f"<SubjectFromWebIdentityToken>{claims['sub']}</SubjectFromWebIdentityToken><Audience>{claims['aud']}</Audience>"
        f"<AssumedRoleUser><Arn>{made.arn}</Arn><AssumedRoleId>{made.user_id}</AssumedRoleId></AssumedRoleUser>"
        "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
    )


# --- Secrets Manager ---------------------------------------------------------------------------------------------------------------


def secret_named(name):
    return next((s for s in secrets.secrets.values() if name in (s.name, s.arn, s.arn[:-7])), None)


def arn_of(name):
    known = secret_named(name)
    if known is not None:
        return known.arn
    return name if name.startswith("arn:") else f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-abcdef"


def signed_by(request, raw, action):
    """The session that signed the request."""
    header = request.headers.get("Authorization", "")
    if not header:
        raise Refused("MissingAuthenticationTokenException", "Missing Authentication Token")
    sent = datetime.datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    if abs(time.time() - sent.timestamp()) > 300:
        raise Refused("InvalidSignatureException", "Signature expired.")
    key = header.split("Credential=")[1].split("/")[0]
    session = sts.get_assumed_role_from_access_key(key)
    if session is not None and session.expiration.timestamp() < time.time():
        raise Refused("ExpiredTokenException", "The security token included in the request is expired")
    try:
        signed = IAMRequest(
            account_id=ACCOUNT, method="POST", path="/", data={}, body=raw, headers=dict(request.headers), action=action
        )
    except Exception as error:
        raise Refused("UnrecognizedClientException", "The security token included in the request is invalid.") from error
    try:
        signed.check_signature()
    except Exception as error:
        raise Refused("InvalidSignatureException", "The request signature does not match.") from error
    return signed


def allowed(signed, action, resource):
    signed._action = f"secretsmanager:{action}"
    try:
        signed.check_action_permitted(resource)
        return True
    except Exception:
        return False


def denied(action):
    return Refused("AccessDeniedException", f"User is not authorized to perform: secretsmanager:{action}")


def ask_moto(request, raw):
    answer = Response.from_app(moto, dict(request.environ, **{"wsgi.input": io.BytesIO(raw), "CONTENT_LENGTH": str(len(raw))}))
    if answer.status_code == 404:  # AWS says 400
        answer.status_code = 400
    answer.headers["Content-Type"] = "application/x-amz-json-1.1"
    return answer


def batch(request, signed, body):
    """As AWS does, each secret is asked for as GetSecretValue; those that are denied become errors of their own."""
    names = body["SecretIdList"]
    if len(names) > 20:
        raise Refused("ValidationException", "Member must have length less than or equal to 20")
    errors = [
        {"SecretId": name, "ErrorCode": "AccessDeniedException", "Message": "User is not authorized"}
        for name in names
        if not allowed(signed, "GetSecretValue", arn_of(name))
    ]
    left = [name for name in names if name not in [error["SecretId"] for error in errors]]
    if not left:
        return Response(json.dumps({"SecretValues": [], "Errors": errors}), content_type="application/x-amz-json-1.1")
    answer = ask_moto(request, json.dumps({**body, "SecretIdList": left}).encode())
    if answer.status_code == 200:
        said = json.loads(answer.get_data())
        answer.set_data(json.dumps({**said, "Errors": [*said.get("Errors", []), *errors]}))
    return answer


def secrets_manager(request, raw):
    action, body = request.headers["X-Amz-Target"].split(".")[-1], json.loads(raw or b"{}")
    signed = signed_by(request, raw, action)
    if not allowed(signed, action, "*" if action == "BatchGetSecretValue" else arn_of(body["SecretId"])):
        raise denied(action)
    return batch(request, signed, body) if action == "BatchGetSecretValue" else ask_moto(request, raw)


# --- what the tests arrange ----------------------------------------------------------------------------------------------------------


def arrange(verb, want):
    if verb == "role":
        iam.create_role(want["name"], json.dumps(want["trust"]), "/", None, "", [], "3600")
        return {}
    if verb == "policy":
        iam.put_role_policy(want["name"], "secrets", json.dumps(want["policy"]))
        return {}
    if verb == "secret":
        text, binary, name = want.get("text"), want.get("base64"), want["name"]
        if name not in secrets.secrets:
            return json.loads(secrets.create_secret(name, text, binary, None, None, None, str(uuid.uuid4()), [], False))
        stages = want.get("stages", ["AWSCURRENT"])
        return json.loads(secrets.put_secret_value(name, text, binary, str(uuid.uuid4()), stages))
    if verb == "facts":
        for key, value in want["facts"].items():
            setattr(secrets.secrets[want["name"]], key, value)
        return {}
    if verb == "delete":
        secrets.delete_secret(want["name"], 7, False)
        return {}
    if verb == "end-sessions":
        for session in sts.assumed_roles:
            session.expiration = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
        return {}
    raise KeyError(verb)


@Request.application
def app(request):
    raw, target = request.get_data(cache=True), request.headers.get("X-Amz-Target", "")
    if request.path.startswith("/_test/"):
        return Response(json.dumps(arrange(request.path.removeprefix("/_test/"), json.loads(raw))))
    try:
        if target.startswith("secretsmanager."):
            return secrets_manager(request, raw)
        form = {key: values[0] for key, values in parse_qs(raw.decode()).items()}
        if form.get("Action") != "AssumeRoleWithWebIdentity":
            raise Refused("InvalidAction", "Could not find operation")
        return Response(assume_role(form), content_type="text/xml")
    except Refused as refused:
        if target:
            body = json.dumps({"__type": refused.code, "Message": refused.message})
            return Response(body, 400, content_type="application/x-amz-json-1.1")
        body = (
            f'<ErrorResponse xmlns="{STS}"><Error><Type>Sender</Type><Code>{refused.code}</Code>'
            f"<Message>{refused.message}</Message></Error><RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
        )
        return Response(body, refused.status, content_type="text/xml")


if __name__ == "__main__":
    server = make_server("127.0.0.1", int(sys.argv[1]), app, threaded=True)
    print("ready", server.port, PROVIDER, flush=True)
    server.serve_forever()
