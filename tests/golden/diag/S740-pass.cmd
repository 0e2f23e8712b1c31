dump --stage opt --off absrob _fine.yml
