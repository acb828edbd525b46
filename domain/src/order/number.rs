use chrono::NaiveDate;

/// The number that people say on the phone: community prefix, day in Shanghai, running number of that day.
///
/// It holds no personal data. Running numbers have at least four digits; a rejected submission may leave a gap.
pub fn order_number(prefix: &str, day: NaiveDate, running: u32) -> String {
    format!("{prefix}-{}-{running:04}", day.format("%Y%m%d"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_in_the_field() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
        assert_eq!(order_number("XY", day, 42), "XY-20261123-0042");
        assert_eq!(order_number("XY", day, 12345), "XY-20261123-12345");
    }
}
