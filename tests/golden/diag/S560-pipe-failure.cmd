check --color never -p _pipe_failure.yml _pipe_rule.yml
