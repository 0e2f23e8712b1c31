check _merged.yml
