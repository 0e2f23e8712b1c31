check --color never -p _pipe_regex.yml _pipe_rule.yml
