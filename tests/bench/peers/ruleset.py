"""Rule files: what other engines need to be told of them, and copies with other log sources."""
import os
import re
import shutil

import yaml

import labels


class Rule:
    def __init__(self, path, text, document):
        self.path, self.text = path, text
        source = document.get("logsource") or {}
        self.id, self.title = document.get("id"), document.get("title")
        self.logsource = tuple(str(source.get(d) or "") for d in ("product", "category", "service"))
        self.detection = document.get("detection")
        self.copies = {self.logsource}


def load(folders):
    rules = []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for folder in folders:
        for base, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                if name.endswith((".yml", ".yaml")):
                    path = os.path.join(base, name)
                    text = open(path, encoding="utf-8").read()
                    document = yaml.load(text, loader)
                    if isinstance(document, dict) and "detection" in document:
                        rules.append(Rule(path, text, document))
    return rules


def with_source(text, old, new):
    """The rule's text with another log source."""
    block = re.search(r"^logsource:\n((?:[ \t]+.*\n|[ \t]*\n|#.*\n)+)", text, re.M)
    changed = block.group(1)
    for key, was, now in zip(("product", "category", "service"), old, new):
        if was != now:
            changed = re.sub(r"^([ \t]+%s:[ \t]*).*$" % key, lambda m: m.group(1) + "'%s'" % now, changed, count=1, flags=re.M)
    return text[:block.start(1)] + changed + text[block.end(1):]


def copy(rules, all_labels, folder):
    """Writes each rule once for every log source under which an engine that compares labels has to find it."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for i, rule in enumerate(rules):
        rule.copies = labels.copies(rule.logsource, all_labels)
        for k, source in enumerate(sorted(rule.copies)):
            text = rule.text if source == rule.logsource else with_source(rule.text, rule.logsource, source)
            with open(os.path.join(folder, "%05d-%d.yml" % (i, k)), "w", encoding="utf-8") as f:
                f.write(text)
