//! The same bytes whatever the number of threads and the order of the arguments.

use std::fmt::Write as _;

use crate::documents::{DISTRIBUTION, FOREIGN, MALFORMED};
use crate::support::{Sandbox, formats};

/// Documents of every kind, some large, so that threads finish out of order.
fn document(n: usize) -> String {
    match n % 7 {
        0 => MALFORMED.replace("Paths", &"P".repeat(n % 11 + 1)),
        1 => FOREIGN.to_owned(),
        2 => {
            format!("<InvalidationBatch><CallerReference>{n}</CallerReference></InvalidationBatch>")
        }
        _ => {
            let mut text = format!(
                "{DISTRIBUTION}\n<CallerReference>{n}</CallerReference>\n<Aliases>\n<Items>\n"
            );
            for alias in 0..(n * 37) % 90 {
                let _ = writeln!(text, "<CNAME>{alias}.example.com</CNAME>");
            }
            let _ = write!(
                text,
                "</Items>\n<Quantity>{n}</Quantity></Aliases><Enabeld>{n}</Enabeld>\n<PriceClass>{n}</PriceClass></DistributionConfig>",
            );
            text
        }
    }
}

#[test]
fn same_bytes() {
    const FILES: usize = 280;
    let sandbox = Sandbox::new();
    for n in 0..FILES {
        sandbox.file(&format!("d{}/e{}/{n:03}.xml", n % 3, n % 5), document(n));
    }
    let orders = [
        &["."][..],
        &["d0", "d1", "d2", "gone.xml"],
        &["gone.xml", "d2", "d1/e1/001.xml", "d0", "d1"],
        &["d1/e1/001.xml", "d1", "d2", "gone.xml", "d0", "d0/e0"],
    ];
    for format in formats() {
        let mut seen: Vec<(String, String)> = Vec::new();
        for threads in ["1", "2", "8"] {
            for order in orders {
                let arguments = [&["check", "-o", format], order].concat();
                let run = sandbox
                    .lint(arguments)
                    .env("RAYON_NUM_THREADS", threads)
                    .run();
                seen.push((run.stdout, run.stderr));
            }
        }
        // A named foreign file is a finding, so the orders that name one are compared with each other.
        let rounds: Vec<_> = seen.chunks(orders.len()).collect();
        for round in &rounds {
            assert!(
                round == &rounds[0],
                "{format}: the number of threads matters"
            );
            assert!(
                round[2] == round[3],
                "{format}: the order of the arguments matters"
            );
        }
    }
}
