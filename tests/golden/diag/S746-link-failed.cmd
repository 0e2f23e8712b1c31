build ../../../rules/demo -o /dev/null --linker false --color never
