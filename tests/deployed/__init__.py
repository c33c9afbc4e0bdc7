"""A package, so that its tests share one deployed lake and no others have it."""
