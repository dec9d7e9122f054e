"""Chat completions: how they are asked for, and how what a model says is told in their words."""
