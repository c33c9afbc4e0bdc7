"""What everything stands on: errors, settings, storage, and the lake's map."""
