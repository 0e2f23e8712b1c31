check --color never -p _pipe_key.yml _pipe_rule.yml
