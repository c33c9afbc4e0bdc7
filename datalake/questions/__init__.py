"""One folder a business question: its table, estimate, story, charts, texts and view."""
