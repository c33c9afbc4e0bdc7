"""What every package builds on: errors, options and settings, storage, the lake's layout."""
