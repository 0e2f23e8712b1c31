"""Judge events with packs of compiled Sigma rules.

    with sigmaton.Engine("pack.so") as engine, engine.scratch() as scratch:
        for rule in scratch.judge(b'{"EventID": 1, ...}'):
            print(rule.id, rule.title)

An engine is shared by all threads; a scratch, or a reader of a live handle, is one thread's. Judging releases the GIL.
Faults are exceptions: :class:`PackError` for packs, :class:`EventError` for events. The library is ``$SIGMATON_LIBRARY``,
or libsigmaton where the system finds libraries.
"""
from __future__ import annotations

import ctypes
import os
import weakref
from ctypes import byref
from dataclasses import dataclass
from typing import Iterator, Mapping, NamedTuple, Optional, Tuple, Union

from . import _abi
from ._abi import lib

__all__ = ["Engine", "Error", "EventError", "Live", "Logsource", "PackError", "Reader", "Rule", "Scratch", "Verdict", "version"]

Value = Union[str, int, float, bool, None]


class Error(Exception):
    """What libsigmaton refused; ``status`` is the number of its enum sigmaton_status."""

    def __init__(self, status: int, why: Optional[str] = None) -> None:
        super().__init__(why or lib.sigmaton_status_text(status).decode())
        self.status = status


class PackError(Error):
    """The pack cannot be used; nothing of it has run."""


class EventError(Error):
    """The event is unreadable or above a limit; ``offset`` is the byte where."""

    def __init__(self, status: int, why: Optional[str], offset: int) -> None:
        super().__init__(status, why)
        self.offset = offset


class Logsource(NamedTuple):
    """Where an event comes from, when its sender knows."""

    product: Optional[str] = None
    category: Optional[str] = None
    service: Optional[str] = None


@dataclass(frozen=True)
class Rule:
    """What a pack says of a rule. Texts are "" where the rule says nothing."""

    index: int
    id: str
    title: str
    level: str
    status: str
    product: str
    category: str
    service: str
    file: str
    tags: Tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """The answer to one event; iterating gives the rules that hit."""

    hits: Tuple[Rule, ...]
    unjudged: Tuple[Rule, ...]
    """Rules without a verdict, because a regex ran into its limit."""

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


def version() -> str:
    """The version of libsigmaton."""
    return lib.sigmaton_version().decode()


def _rule(engine: Optional[int], index: int) -> Rule:
    row = lib.sigmaton_rule_at(engine, index).contents
    tags, length = [], ctypes.c_size_t()
    while (at := lib.sigmaton_rule_tag(engine, index, len(tags), byref(length))) is not None:
        tags.append(ctypes.string_at(at, length.value).decode())
    texts = {name: _abi.text(engine, getattr(row, name)) for name in ("id", "title", "product", "category", "service", "file")}
    return Rule(index=index, level=lib.sigmaton_level_text(row.level).decode(),
                status=lib.sigmaton_rule_status_text(row.status).decode(), tags=tuple(tags), **texts)


def _value(name: object, value: Value) -> Tuple[int, bytes, int]:
    """A value's kind, text and number."""
    if value is None:
        return _abi.NULL, b"null", 0
    if isinstance(value, bool):
        return _abi.BOOL, b"true" if value else b"false", int(value)
    if isinstance(value, int):
        return (_abi.INT if value < 1 << 63 else _abi.UINT), str(value).encode(), value & (1 << 64) - 1
    if isinstance(value, float):
        return _abi.DOUBLE, repr(value).encode(), ctypes.c_uint64.from_buffer(ctypes.c_double(value)).value
    if isinstance(value, str):
        return _abi.TEXT, value.encode(), 0
    raise TypeError(f"{name}: a {type(value).__name__} is no value of a flat event")


def _pair(name: str, value: Value) -> _abi.Pair:
    kind, data, _ = _value(name, value)
    key = name.encode()
    return _abi.Pair(key, data, len(key), len(data), kind, 0)


def _logsource(source: Logsource) -> Tuple[Optional[bytes], ...]:
    return tuple(s.encode() if s is not None else None for s in source)


