check _conditions.yml
