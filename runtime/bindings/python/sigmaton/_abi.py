"""The C side: structs and functions of <sigmaton/sigmaton.h>, as ctypes sees them."""
from __future__ import annotations

import ctypes
import ctypes.util
import os
from ctypes import POINTER, Structure, Union, byref, c_char_p, c_int, c_size_t, c_uint32, c_uint64, c_void_p


class Ref(Structure):
    _fields_ = [("off", c_uint32), ("len", c_uint32)]


class RuleRow(Structure):
    _fields_ = [(n, Ref) for n in ("id", "title", "file", "tags", "product", "category", "service")]
    _fields_ += [(n, c_uint32) for n in ("level", "status", "document", "n_regexes")]
    _fields_ += [("slots", Ref)]


class Verdict(Structure):
    _fields_ = [("hits", POINTER(c_uint64)), ("unjudged", POINTER(c_uint64)), ("n_rules", c_uint32), ("n_hits", c_uint32),
                ("n_unjudged", c_uint32), ("slots", c_void_p), ("error", c_char_p), ("error_off", c_size_t)]


class Logsource(Structure):
    _fields_ = [("product", c_char_p), ("category", c_char_p), ("service", c_char_p)]


class Pair(Structure):
    _fields_ = [("name", c_char_p), ("value", c_char_p), ("name_len", c_uint32), ("value_len", c_uint32), ("kind", c_uint32),
                ("reserved", c_uint32)]


class Event(Structure):
    _fields_ = [("size", c_uint32), ("form", c_int), ("of", c_void_p), ("n", c_size_t), ("source", POINTER(Logsource))]


class SlotAt(Union):
    _fields_ = [("text", c_char_p), ("leaves", c_void_p)]


class Slot(Structure):
    _fields_ = [("at", SlotAt), ("number", c_uint64), ("len", c_uint32), ("kind", c_uint32)]


class OpenOptions(Structure):
    _fields_ = [("size", c_uint32), ("reserved", c_uint32), ("verify_key", c_char_p), ("signature", c_char_p), ("signature_len", c_size_t)]


class EngineOptions(Structure):
    _fields_ = [("size", c_uint32), ("routing", c_int), ("product", c_char_p), ("category", c_char_p), ("service", c_char_p),
                ("regex", c_int), ("eval", c_void_p), ("judge", c_void_p)]


FORM_JSON, FORM_SLOTS, FORM_PAIRS = 0, 1, 2
ROUTE_AUTO, ROUTE_NONE, ROUTE_GIVEN = 0, 1, 2
REGEX = {"auto": 0, "jit": 1, "interp": 2}
NO_SLOT = 0xFFFFFFFF
NULL, BOOL, INT, UINT, DOUBLE, TEXT = 1, 2, 4, 8, 16, 32

# name: (result, arguments)
_FACE = {
    "status_text": (c_char_p, [c_int]),
    "open": (c_int, [c_char_p, POINTER(OpenOptions), POINTER(c_void_p), POINTER(c_char_p)]),
    "close": (None, [c_void_p]),
    "engine_load": (c_int, [c_void_p, POINTER(EngineOptions), POINTER(c_void_p), POINTER(c_char_p)]),
    "engine_destroy": (None, [c_void_p]),
    "scratch_create": (c_int, [c_void_p, POINTER(c_void_p)]),
    "scratch_destroy": (None, [c_void_p]),
    "eval": (c_int, [c_void_p, c_void_p, POINTER(Event), POINTER(Verdict)]),
    "next_hit": (c_uint32, [POINTER(Verdict), c_uint32]),
    "next_unjudged": (c_uint32, [POINTER(Verdict), c_uint32]),
    "live_create": (c_int, [c_void_p, POINTER(c_void_p)]),
    "live_destroy": (None, [c_void_p]),
    "live_swap": (c_int, [c_void_p, c_void_p]),
    "reader_create": (c_int, [c_void_p, POINTER(c_void_p)]),
    "reader_destroy": (None, [c_void_p]),
    "reader_eval": (c_int, [c_void_p, POINTER(Event), POINTER(Verdict)]),
    "reader_engine": (c_void_p, [c_void_p]),
    "n_rules": (c_uint32, [c_void_p]),
    "rule_at": (POINTER(RuleRow), [c_void_p, c_uint32]),
    "ref_text": (c_void_p, [c_void_p, Ref, POINTER(c_size_t)]),
    "rule_tag": (c_void_p, [c_void_p, c_uint32, c_uint32, POINTER(c_size_t)]),
    "n_slots": (c_uint32, [c_void_p]),
    "slot_name": (c_void_p, [c_void_p, c_uint32, POINTER(c_size_t)]),
    "slot_find": (c_uint32, [c_void_p, c_char_p, c_size_t]),
    "level_text": (c_char_p, [c_uint32]),
    "rule_status_text": (c_char_p, [c_uint32]),
    "version": (c_char_p, []),
}


def _load() -> ctypes.CDLL:
    path = os.environ.get("SIGMATON_LIBRARY") or ctypes.util.find_library("sigmaton") or "libsigmaton.so.0"
    library = ctypes.CDLL(path)
    for name, (result, arguments) in _FACE.items():
        function = getattr(library, "sigmaton_" + name)
        function.restype, function.argtypes = result, arguments
    return library


lib = _load()


def text(engine: c_void_p, ref: Ref) -> str:
    """A text of the pack, copied."""
    length = c_size_t()
    at = lib.sigmaton_ref_text(engine, ref, byref(length))
    return ctypes.string_at(at, length.value).decode()
