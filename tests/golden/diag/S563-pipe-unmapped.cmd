check --color never -p _pipe_unmapped.yml _pipe_rule.yml
