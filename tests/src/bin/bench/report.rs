//! The tables of docs/performance.md.

use std::fmt;
use std::time::Duration;

use hdrhistogram::Histogram;
use tests::Backend;

use crate::load::Measured;
use crate::site::Memory;

#[derive(Default)]
pub struct Report {
    writing: Vec<String>,
    reading: Vec<String>,
    process: Vec<String>,
    browsing: Vec<String>,
}

/// Of several rounds: the median rate, and the latencies of all.
struct Summary {
    per_second: f64,
    latency: Histogram<u64>,
}

impl Report {
    pub fn writing(&mut self, backend: Backend, name: &str, http: Vec<Measured>, raw: Vec<Measured>) {
        let (http, raw) = (Summary::of(http), Summary::of(raw));
        let ratio = http.per_second / raw.per_second;
        self.writing.push(format!("| {} | {name} | {http} | {raw} | {ratio:.2} |", name_of(backend)));
    }

    pub fn reading(&mut self, backend: Backend, name: &str, few: Vec<Measured>, many: Vec<Measured>) {
        let (few, many) = (Summary::of(few), Summary::of(many));
        let slower = few.per_second / many.per_second;
        self.reading.push(format!("| {} | {name} | {few} | {many} | {slower:.2} |", name_of(backend)));
    }

    pub fn browsing(&mut self, backend: Backend, name: &str, measured: Vec<Measured>) {
        self.browsing.push(format!("| {} | {name} | {} |", name_of(backend), Summary::of(measured)));
    }

    pub fn memory(&mut self, backend: Backend, memory: Memory) {
        let Memory { now, most } = memory;
        self.process.push(format!(
            "| {} | resident memory | {} MB, at most {} MB |",
            name_of(backend),
            now / 1024,
            most / 1024
        ));
    }

    pub fn start(&mut self, backend: Backend, taken: Vec<Duration>) {
        self.took(backend, "start to ready", taken);
    }

    pub fn took(&mut self, backend: Backend, what: &str, mut taken: Vec<Duration>) {
        taken.sort();
        let (median, most) = (taken[taken.len() / 2].as_millis(), taken[taken.len() - 1].as_millis());
        self.process.push(format!("| {} | {what} | {median} ms, at most {most} ms |", name_of(backend)));
    }
}

fn name_of(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
    }
}

impl Summary {
    fn of(mut rounds: Vec<Measured>) -> Self {
        rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        let per_second = rounds[rounds.len() / 2].per_second;
        let mut latency = Histogram::new(3).expect("three figures");
        for round in &rounds {
            latency.add(&round.latency).expect("room");
        }
        Self { per_second, latency }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |quantile| self.latency.value_at_quantile(quantile) as f64 / 1_000.0;
        write!(f, "{:.0}/s, {:.1} / {:.1} ms", self.per_second, milliseconds(0.5), milliseconds(0.99))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables = [
            (
                "| database | path | over HTTP: rate, p50 / p99 | raw statements | HTTP / raw |\n|---|---|---|---|---|",
                &self.writing,
            ),
            (
                "| database | what | small database: rate, p50 / p99 | large database | times slower |\n|---|---|---|---|---|",
                &self.reading,
            ),
            ("| database | at 50 in parallel | rate, p50 / p99 |\n|---|---|---|", &self.browsing),
            ("| database | process | |\n|---|---|---|", &self.process),
        ];
        for (head, rows) in tables.into_iter().filter(|(_, rows)| !rows.is_empty()) {
            writeln!(f, "{head}\n{}\n", rows.join("\n"))?;
        }
        Ok(())
    }
}