class _Handle:
    """A pointer of the library and those that must go before it."""

    def __init__(self, pointer: ctypes.c_void_p, owner: Optional["_Handle"] = None) -> None:
        self._pointer: Optional[int] = pointer.value
        self._owner = owner
        self._children: "weakref.WeakSet[_Handle]" = weakref.WeakSet()
        if owner is not None:
            owner._children.add(self)

    def _destroy(self, pointer: int) -> None:
        raise NotImplementedError

    def _get(self) -> int:
        if self._pointer is None:
            raise ValueError(f"this {type(self).__name__} is closed")
        return self._pointer

    def close(self) -> None:
        """Gives back what this holds, and what was made of it. Twice is once."""
        for child in list(self._children):
            child.close()
        pointer, self._pointer = self._pointer, None
        if pointer is not None:
            self._destroy(pointer)

    def __enter__(self):
        self._get()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_pointer", None) is not None:
            self.close()


class _Judge(_Handle):
    """What a thread judges with."""

    def _eval(self, event: _abi.Event, verdict: _abi.Verdict) -> Tuple[int, Optional[int]]:
        raise NotImplementedError

    def judge(self, event: Union[bytes, str, Mapping[str, Value]], source: Optional[Logsource] = None) -> Verdict:
        """Judges one event: a JSON object as bytes or str, or a mapping of names to values (a flat event).

        Raises :class:`EventError` for what cannot be read, :class:`Error` for what makes no sense."""
        if isinstance(event, (bytes, str)):
            data = event.encode() if isinstance(event, str) else event
            of, n, form = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), len(data), _abi.FORM_JSON
        else:
            pairs = (_abi.Pair * max(len(event), 1))(*(_pair(name, value) for name, value in event.items()))
            of, n, form = ctypes.cast(pairs, ctypes.c_void_p), len(event), _abi.FORM_PAIRS
        return self._ask(form, of, n, source)

    def _ask(self, form: int, of: ctypes.c_void_p, n: int, source: Optional[Logsource]) -> Verdict:
        row = _abi.Event(ctypes.sizeof(_abi.Event), form, of, n, None)
        if source is not None:
            row.source = ctypes.pointer(_abi.Logsource(*_logsource(source)))
        verdict = _abi.Verdict()
        status, engine = self._eval(row, verdict)
        if status != 0:
            if verdict.error is None:
                raise Error(status)
            raise EventError(status, verdict.error.decode(), verdict.error_off)
        return Verdict(self._walk(engine, verdict, lib.sigmaton_next_hit), self._walk(engine, verdict, lib.sigmaton_next_unjudged))

    @staticmethod
    def _walk(engine: Optional[int], verdict: _abi.Verdict, following) -> Tuple[Rule, ...]:
        rules, i = [], following(byref(verdict), 0)
        while i < verdict.n_rules:
            rules.append(_rule(engine, i))
            i = following(byref(verdict), i + 1)
        return tuple(rules)


class Scratch(_Judge):
    """One thread's memory for judging with an engine. Made by :meth:`Engine.scratch`."""

    def _destroy(self, pointer: int) -> None:
        lib.sigmaton_scratch_destroy(pointer)

    def _eval(self, event, verdict):
        engine = self._owner._get()
        return lib.sigmaton_eval(engine, self._get(), byref(event), byref(verdict)), engine

    def judge_slots(self, event: Mapping[int, Value], source: Optional[Logsource] = None) -> Verdict:
        """Judges one event whose fields are named by the numbers that :meth:`Engine.slot` gives: no name is looked up."""
        slots = (_abi.Slot * lib.sigmaton_n_slots(self._owner._get()))()
        for number, value in event.items():
            kind, data, bits = _value(number, value)
            slots[number] = _abi.Slot(_abi.SlotAt(text=data), bits, len(data), kind)
        return self._ask(_abi.FORM_SLOTS, ctypes.cast(slots, ctypes.c_void_p), len(slots), source)


