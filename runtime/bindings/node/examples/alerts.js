'use strict';
// Judges NDJSON from stdin with a pack and prints record, rule id and title per alert, tabs between.
// usage: alerts.js [OPTION...] PACK [--swap NEWER]      after the first event with an alert NEWER is the pack
//        alerts.js [OPTION...] PACK NAME=VALUE...       judges that one event instead
//        alerts.js [OPTION...] PACK --rules             what the pack says of its rules
// --key PUBKEY: only a pack that this key of minisign signed. --source PRODUCT/CATEGORY: where all events come from.
// --slots: the event's fields go by number.
const { Engine, Live } = require('..');
const readline = require('node:readline');

function show(record, { hits }) {
  for (const rule of hits) console.log(`${record}\t${rule.id}\t${rule.title}`);
}

async function stream(judge, afterAlert) {
  let record = 0;
  for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    record++;
    if (!line.trim()) continue;
    let verdict;
    try {
      verdict = judge.judge(line);
    } catch (e) {
      console.error(`alerts: record ${record}: ${e.message}`);
      continue;
    }
    show(record, verdict);
    if (verdict.hits.length) afterAlert();
  }
}

function one(engine, args, bySlot) {
  const scratch = engine.scratch();
  const pairs = args.map((arg) => [arg.split('=', 1)[0], arg.slice(arg.indexOf('=') + 1)])
    .map(([name, value]) => [name, /^\d+$/.test(value) ? BigInt(value) : value]);
  if (!bySlot) return show(1, scratch.judge(Object.fromEntries(pairs)));
  const slots = pairs.map(([name, value]) => [engine.slot(name), value]).filter(([slot]) => slot !== undefined);
  show(1, scratch.judgeSlots(slots));
}

async function main(args) {
  const options = {};
  let bySlot = false;
  for (; args[0]?.startsWith('--'); args.shift()) {
    if (args[0] === '--slots') bySlot = true;
    else if (args[0] === '--key') { args.shift(); options.verifyKey = args[0]; }
    else if (args[0] === '--source') {
      args.shift();
      const [product, category] = args[0].split('/');
      options.logsource = { product, category };
    } else throw new Error(`unknown option ${args[0]}`);
  }
  const [pack, ...rest] = args;
  if (!pack) throw new Error('a pack is wanted');
  const engine = new Engine(pack, options);
  if (rest[0] === '--swap') {
    let newer = new Engine(rest[1]);
    const live = new Live(engine);
    return stream(live.reader(), () => {
      if (newer) live.swap(newer);
      newer = null;
    });
  }
  if (rest[0] === '--rules') {
    for (const r of engine.rules) console.log([r.id, r.level, r.status, r.product, r.category, r.service, r.tags.join(',')].join('\t'));
    return;
  }
  if (rest.length) return one(engine, rest, bySlot);
  return stream(engine.scratch(), () => {});
}

main(process.argv.slice(2)).catch((e) => {
  console.error(`alerts: ${e.message}`);
  process.exitCode = 2;
});
