"""One folder a source: its files or API, how they reach Raw, and how Raw becomes Trusted rows."""
