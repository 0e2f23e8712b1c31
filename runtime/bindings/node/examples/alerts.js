'use strict';
// Judges NDJSON from stdin with a pack and prints record, rule id and title per alert, tabs between.
// usage: alerts.js PACK [--swap NEWER]      after the first event with an alert NEWER is the pack
//        alerts.js PACK NAME=VALUE...       judges that one event instead
//        alerts.js PACK --rules             what the pack says of its rules
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

async function main([pack, ...rest]) {
  if (!pack) throw new Error('a pack is wanted');
  const engine = new Engine(pack);
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
  const scratch = engine.scratch();
  if (!rest.length) return stream(scratch, () => {});
  const pairs = rest.map((arg) => [arg.split('=', 1)[0], arg.slice(arg.indexOf('=') + 1)]);
  show(1, scratch.judge(Object.fromEntries(pairs)));
}

main(process.argv.slice(2)).catch((e) => {
  console.error(`alerts: ${e.message}`);
  process.exitCode = 2;
});
