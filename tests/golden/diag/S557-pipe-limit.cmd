check --color never -p _pipe_limit.yml _pipe_rule.yml
