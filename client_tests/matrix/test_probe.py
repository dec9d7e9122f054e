import pytest, json
LINES = "".join(json.dumps({"prompt": f"Say {n} ->", "completion": f" number {n}\n"}) + "\n" for n in range(12))
from matrix.environments import RELEASES
CASES=[(v,s,a) for v,r in RELEASES.items() for a in r.apis for s in ("sync","async")]
@pytest.mark.parametrize(("version","style","api"), CASES)
def test_x(connect, server, version, style, api):
    c = connect(server, version, style=style, api=api)
    f = c.upload(LINES)
    print(f)
    print(c.files(), c.file(f["id"]), c.content(f["id"])==LINES)
    job = c.tune("davinci" if api=="legacy" else "babbage-002", f["id"], n_epochs=2)
    print(json.dumps(job,indent=1))
    print(c.jobs()[0]["id"])
    server.finish(job["id"])
    done = c.job(job["id"])
    print(json.dumps(done,indent=1))
    ev = c.events(job["id"])
    print(json.dumps(ev,indent=1))
    if api=="legacy": assert c.follow(job["id"])==ev
    else: assert c.events(job["id"], limit=3)==ev
    m = done["fine_tuned_model"]
    print(c.model(m)); assert m in [x["id"] for x in c.models()]
    rf = done["result_files"][0]; rf = rf if isinstance(rf,str) else rf["id"]
    print(c.content(rf))
    print(c.complete(model=m, prompt="Say 3 ->", max_tokens=5, n=2, logprobs=2, stop="\n"))
    print(c.stream(model=m, prompt="Say 3 ->", max_tokens=5, stop="\n"))
    print(c.delete_model(m))
    for call in (c.model, lambda m: c.complete(model=m, prompt="x")):
        try: call(m); assert 0
        except Exception as e: print(type(e), e)
