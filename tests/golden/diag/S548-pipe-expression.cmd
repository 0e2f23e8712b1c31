check --color never -p _pipe_expression.yml _pipe_rule.yml
