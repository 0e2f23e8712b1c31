/** Where an event comes from, when its sender knows. */
export interface Logsource { product?: string; category?: string; service?: string }

/** What a pack says of a rule; texts are "" where the rule says nothing. */
export interface Rule {
  index: number; id: string; title: string; level: string; status: string;
  product: string; category: string; service: string; file: string; tags: string[];
}

/** The answer to one event; `unjudged` are rules without one, because a regex ran into its limit. */
export interface Verdict { hits: Rule[]; unjudged: Rule[] }

/** A flat event: numbers, booleans, strings and nulls by name. */
export type Pairs = Record<string, string | number | bigint | boolean | null>;

/** Thrown by everything here: `code` is libsigmaton's status as a text ("-3"), `offset` the byte of an event where. */
export interface SigmatonError extends Error { code: string; offset?: number }

/** Judges one event after the other: a JSON object as bytes or string, or a flat one. */
export interface Judge { judge(event: Uint8Array | string | Pairs, source?: Logsource): Verdict }

/** A pack file, checked and ready. Memory is given back when nothing refers to it. */
export class Engine {
  constructor(path: string);
  readonly rules: Rule[];
  scratch(): Judge;
}

/** A handle whose engine can be replaced between events; it takes the engines, which have no scratches. */
export class Live {
  constructor(engine: Engine);
  swap(newer: Engine): void;
  reader(): Judge;
}

/** The version of libsigmaton. */
export const version: string;
