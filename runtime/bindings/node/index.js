'use strict';
/** libsigmaton out of Node; index.d.ts has the types, sigmaton_node.c the native half. */
const path = require('node:path');
const native = require(process.env.SIGMATON_NODE || path.join(__dirname, 'sigmaton.node'));

const KINDS = { null: 1, boolean: 2, int: 4, uint: 8, double: 16, text: 32 };

function pair(name, value) {
  if (value === null) return [name, 'null', KINDS.null];
  switch (typeof value) {
    case 'boolean': return [name, String(value), KINDS.boolean];
    case 'bigint': return [name, String(value), value < 1n << 63n ? KINDS.int : KINDS.uint];
    case 'number': return [name, String(value), Number.isSafeInteger(value) ? KINDS.int : KINDS.double];
    case 'string': return [name, value, KINDS.text];
    default: throw new TypeError(`${name}: a ${typeof value} is no value of a flat event`);
  }
}

/** What scratches and readers share. */
class Judge {
  #of;
  #eval;
  constructor(of, evaluate) {
    this.#of = of;
    this.#eval = evaluate;
  }
  judge(event, source) {
    const json = typeof event === 'string' ? Buffer.from(event) : event;
    const given = json instanceof Uint8Array ? json : Object.entries(json).flatMap(([name, value]) => pair(name, value));
    return this.#eval(this.#of, given, source?.product, source?.category, source?.service);
  }
}

class Scratch extends Judge {
  constructor(engine) { super(native.scratch(engine._native), native.judge); }
}

class Reader extends Judge {
  constructor(live) { super(native.reader(live._native), native.judgeLive); }
}

class Engine {
  constructor(file) { this._native = native.open(String(file)); }
  get rules() { return native.rules(this._native); }
  scratch() { return new Scratch(this); }
}

class Live {
  constructor(engine) { this._native = native.live(engine._native); }
  swap(engine) { native.swap(this._native, engine._native); }
  reader() { return new Reader(this); }
}

module.exports = { Engine, Live, version: native.version };
