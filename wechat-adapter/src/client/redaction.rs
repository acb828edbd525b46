/// WeChat's words never need more; longer ones are somebody else's page.
const MESSAGE_LIMIT: usize = 300;

/// Cuts `private` values out of WeChat's own words, which sometimes repeat
/// what was sent.
pub(super) fn redact(words: &str, private: &[String]) -> String {
    let clean = private
        .iter()
        .filter(|value| !value.is_empty())
        .fold(words.to_owned(), |words, value| words.replace(value.as_str(), "[hidden]"));
    clean.chars().take(MESSAGE_LIMIT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_occurrence_goes_and_an_empty_value_hides_nothing() {
        let private = ["c1", "o1", ""].map(str::to_owned);
        assert_eq!(redact("code c1 of o1, c1 again", &private), "code [hidden] of [hidden], [hidden] again");
    }
}
