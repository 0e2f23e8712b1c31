module sigmaton

go 1.19
