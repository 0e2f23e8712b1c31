build ../../../rules/demo -o /dev/null --linker sigmaton-no-such-linker --color never
