run -r _fine.yml _many.ndjson
