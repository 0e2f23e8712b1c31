check --color never -p ecs-widnows _pipe_rule.yml
