check --color never -p _pipe_apply.yml _pipe_rule.yml
