//! The command line program: arguments → cli → exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    cloudfront_lint::cli::main()
}
