//! Judges events with sigma-rust: `judge PLAN EVENTS PASSES`.
//!
//! PLAN: a line per class of events, paths of rule files with tabs between. EVENTS: a line per event, the number of its
//! class, a tab, JSON. Hits of the first pass are printed as `event<TAB>path`.
use std::collections::HashMap;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let plan = std::fs::read_to_string(&args[1]).expect("plan");
    let events = std::fs::read_to_string(&args[2]).expect("events");
    let passes: usize = args[3].parse().expect("passes");
    let mut rules: HashMap<&str, Option<sigma_rust::Rule>> = HashMap::new();
    let mut refused = 0;
    for path in plan.lines().flat_map(|l| l.split('\t')).filter(|p| !p.is_empty()) {
        rules.entry(path).or_insert_with(|| {
            let rule = sigma_rust::rule_from_yaml(&std::fs::read_to_string(path).ok()?).ok();
            refused += usize::from(rule.is_none());
            rule
        });
    }
    let classes: Vec<Vec<(&str, &sigma_rust::Rule)>> = plan
        .lines()
        .map(|l| l.split('\t').filter_map(|p| Some((p, rules.get(p)?.as_ref()?))).collect())
        .collect();
    for pass in 0..passes {
        for (n, line) in events.lines().enumerate() {
            let (class, json) = line.split_once('\t').expect("class");
            let Ok(event) = sigma_rust::event_from_json(json) else { continue };
            for (path, rule) in &classes[class.parse::<usize>().expect("number")] {
                if rule.is_match(&event) {
                    if pass == 0 {
                        println!("{}\t{}", n + 1, path);
                    }
                }
            }
        }
    }
    eprintln!("rules {} refused {}", rules.len(), refused);
}
