"""One module a step, each read → transform → check → publish."""
