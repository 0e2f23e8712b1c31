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

/** The 64 bits that a slot has beside its text. */
function bits(value) {
  switch (typeof value) {
    case 'boolean': return BigInt(value);
    case 'bigint': return BigInt.asUintN(64, value);
    case 'number': return Number.isSafeInteger(value) ? BigInt.asUintN(64, BigInt(value)) : new BigUint64Array(Float64Array.of(value).buffer)[0];
    default: return 0n;
  }
}

const REGEX = { auto: 0, jit: 1, interp: 2 };
const ROUTING = { auto: 0, none: 1 };

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
  #of;
  constructor(engine) {
    const of = native.scratch(engine._native);
    super(of, native.judge);
    this.#of = of;
  }
  judgeSlots(event, source) {
    const given = [...event].flatMap(([slot, value]) => [slot, ...pair(slot, value).slice(1), bits(value)]);
    return native.judgeSlots(this.#of, given, source?.product, source?.category, source?.service);
  }
}

class Reader extends Judge {
  constructor(live) { super(native.reader(live._native), native.judgeLive); }
}

class Engine {
  constructor(file, { verifyKey, logsource = 'auto', regex = 'auto' } = {}) {
    const given = typeof logsource === 'object';
    if (!given && !(logsource in ROUTING)) throw new TypeError(`logsource is auto, none or an object, not ${logsource}`);
    if (!(regex in REGEX)) throw new TypeError(`regex is auto, jit or interp, not ${regex}`);
    if (verifyKey !== undefined && typeof verifyKey !== 'string') throw new TypeError('a key is a string');
    this._native = native.open(String(file), verifyKey, given ? 2 : ROUTING[logsource], REGEX[regex],
      logsource?.product, logsource?.category, logsource?.service);
  }
  get slots() { return native.slots(this._native); }
  slot(name) { return native.slot(this._native, name); }
  get rules() { return native.rules(this._native); }
  scratch() { return new Scratch(this); }
}

class Live {
  constructor(engine) { this._native = native.live(engine._native); }
  swap(engine) { native.swap(this._native, engine._native); }
  reader() { return new Reader(this); }
}

module.exports = { Engine, Live, version: native.version };
