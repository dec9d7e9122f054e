"""The private routes under `/_mock`: what a test, a teacher or a dashboard may ask of a world."""
