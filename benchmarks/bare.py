"""The limit: uvicorn alone, parsing the same JSON and answering the same bytes. `python bare.py ANSWERS.json`.

The answers are what our own server said: by path, one for a plain request and a list of chunks for a streamed one.
"""

import asyncio
import base64
import json
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn

ANSWERS: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
PLAIN = {path: base64.b64decode(answer["plain"]) for path, answer in ANSWERS.items()}
CHUNKS = {path: [base64.b64decode(chunk) for chunk in answer["chunks"]] for path, answer in ANSWERS.items()}
JSON = (b"content-type", b"application/json")
STREAM = (b"content-type", b"text/event-stream")


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer every request with what is known for its path."""
    body = b""
    while True:
        message = await receive()
        body += message["body"]
        if not message["more_body"]:
            break
    asked = json.loads(body)
    if not asked.get("stream"):
        answer = PLAIN[scope["path"]]
        length = (b"content-length", str(len(answer)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [JSON, length]})
        await send({"type": "http.response.body", "body": answer})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [STREAM]})
    wait = float(asked.get("user", "wait 0").removeprefix("wait "))
    for chunk in CHUNKS[scope["path"]]:
        if wait:
            await asyncio.sleep(wait)
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(2048)
    print(f"ready at http://127.0.0.1:{listener.getsockname()[1]}/v1", flush=True)
    uvicorn.Server(
        uvicorn.Config(app, http="httptools", lifespan="off", log_level="warning", access_log=False)
    ).run(sockets=[listener])
