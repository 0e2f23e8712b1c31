"""What Sigmaton knows of an event's log source and shape, for engines that want to be told: from the tables in
compiler/pipeline (logsources.def, shapes.def)."""
import os
import re

TEXT = r'"((?:[^"\\]|\\.)*)"'
CHANNELS = ("Channel", "winlog.channel", "Event.System.Channel", "log_name")
IDS = ("EventID", "winlog.event_id", "event.code", "Event.System.EventID", "event_id")
PROVIDERS = ("Provider_Name", "SourceName", "winlog.provider_name", "source_name", "event.dataset", "event.provider")
LABELS = ("_ls_product", "_ls_category", "_ls_service")
NOTHING = "-"  # a label that no rule names: the event has a log source, and it lacks this dimension


def arguments(text):
    """The arguments of each macro call in a .def file: strings, and words with their own arguments."""
    text = re.sub(r"\n\s*\n", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.S) + "\n")
    for name, body in re.findall(r"^(\w+)\((.*?)\)\n(?=\S|\Z)", text, re.M | re.S):
        yield name, re.findall(TEXT + r"|(\w+)(?:\(([^)]*)\))?", body)


class Routing:
    def __init__(self, root):
        folder = os.path.join(root, "compiler", "pipeline")
        self.rows, self.shapes = [], []
        for name, args in arguments(open(os.path.join(folder, "logsources.def")).read() + "\n"):
            if name == "ROW":
                self.rows.append(self.row(args))
        for name, args in arguments(open(os.path.join(folder, "shapes.def")).read() + "\n"):
            if name in ("RENAME", "OVERRIDE", "JOIN"):
                self.shapes.append((name, args[0][0].lower(), int(args[1][1]), [a[0] for a in args[2:]]))

    @staticmethod
    def row(args):
        texts = [a[0] for a in args[:5]]
        ids = [int(n) for n in re.findall(r"\d+", args[5][2])] if args[5][2] else []
        when = re.findall(TEXT, args[6][2]) if len(args) > 6 and args[6][2] else []
        return {"triple": tuple(texts[:3]), "channel": texts[3].lower(), "provider": texts[4].lower(), "ids": ids, "when": when}

    @staticmethod
    def get(event, path):
        if path in event:
            return event[path]
        for i, c in enumerate(path):
            if c == "." and isinstance(event.get(path[:i]), dict):
                found = Routing.get(event[path[:i]], path[i + 1:])
                if found is not None:
                    return found
        return None

    def first(self, event, names):
        return next((v for v in (self.get(event, n) for n in names) if isinstance(v, (str, int))), None)

    def source(self, event):
        event_id = self.first(event, IDS)
        try:
            event_id = int(event_id)
        except (TypeError, ValueError):
            event_id = None
        return str(self.first(event, CHANNELS) or "").lower(), str(self.first(event, PROVIDERS) or "").lower(), event_id

    def triples(self, event):
        """The log sources of the event, or None where the tables know nothing of it."""
        channel, provider, event_id = self.source(event)
        known = [r for r in self.rows if (r["channel"] == channel if channel else provider and r["provider"] == provider)]
        if not known:
            return None
        return frozenset(r["triple"] for r in known if (not r["ids"] or event_id in r["ids"]) and self.condition(r, event))

    def condition(self, row, event):
        if not row["when"]:
            return True
        value = self.get(event, row["when"][0])
        return isinstance(value, (str, int)) and str(value).lower() in [v.lower() for v in row["when"][1:]]

    def shaped(self, event):
        """The event with Sigma's names beside its own."""
        channel, _, event_id = self.source(event)
        event = dict(event)
        for kind, where, which, (field, source, *domain) in self.shapes:
            if where != channel or which != event_id:
                continue
            value = event.get(source)
            if kind == "OVERRIDE":
                event[field] = value
                if value is None:
                    del event[field]
            elif field not in event and value is not None and (kind == "RENAME" or value != "-"):
                before = event.get(domain[0]) if domain else None
                event[field] = before + "\\" + value if before not in (None, "-") else value
        return event


def meets(rule, triples):
    """CONTRACT section 3: some triple carries every dimension that the rule names."""
    return triples is None or any(all(not want or want == has for want, has in zip(rule, t)) for t in triples)


def labels(triples):
    """One value for each dimension; where the event has several, they are joined and rules are copied for it."""
    if triples is None:
        return None
    return tuple("+".join(sorted({t[i] for t in triples if t[i]})) or NOTHING for i in range(3))


def copies(rule, all_labels):
    """The log sources to give copies of a rule so that an engine which compares label by label lets it meet what it should."""
    found = {rule}
    for event in all_labels:
        joined = tuple(has if want and want in has.split("+") else want for want, has in zip(rule, event))
        found.add(joined)
    return found


def compatible(rule, event):
    """Whether an engine that skips a rule on a conflict of labels tries it."""
    return event is None or all(not want or want == has for want, has in zip(rule, event))
