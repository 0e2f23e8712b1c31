check --color never -p _pipe_security.yml _pipe_rule.yml
