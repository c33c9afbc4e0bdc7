"""What the templates permit, and what a program asked of AWS, in the same words."""

import re
from fnmatch import fnmatchcase
from urllib.parse import parse_qs, unquote, urlsplit

from support.templates import INFRA, TEMPLATES, listed, resources, text


def statements():
    """(resource, statement) of every permission that the templates give."""
    for template in TEMPLATES:
        for name, resource in resources(template).items():
            properties = resource["Properties"]
            documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
            if resource["Type"] == "AWS::IAM::ManagedPolicy":
                documents.append(properties["PolicyDocument"])
            for document in documents:
                for statement in document["Statement"]:
                    yield name, statement


def allowed_by(role):
    """(action, resource) pairs of a role, those of its managed policies too."""
    lake = resources(INFRA / "lake.yaml")
    managed = [text(arn) for arn in lake[role]["Properties"].get("ManagedPolicyArns", [])]
    owners = {role} | {re.sub(r"\W", "", arn) for arn in managed}
    return {
        (action, resource)
        for owner, statement in statements()
        if owner in owners
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def asked(requests):
    """(action, key) of each request that a proxy saw; the key is None where none is told."""
    return {call for request in requests if (call := _asked(*f"{request} ".split(" ")[:3]))}


def _asked(method, url, target):
    if target:
        service, _, action = target.partition(".")
        return service.removeprefix("AWS").lower() + f":{action}", None
    place = urlsplit(url)
    key = unquote(place.path).lstrip("/").partition("/")[2]
    query = parse_qs(place.query, keep_blank_values=True)
    if not key:
        actions = {"GET": "ListBucket", "HEAD": "ListBucket", "POST": "DeleteObject"}
        of_query = {"location": "GetBucketLocation", "uploads": "ListBucketMultipartUploads"}
        named = next((of_query[word] for word in of_query if word in query), actions[method])
        return f"s3:{named}", None
    parts = "uploadId" in query
    action = {
        "GET": "ListMultipartUploadParts" if parts else "GetObject",
        "HEAD": "GetObject",
        "PUT": "PutObject",
        "POST": "PutObject",
        "DELETE": "AbortMultipartUpload" if parts else "DeleteObject",
    }[method]
    return f"s3:{action}", key


def permits(allowed, call, prefix):
    """Whether an (action, resource) pair of the templates lets a lake under that prefix do that."""
    (action, resource), (wanted, key) = allowed, call
    if action != wanted:
        return False
    if key is None:
        return True
    _, _, pattern = resource.partition("${Bucket}/")
    return fnmatchcase(key, pattern.replace("${Prefix}", prefix))