class Engine(_Handle):
    """A pack file, checked and ready. Constant: any number of threads may share it."""

    def __init__(self, path: Union[str, "os.PathLike[str]"], *, verify_key: Optional[str] = None,
                 logsource: Union[Logsource, str] = "auto", regex: str = "auto") -> None:
        """Opens the pack at path; raises :class:`PackError` where it is refused.

        verify_key is minisign's public key (the base64, or all of its file): the pack must be signed with it, in path.minisig.
        logsource says which rules meet which events: "auto" what events say of themselves, "none" every rule every event, a
        :class:`Logsource` that all events have this one. regex is "auto", "jit" or "interp"."""
        opening, options = _abi.OpenOptions(), _abi.EngineOptions(regex=_abi.REGEX[regex])
        opening.size, options.size = ctypes.sizeof(opening), ctypes.sizeof(options)
        opening.verify_key = verify_key.encode() if verify_key is not None else None
        if not isinstance(logsource, str):
            options.routing = _abi.ROUTE_GIVEN
            options.product, options.category, options.service = _logsource(logsource)
        else:
            options.routing = {"auto": _abi.ROUTE_AUTO, "none": _abi.ROUTE_NONE}[logsource]
        file, engine, why = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_char_p()
        status = lib.sigmaton_open(os.fsencode(path), byref(opening), byref(file), byref(why))
        if status == 0:
            status = lib.sigmaton_engine_load(file, byref(options), byref(engine), byref(why))
            if status != 0:
                lib.sigmaton_close(file)
        if status != 0:
            raise PackError(status, why.value.decode() if why.value else None)
        super().__init__(engine)

    def _destroy(self, pointer: int) -> None:
        lib.sigmaton_engine_destroy(pointer)

    def scratch(self) -> Scratch:
        """A scratch for one thread."""
        scratch = ctypes.c_void_p()
        status = lib.sigmaton_scratch_create(self._get(), byref(scratch))
        if status != 0:
            raise Error(status)
        return Scratch(scratch, self)

    def __len__(self) -> int:
        """How many rules the pack has."""
        return lib.sigmaton_n_rules(self._get())

    @property
    def rules(self) -> Iterator[Rule]:
        """The rules of the pack, in its order."""
        return (_rule(self._get(), i) for i in range(len(self)))

    def slot(self, name: str) -> Optional[int]:
        """The number of a field for :meth:`Scratch.judge_slots`; None where nothing looks at it. Once at start, not per event."""
        key = name.encode()
        number = lib.sigmaton_slot_find(self._get(), key, len(key))
        return number if number != _abi.NO_SLOT else None

    @property
    def slots(self) -> Tuple[str, ...]:
        """The fields that the pack looks at, by number."""
        length, names = ctypes.c_size_t(), []
        while (at := lib.sigmaton_slot_name(self._get(), len(names), byref(length))) is not None:
            names.append(ctypes.string_at(at, length.value).decode())
        return tuple(names)


class Reader(_Judge):
    """One thread's place at a live handle. Made by :meth:`Live.reader`."""

    def _destroy(self, pointer: int) -> None:
        lib.sigmaton_reader_destroy(pointer)

    def _eval(self, event, verdict):
        status = lib.sigmaton_reader_eval(self._get(), byref(event), byref(verdict))
        return status, lib.sigmaton_reader_engine(self._get())


class Live(_Handle):
    """A handle whose engine can be replaced while threads judge with it."""

    def __init__(self, engine: Engine) -> None:
        """Takes the engine, which the caller cannot use any more. Its scratches are closed."""
        for scratch in list(engine._children):
            scratch.close()
        live = ctypes.c_void_p()
        status = lib.sigmaton_live_create(engine._get(), byref(live))
        if status != 0:
            raise Error(status)
        engine._pointer = None
        super().__init__(live)

    def _destroy(self, pointer: int) -> None:
        lib.sigmaton_live_destroy(pointer)

    def swap(self, engine: Engine) -> None:
        """Takes the engine; once this has returned no event begins with the old one. Raises :class:`Error` where the
        old one goes on, and the new one stays the caller's."""
        for scratch in list(engine._children):
            scratch.close()
        status = lib.sigmaton_live_swap(self._get(), engine._get())
        if status != 0:
            raise Error(status)
        engine._pointer = None

    def reader(self) -> Reader:
        """A place for one thread."""
        reader = ctypes.c_void_p()
        status = lib.sigmaton_reader_create(self._get(), byref(reader))
        if status != 0:
            raise Error(status)
        return Reader(reader, self)
