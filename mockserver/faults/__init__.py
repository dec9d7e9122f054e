"""Faults: what can go wrong with an answer, one file each.

    client  <->  connection  <->  Refusals  Keys  Faults  FastAPI
                     ^                              |
                     |  wire: reset, close, raw     |  receive: the request
                     +------------------------------+  send: head, pieces of the body, end

A fault stands between the keys and the resource. It may let the request through (`call.proceed()`) and spoil what
comes back, answer in the resource's place, or reach past HTTP to the connection itself (`call.wire`), so that what
is broken is broken on the wire. Its settings are its fields, its name is its class's, and existing is all it takes
to be known: `rule.py` reads every file of this package. When, how often and for whom a fault strikes is the rule's
to say, not the fault's. `docs/faults.md` shows each of them, and how to add one.
"""
