"""What a request passes before and after its handler: pure ASGI, one file per layer, put in order by `app.py`."""
