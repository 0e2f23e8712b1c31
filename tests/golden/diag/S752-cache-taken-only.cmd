run --color never --cache _cache_taken -r _cached.yml _cached.ndjson
