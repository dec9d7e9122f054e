"""Kill a server with running jobs at random moments, again and again, and see that nothing it confirmed is lost.

Each round starts the server on the same state folder, checks everything that was ever answered with a 2xx, makes
more files and jobs while the clock runs, and kills it. At the end every job must have ended as its plan said, each
event at its second.

    python benchmarks/kill_minus_nine.py [rounds]
"""

import contextlib
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx2
from running import start

SCENARIO = """
version: 1
clock: {start: 2023-03-15T00:00:00Z, rate: 600}
training:
  - match: {model: davinci}
    timeline:
      - {after: 60s, cost: auto}
      - {after: 1s, enqueued: true}
      - {after: 100s, queue: 1}
      - {after: 50s, started: true}
      - {after: 40s, epoch: 1}
      - {after: 40s, epoch: 2}
      - {after: 30s, model: true}
      - {after: 1s, result_file: true}
      - {after: 0s, succeeded: true}
  - match: {model: curie}
    timeline:
      - {after: 30s, cost: auto}
      - {after: 1s, enqueued: true}
      - {after: 200s, started: true}
      - {after: 100s, epoch: 1}
      - {after: 100s, epoch: 2}
    outcome: {failed: {at: epoch 2, message: out of luck}}
"""
#: seconds after creation at which each event is due, for jobs of two epochs
PLANS = {
    "davinci": ([0, 60, 61, 161, 211, 251, 291, 321, 322, 322], "succeeded"),
    "curie": ([0, 30, 31, 231, 331, 431], "failed"),
}
ROW = '{"prompt": "round %d", "completion": " file %d"}\n'
KEY = {"authorization": "Bearer sk-kill"}


class Witness:
    """What the server has confirmed so far."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.jobs: dict[str, tuple[str, int]] = {}
        self.clock = 0.0

    def work(self, http: httpx2.Client, number: int) -> None:
        """Upload and create until the server is gone."""
        for count in range(10_000):
            content = (ROW % (number, count)).encode() * (1 + count % 5)
            form = {"files": {"file": ("f.jsonl", content)}, "data": {"purpose": "fine-tune"}}
            file = http.post("/v1/files", **form).raise_for_status().json()["id"]
            self.files[file] = content
            model = ("davinci", "curie")[count % 2]
            body = {"training_file": file, "model": model, "n_epochs": 2}
            job = http.post("/v1/fine-tunes", json=body).raise_for_status().json()
            self.jobs[job["id"]] = (model, job["created_at"])
            self.clock = max(self.clock, http.get("/_mock/clock").raise_for_status().json()["now"])
            time.sleep(0.02)

    def check(self, http: httpx2.Client) -> None:
        """See that everything confirmed is there, and that time has not gone back."""
        now = http.get("/_mock/clock").raise_for_status().json()["now"]
        assert now >= self.clock, f"the clock went back from {self.clock} to {now}"
        # jobs first: the clock runs, and what they speak of must be there by the time it is looked for
        jobs = {job["id"]: job for job in http.get("/v1/fine-tunes").json()["data"]}
        assert self.jobs.keys() <= jobs.keys(), self.jobs.keys() - jobs.keys()
        listed = {file["id"] for file in http.get("/v1/files").json()["data"]}
        assert self.files.keys() <= listed, self.files.keys() - listed
        models = {model["id"] for model in http.get("/v1/models").json()["data"]}
        for job in jobs.values():
            uploaded = job["fine_tuned_model"]
            assert uploaded is None or uploaded in models, f"{job['id']} says {uploaded}, no such model"
            assert all(file["id"] in listed for file in job["result_files"])

    def check_contents(self, http: httpx2.Client) -> None:
        """See that every file has its bytes."""
        for file, content in self.files.items():
            assert content == http.get(f"/v1/files/{file}/content").content

    def check_ends(self, http: httpx2.Client) -> None:
        """Let all time pass and see that every job ended as planned, each event at its second."""
        http.post("/_mock/clock", json={"advance": 100_000}).raise_for_status()
        for job_id, (model, created_at) in self.jobs.items():
            offsets, status = PLANS[model]
            job = http.get(f"/v1/fine-tunes/{job_id}").raise_for_status().json()
            assert status == job["status"], job
            assert offsets == [event["created_at"] - created_at for event in job["events"]], job["events"]


def main(rounds: int) -> None:
    """Kill `rounds` times."""
    rng = random.Random(9)
    witness = Witness()
    with tempfile.TemporaryDirectory() as folder:
        scenario = Path(folder) / "kill.yaml"
        scenario.write_text(SCENARIO, encoding="utf-8")
        state = Path(folder) / "state"
        for number in range(rounds):
            process, url = start("--scenario", str(scenario), "--state", str(state))
            with httpx2.Client(base_url=url, headers=KEY, timeout=10) as http:
                witness.check(http)
                timer = threading.Timer(rng.uniform(0.02, 0.8), process.send_signal, [signal.SIGKILL])
                timer.start()
                with contextlib.suppress(httpx2.TransportError):  # the kill
                    witness.work(http, number)
                timer.join()
            process.wait()
        process, url = start("--scenario", str(scenario), "--state", str(state))
        with httpx2.Client(base_url=url, headers=KEY, timeout=60) as http:
            witness.check(http)
            witness.check_contents(http)
            witness.check_ends(http)
        process.terminate()
        process.wait()
        with sqlite3.connect(state / "default" / "state.sqlite") as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    print(f"{rounds} kills: {len(witness.files)} files and {len(witness.jobs)} jobs confirmed, none lost,")
    print("every job ended as its plan said, each event at its second.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
