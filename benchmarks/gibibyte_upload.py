"""Upload a gibibyte of training data and watch what it costs the server and everybody else.

python benchmarks/gibibyte_upload.py [mebibytes]
"""

import hashlib
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx2
from running import memory, percentile, running

MIB = 2**20
LINE = b'{"prompt": "How are you today, my friend? ->", "completion": " ' + b"well " * 40 + b'END"}\n'
KEY = {"authorization": "Bearer sk-upload"}


def chunks(size: int):
    """Yield `size` bytes of JSONL in pieces of one MiB, the last line whole."""
    block = LINE * (MIB // len(LINE))
    sent = 0
    while sent + len(block) <= size:
        yield block
        sent += len(block)
    while sent + len(LINE) <= size:
        yield LINE
        sent += len(LINE)


def upload(url: str, size: int) -> dict[str, object]:
    """Send one multipart upload over a plain socket, so that the sender costs as little as possible."""
    head = (
        b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="big.jsonl"\r\n\r\n'
    )
    tail = b"\r\n--b--\r\n"
    length = len(head) + sum(map(len, chunks(size))) + len(tail)
    target = httpx2.URL(url)
    lines = [
        "POST /v1/files HTTP/1.1",
        f"host: {target.host}:{target.port}",
        "authorization: Bearer sk-upload",
        "content-type: multipart/form-data; boundary=b",
        f"content-length: {length}",
        "connection: close",
    ]
    with socket.create_connection((target.host, target.port)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + head)
        for piece in chunks(size):
            connection.sendall(piece)
        connection.sendall(tail)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    head_end = answer.index(b"\r\n\r\n") + 4
    assert b" 200 " in answer[:20], answer
    return httpx2.Response(200, content=answer[head_end:]).json()


def main(mebibytes: int) -> None:
    """Upload, and print what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = Path(folder) / "big.yaml"
        scenario.write_text("version: 1\nuploads: {max_bytes: 4GiB}\n", encoding="utf-8")
        options = ("--scenario", str(scenario))
        with (
            running(*options) as (process, url),
            httpx2.Client(base_url=url, headers=KEY, timeout=60) as http,
        ):
            small = {"files": {"file": ("f.jsonl", LINE)}, "data": {"purpose": "fine-tune"}}
            http.post("/v1/files", **small).raise_for_status()
            for _ in range(50):
                http.get("/v1/files").raise_for_status()
            before = memory(process)
            done: list[dict[str, object]] = []
            size = mebibytes * MIB
            sender = threading.Thread(target=lambda: done.append(upload(url, size)))
            began = time.perf_counter()
            sender.start()
            waits = []
            while sender.is_alive():
                asked = time.perf_counter()
                http.get("/v1/files").raise_for_status()
                waits.append((time.perf_counter() - asked) * 1000)
                time.sleep(0.005)
            took = time.perf_counter() - began
            peak = memory(process, "VmHWM")
            [file] = done
            sent, kept = hashlib.sha256(), hashlib.sha256()
            for piece in chunks(size):
                sent.update(piece)
            with http.stream("GET", f"/v1/files/{file['id']}/content") as content:
                for piece in content.iter_bytes():
                    kept.update(piece)
            assert sent.digest() == kept.digest(), "what was kept is not what was sent"
    print(f"{mebibytes} MiB in {took:.1f} s: {mebibytes / took:.0f} MiB/s, every byte kept")
    print(f"peak memory grew by {(peak - before) / MIB:.1f} MiB (from {before / MIB:.1f})")
    print(
        f"meanwhile {len(waits)} other requests: p50 {percentile(waits, 0.5):.1f} ms, "
        f"p99 {percentile(waits, 0.99):.1f} ms, max {max(waits):.1f} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1024)
