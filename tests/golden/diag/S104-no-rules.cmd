check _empty
