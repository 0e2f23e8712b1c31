check --color never -p _pipe_query.yml _pipe_rule.yml
