run -r _fine.yml _bad.ndjson
