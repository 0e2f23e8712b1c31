check --color never -p _pipe_vars.yml _pipe_expand.yml
