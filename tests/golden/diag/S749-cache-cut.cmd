run --color never --cache _cache_cut -r _cached.yml _cached.ndjson
