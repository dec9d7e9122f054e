"""OpenAI's own OpenAPI document as a judge: what is answered here has the form that is described there."""

import json
import re

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

KEY = {"authorization": "Bearer sk-x"}
JSON, STREAM = "application/json", "text/event-stream"

COMPLETION = "CreateCompletionResponse/properties"
CHOICE = f"{COMPLETION}/choices/items/properties"
LOGPROBS = f"{CHOICE}/logprobs/anyOf/0/properties"
#: where the document is wrong about the service it describes: the schema, a value it forgets, why that value is right
ERRATA = [
    ("OpenAIFile/properties/purpose", "evals", "the same document lets files of this purpose in"),
    ("ListFilesResponse/properties/first_id", None, "an empty page has no first file"),
    ("ListFilesResponse/properties/last_id", None, "an empty page has no last file"),
    ("ChatCompletionList/properties/first_id", None, "an empty page has no first completion"),
    ("ChatCompletionList/properties/last_id", None, "an empty page has no last completion"),
    ("FineTuningJob/properties/status", "paused", "the document's own example of a paused job says so"),
    (f"{CHOICE}/finish_reason", None, "in a stream, only the last chunk of a choice has a reason"),
    (f"{COMPLETION}/usage", None, "in a stream, only the chunk after the last has one"),
    (f"{LOGPROBS}/token_logprobs/items", None, "with echo, the first token has no probability"),
    (f"{LOGPROBS}/top_logprobs/items", None, "with echo, the first token has no rivals"),
    (
        "ChatCompletionResponseMessage/properties/role",
        "user",
        "the document's own example of a stored message",
    ),
    (
        "ChatCompletionMessageToolCallChunk/properties/type",
        "custom",
        "a custom tool is called in a stream as well",
    ),
    ("ModelResponseProperties/properties/user", None, "the document's own example of a response says so"),
    ("Response/allOf/2/properties/usage", None, "a response that is not finished has none"),
]
#: what is answered in another form than documented
NOT_JSON = {("GET", "/files/{file_id}/content"): "the document says a JSON string; it is the file itself"}


class Judge:
    """Calls the API as the official document writes it, and holds what is asked and answered against it."""

    def __init__(self, http, url, document):
        self.http, self.url, self.seen = http, url, set()
        self.document = corrected(document)
        self.registry = Registry().with_resource("official:", DRAFT202012.create_resource(self.document))

    def __call__(self, method, path, *ids, **request):
        """Call, for instance, `GET /files/{file_id}` with its id; return the JSON of the answer, or its bytes.

        What is streamed comes as a list of its events.
        """
        described = self.document["paths"][path][method.lower()]
        if "json" in request:
            self.judge(described["requestBody"]["content"][JSON]["schema"], request["json"])
        where = path
        for each in ids:
            where = re.sub(r"{\w+}", each, where, count=1)
        answer = self.http.request(method, self.url + where, headers=KEY, **request)
        assert 200 == answer.status_code, answer.text
        self.seen.add((method, path))
        forms = described["responses"]["200"].get("content", {})
        if (method, path) in NOT_JSON:
            return answer.content
        if answer.headers["content-type"].startswith(STREAM):
            told = events(answer.text)
            for event in told:
                self.judge(self.of_type(forms.get(STREAM, forms[JSON])["schema"], event), event)
            return told
        if forms:
            self.judge(forms[JSON]["schema"], answer.json())
        return answer.json()

    def of_type(self, schema, event):
        """Return the schema of an event, which its type tells from the others."""
        schemas = self.document["components"]["schemas"]
        for kind in schemas[name_of(schema)].get("anyOf", ()):
            if [event["type"]] == schemas[name_of(kind)]["properties"]["type"]["enum"]:
                return kind
        return schema

    def judge(self, schema, value):
        """Fail the test unless a value fits a schema of the document."""
        anchored = json.loads(json.dumps(schema).replace('"#/', '"official:#/'))
        judge = Draft202012Validator(anchored, registry=self.registry)
        faults = [f"{error.json_path}: {error.message[:300]}" for error in judge.iter_errors(value)]
        assert not faults, f"{name_of(schema)}: " + "\n".join(faults)


def name_of(schema):
    return schema.get("$ref", "").rpartition("/")[2]


def events(stream):
    """Return the events of a stream; a type in front of the data is that of the data."""
    told = []
    for block in stream.removesuffix("\n\n").split("\n\n"):
        kind, _, data = block.rpartition("data: ")
        if data != "[DONE]":
            told.append(json.loads(data))
            assert kind in {"", f"event: {told[-1].get('type')}\n"}
    return told


def corrected(document):
    """Return the document with its errata, and what it says in the words of OpenAPI 3.0 in those of its own 3.1."""

    def modern(node):
        if isinstance(node, list):
            return [modern(each) for each in node]
        if not isinstance(node, dict):
            return node
        node = {name: modern(value) for name, value in node.items()}
        if node.get("exclusiveMinimum") is True:
            node["exclusiveMinimum"] = node.pop("minimum")
        if "oneOf" in node and "anyOf" not in node:
            node["anyOf"] = node.pop("oneOf")  # a message that is sent is one of several that look the same
        if node.get("nullable") is True:
            return {"anyOf": [node, {"type": "null"}]}
        return node

    document = modern(document)
    made = document["paths"]["/responses"]["post"]["responses"]["200"]["content"]
    retrieved = document["paths"]["/responses/{response_id}"]["get"]["responses"]["200"]["content"]
    retrieved[STREAM] = made[STREAM]  # the document has a parameter for it, but no answer
    for place, value, _ in ERRATA:
        *way, name = place.split("/")
        node = document["components"]["schemas"]
        for step in way:
            node = node[int(step) if step.isdigit() else step]
        node[name] = {"anyOf": [node[name], {"const": value}]}
    return document
