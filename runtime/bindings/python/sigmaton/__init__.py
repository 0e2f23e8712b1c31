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


def _pair(name: str, value: Value) -> _abi.Pair:
    if value is None:
        kind, said = _abi.NULL, "null"
    elif isinstance(value, bool):
        kind, said = _abi.BOOL, "true" if value else "false"
    elif isinstance(value, int):
        kind, said = (_abi.INT if value < 1 << 63 else _abi.UINT), str(value)
    elif isinstance(value, float):
        kind, said = _abi.DOUBLE, repr(value)
    elif isinstance(value, str):
        kind, said = _abi.TEXT, value
    else:
        raise TypeError(f"{name}: a {type(value).__name__} is no value of a flat event")
    key, data = name.encode(), said.encode()
    return _abi.Pair(key, data, len(key), len(data), kind, 0)


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
        row = _abi.Event(ctypes.sizeof(_abi.Event), form, of, n, None)
        if source is not None:
            row.source = ctypes.pointer(_abi.Logsource(*(s.encode() if s is not None else None for s in source)))
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


class Engine(_Handle):
    """A pack file, checked and ready. Constant: any number of threads may share it."""

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Opens the pack at path; raises :class:`PackError` where it is refused."""
        file, engine, why = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_char_p()
        status = lib.sigmaton_open(os.fsencode(path), None, byref(file), byref(why))
        if status == 0:
            status = lib.sigmaton_engine_load(file, None, byref(engine), byref(why))
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
