//! What is read, and how it is asked for.

use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How thoroughly to read.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// Read computed and binary fields too, and find out which of them make reads fail. Of stored binary fields only
    /// the size is asked for: a database can hold gigabytes of them.
    pub all_fields: bool,
    /// Read no more than so many records of each model: a third of them the newest, a third the oldest, and the others
    /// from between, as `seed` picks them.
    pub sample: Option<u32>,
    /// What the random records of a sample come from: the same ones for the same seed, as long as the ids are the same.
    pub seed: u64,
    /// Stop when this is over. What has not been read by then is not verified.
    pub time_limit: Option<Duration>,
}

/// The arguments of the program.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) options: Options,
    pub(super) models: Vec<String>,
    pub(super) is_verbose: bool,
    pub(super) is_json: bool,
}

impl Parsed {
    pub(super) fn from_arguments(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut parsed = Self::default();
        parsed.options.seed = from_the_clock();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--all-fields" => parsed.options.all_fields = true,
                "--json" => parsed.is_json = true,
                "--verbose" => parsed.is_verbose = true,
                "--sample" => parsed.options.sample = Some(value(&argument, arguments.next())?),
                "--seed" => parsed.options.seed = value(&argument, arguments.next())?,
                "--time-limit" => parsed.options.time_limit = Some(duration(&argument, arguments.next())?),
                _ if argument.starts_with('-') => return Err(format!("no such option: {}", argument.escape_debug())),
                _ => parsed.models.push(argument),
            }
        }
        if parsed.options.sample == Some(0) {
            return Err("--sample 0 reads nothing: give the number of records of each model".to_owned());
        }
        Ok(parsed)
    }
}

fn value<T: FromStr>(option: &str, value: Option<String>) -> Result<T, String> {
    let value = value.ok_or_else(|| format!("{option} wants a number"))?;
    value.parse().map_err(|_| format!("{option} wants a number, not `{}`", value.escape_debug()))
}

fn duration(option: &str, value: Option<String>) -> Result<Duration, String> {
    let wants = || format!("{option} wants a time such as `90s`, `10m` or `1h 30m`");
    let span: jiff::SignedDuration = value.ok_or_else(wants)?.parse().map_err(|_| wants())?;
    span.try_into().map_err(|_| wants())
}

/// Another one each time, and short enough to be typed again.
fn from_the_clock() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| u64::from(now.subsec_micros()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Parsed, String> {
        Parsed::from_arguments(arguments.iter().map(|&argument| argument.to_owned()))
    }

    #[test]
    fn arguments_are_read_and_mistakes_are_told() {
        let Parsed { options, models, is_verbose, is_json } =
            parsed(&["--sample", "30", "res.partner", "--seed", "7", "--time-limit", "1m 30s", "--verbose"]).unwrap();
        assert_eq!((options.sample, options.seed, options.all_fields), (Some(30), 7, false));
        assert_eq!(options.time_limit, Some(Duration::from_secs(90)));
        assert_eq!((models, is_verbose, is_json), (vec!["res.partner".to_owned()], true, false));
        for (wrong, says) in [
            (&["--sample", "many"][..], "--sample wants a number, not `many`"),
            (&["--sample"], "--sample wants a number"),
            (&["--sample", "0"], "reads nothing"),
            (&["--time-limit", "-5m"], "--time-limit wants a time such as"),
            (&["--time-limit", "5"], "--time-limit wants a time such as"),
            (&["--al-fields"], "no such option: --al-fields"),
        ] {
            assert!(parsed(wrong).unwrap_err().contains(says), "{wrong:?}: {:?}", parsed(wrong));
        }
    }
}
