check _faults.yml
