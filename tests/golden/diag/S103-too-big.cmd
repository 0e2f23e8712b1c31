check _big.yml
