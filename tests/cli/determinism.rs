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
        &["gone.xml", "d2", "d1/e1/001.xml", "d0", "d1"],
        &["d1/e1/001.xml", "d1", "d2", "gone.xml", "d0", "d0/e0"],
    ];
    for format in formats() {
        let run = |threads: &str, order: &[&str]| {
            let arguments = [&["check", "-o", format], order].concat();
            let run = sandbox
                .lint(arguments)
                .env("RAYON_NUM_THREADS", threads)
                .run();
            (run.stdout, run.stderr)
        };
        for order in [orders[0], orders[2]] {
            let alone = run("1", order);
            for threads in ["2", "8"] {
                assert!(
                    run(threads, order) == alone,
                    "{format}: the number of threads matters"
                );
            }
        }
        // Both name the same foreign file, which is an error only because it is named.
        assert!(
            run("2", orders[1]) == run("2", orders[2]),
            "{format}: the order of the arguments matters"
        );
    }
}
