check --color never -p _pipe_condition.yml _pipe_rule.yml
