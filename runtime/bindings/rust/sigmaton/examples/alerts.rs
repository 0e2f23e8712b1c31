//! Judges NDJSON from stdin with a pack and prints record, rule id and title per alert, tabs between.
//!
//!     alerts [OPTION...] PACK [--swap NEWER]      after the first event with an alert NEWER is the pack
//!     alerts [OPTION...] PACK NAME=VALUE...       judges that one event instead
//!     alerts [OPTION...] PACK --rules             what the pack says of its rules
//!
//! `--key PUBKEY`: only a pack that this key of minisign signed. `--source PRODUCT/CATEGORY`: where all events come from.
//! `--slots`: the event's fields go by number.
use sigmaton::{Engine, Error, Live, Logsource, Options, Routing, Value, Verdict};
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

fn one(engine: &Engine, args: &[String], by_slot: bool) -> Result<(), Fault> {
    let mut scratch = engine.scratch()?;
    let pairs: Vec<_> = args
        .iter()
        .map(|a| a.split_once('=').unwrap_or((a, "")))
        .map(|(n, v)| match v.parse::<i64>() {
            Ok(_) => (n, Value::Int(v)),
            Err(_) => (n, Value::Text(v)),
        })
        .collect();
    if by_slot {
        let slots: Vec<_> = pairs
            .iter()
            .filter_map(|(n, v)| engine.slot(n).map(|s| (s, *v)))
            .collect();
        show(1, &scratch.judge_slots(&slots, None)?);
    } else {
        show(1, &scratch.judge(pairs.as_slice(), None)?);
    }
    Ok(())
}

fn run(args: &[String]) -> Result<(), Fault> {
    let (mut options, mut by_slot, mut args) = (Options::default(), false, args);
    while let Some((option, more)) = args.split_first().filter(|(a, _)| a.starts_with("--")) {
        let value = || more.first().ok_or("the option wants a value");
        match option.as_str() {
            "--slots" => by_slot = true,
            "--key" => options.verify_key = Some(value()?),
            "--source" => {
                let (product, category) = value()?.split_once('/').ok_or("PRODUCT/CATEGORY")?;
                options.routing = Routing::Given(Logsource {
                    product: Some(product),
                    category: Some(category),
                    service: None,
                });
            }
            _ => return Err("unknown option".into()),
        }
        args = &more[usize::from(option != "--slots")..];
    }
    let (pack, rest) = args.split_first().ok_or("a pack is wanted")?;
    let engine = Engine::open_with(pack, options)?;
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
    if !rest.is_empty() {
        return one(&engine, rest, by_slot);
    }
    let mut scratch = engine.scratch()?;
    stream(
        |record, line| {
            scratch.judge(line, None).map(|v| {
                show(record, &v);
                !v.is_empty()
            })
        },
        || Ok(()),
    )
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Err(e) = run(&args) {
        eprintln!("alerts: {e}");
        std::process::exit(2);
    }
}
