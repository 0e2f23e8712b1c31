check --color never -p _pipe_top.yml _pipe_rule.yml
