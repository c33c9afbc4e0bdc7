"""IMDb's official datasets, renewed daily: six of its seven gzipped TSV files, all but akas."""
