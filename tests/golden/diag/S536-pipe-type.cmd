check --color never -p _pipe_type.yml _pipe_rule.yml
