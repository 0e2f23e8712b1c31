check --color never -p _pipe_missing.yml _pipe_rule.yml
