//! Judges NDJSON from stdin with a pack and prints record, rule id and title per alert, tabs between.
//!
//!     alerts PACK [--swap NEWER]      after the first event with an alert NEWER is the pack
//!     alerts PACK NAME=VALUE...       judges that one event instead
//!     alerts PACK --rules             what the pack says of its rules
use sigmaton::{Engine, Error, Live, Value, Verdict};
use std::io::BufRead;

type Fault = Box<dyn std::error::Error>;

fn show(record: usize, verdict: &Verdict) {
    for rule in verdict.hits() {
        println!("{record}\t{}\t{}", rule.id(), rule.title());
    }
}

/// `judge` shows what an event meets.
fn stream(
    mut judge: impl FnMut(usize, &[u8]) -> Result<bool, Error>,
    mut after_alert: impl FnMut() -> Result<(), Fault>,
) -> Result<(), Fault> {
    for (i, line) in std::io::stdin().lock().split(b'\n').enumerate() {
        let line = line?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match judge(i + 1, &line) {
            Ok(true) => after_alert()?,
            Ok(false) => {}
            Err(e) => eprintln!("alerts: record {}: {e}", i + 1),
        }
    }
    Ok(())
}

fn run(args: &[String]) -> Result<(), Fault> {
    let (pack, rest) = args.split_first().ok_or("a pack is wanted")?;
    let engine = Engine::open(pack)?;
    if let [flag, newer] = rest {
        if flag == "--swap" {
            let mut newer = Some(Engine::open(newer)?);
            let live = Live::new(engine)?;
            let mut reader = live.reader()?;
            let judge = |record, line: &[u8]| {
                reader.judge(line, None).map(|v| {
                    show(record, &v);
                    !v.is_empty()
                })
            };
            return stream(judge, || {
                Ok(newer.take().map_or(Ok(()), |newer| live.swap(newer))?)
            });
        }
    }
    if rest == ["--rules"] {
        for r in engine.rules() {
            let tags: Vec<_> = r.tags().collect();
            let texts = [
                r.id(),
                r.level(),
                r.status(),
                r.product(),
                r.category(),
                r.service(),
                &tags.join(","),
            ];
            println!("{}", texts.join("\t"));
        }
        return Ok(());
    }
    let mut scratch = engine.scratch()?;
    if rest.is_empty() {
        return stream(
            |record, line| {
                scratch.judge(line, None).map(|v| {
                    show(record, &v);
                    !v.is_empty()
                })
            },
            || Ok(()),
        );
    }
    let pairs: Vec<_> = rest
        .iter()
        .map(|a| a.split_once('=').unwrap_or((a, "")))
        .map(|(n, v)| (n, Value::Text(v)))
        .collect();
    show(1, &scratch.judge(pairs.as_slice(), None)?);
    Ok(())
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Err(e) = run(&args) {
        eprintln!("alerts: {e}");
        std::process::exit(2);
    }
}
