/** Where an event comes from, when its sender knows. */
export interface Logsource { product?: string; category?: string; service?: string }

/** What a pack says of a rule; texts are "" where the rule says nothing. */
export interface Rule {
  index: number; id: string; title: string; level: string; status: string;
  product: string; category: string; service: string; file: string; tags: string[];
}

/** The answer to one event; `unjudged` are rules without one, because a regex ran into its limit. */
export interface Verdict { hits: Rule[]; unjudged: Rule[] }

export type Value = string | number | bigint | boolean | null;

/** A flat event: numbers, booleans, strings and nulls by name. */
export type Pairs = Record<string, Value>;

/** Thrown by everything here: `code` is libsigmaton's status as a text ("-3"), `offset` the byte of an event where. */
export interface SigmatonError extends Error { code: string; offset?: number }

/** Judges one event after the other: a JSON object as bytes or string, or a flat one. */
export interface Judge { judge(event: Uint8Array | string | Pairs, source?: Logsource): Verdict }

/** What one judges with. */
export interface Scratch extends Judge {
  /** Judges a flat event whose fields go by the numbers that `Engine.slot` gives: no name is looked up. */
  judgeSlots(event: Iterable<[number, Value]>, source?: Logsource): Verdict;
}

export interface Options {
  /** minisign's public key, the base64 or all of its file: the pack must be signed with it, in path.minisig. */
  verifyKey?: string;
  /** Which rules meet which events: by what events say of themselves, every rule every event, or all events have this one. */
  logsource?: 'auto' | 'none' | Logsource;
  /** How PCRE2 runs the regexes that are left to it: as an interpreter, unless "jit" is asked for. */
  regex?: 'auto' | 'jit' | 'interp';
}

/** A pack file, checked and ready. Memory is given back when nothing refers to it. */
export class Engine {
  constructor(path: string, options?: Options);
  readonly rules: Rule[];
  /** The fields that the pack looks at, by number. */
  readonly slots: string[];
  /** The number of a field; undefined where nothing looks at it. Once at start, not per event. */
  slot(name: string): number | undefined;
  scratch(): Scratch;
}

/** A handle whose engine can be replaced between events; it takes the engines, which have no scratches. */
export class Live {
  constructor(engine: Engine);
  swap(newer: Engine): void;
  reader(): Judge;
}

/** The version of libsigmaton. */
export const version: string;
