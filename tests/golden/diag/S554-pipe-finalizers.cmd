check --color never -p _pipe_finalizers.yml _pipe_rule.yml
