check --color never -p _pipe_list.yml _pipe_rule.yml
