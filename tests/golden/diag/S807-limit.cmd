run -r _slow.yml _slow.ndjson
