"""What a world remembers: objects, due steps and blobs, behind a small interface."""

from mockserver.store.blobs import Blobs, BlobWriter
from mockserver.store.room import is_disk_full
from mockserver.store.sqlite import Store, StoreError
from mockserver.store.step import Due, Step

__all__ = ["BlobWriter", "Blobs", "Due", "Step", "Store", "StoreError", "is_disk_full"]
