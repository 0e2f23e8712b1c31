check missing.yml
