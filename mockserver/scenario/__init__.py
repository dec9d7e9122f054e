"""Scenario files: one YAML file tells the story of one world.

Pure data and pure functions; nothing here knows HTTP or a world. The way of a file:
`yaml12` (text → data with positions) → `models` (data → a checked `Scenario`) → `loader` (one call for both,
every mistake with file, line and column) → `selection` (which rule answers a request, by its `matchers`).
"""
