check --color never -p _pipe_value.yml _pipe_rule.yml
