check --min-level hihg _fine.yml
