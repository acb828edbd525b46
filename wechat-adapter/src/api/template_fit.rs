//! Whether a message was made for the template that the account has.

use std::fmt;

use super::template::Template;
use super::template_value::KeywordKind;
use crate::error::ErrorClass;

/// How a template differs from what a message wants. Somebody has to choose
/// another template in the console, or other keywords for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub template_id: String,
    /// What the message says and the template has no place for: kinds, such
    /// as `thing`, or keywords, such as `thing2`, as it was asked.
    pub missing: Vec<String>,
    /// Keywords that the template demands and the message does not say.
    pub surplus: Vec<String>,
}

impl Misfit {
    /// [`ErrorClass::Operator`].
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        ErrorClass::Operator
    }
}

impl std::error::Error for Misfit {}

/// Names keywords and the template, which are no secrets.
impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template {} does not fit the message:", self.template_id)?;
        for keyword in &self.missing {
            write!(f, " lacks {keyword};")?;
        }
        for keyword in &self.surplus {
            write!(f, " also wants {keyword};")?;
        }
        Ok(())
    }
}

impl Template {
    /// The template's keywords for lines of these kinds, in their order: the
    /// first line of a kind stands in the template's first unused keyword of
    /// that kind. So a message need not know the numbers, which differ from
    /// account to account.
    ///
    /// # Errors
    /// [`Misfit`], which names every kind that the template has no keyword
    /// left for, and every keyword left over.
    pub fn keywords_of(&self, kinds: &[KeywordKind]) -> Result<Vec<String>, Misfit> {
        let mut left: Vec<&str> = self.keywords().collect();
        let (mut chosen, mut missing) = (Vec::with_capacity(kinds.len()), Vec::new());
        for kind in kinds {
            match left.iter().position(|keyword| KeywordKind::of_key(keyword) == Some(*kind)) {
                Some(place) => chosen.push(left.remove(place).to_owned()),
                None => missing.push(kind.to_string()),
            }
        }
        self.fits(missing, &left).map(|()| chosen)
    }

    /// Compares the template with a message whose keywords have fixed
    /// numbers, such as `thing2`, or kinds without a published rule, such as
    /// `enum_string1`. Their order does not matter to WeChat.
    ///
    /// # Errors
    /// [`Misfit`], which names every keyword that is missing or surplus.
    pub fn check(&self, wanted: &[&str]) -> Result<(), Misfit> {
        let own: Vec<&str> = self.keywords().collect();
        let missing = wanted.iter().filter(|keyword| !own.contains(keyword)).map(|keyword| (*keyword).to_owned());
        let surplus: Vec<&str> = own.iter().copied().filter(|keyword| !wanted.contains(keyword)).collect();
        self.fits(missing.collect(), &surplus)
    }

    fn fits(&self, missing: Vec<String>, surplus: &[&str]) -> Result<(), Misfit> {
        if missing.is_empty() && surplus.is_empty() {
            return Ok(());
        }
        let surplus = surplus.iter().map(|keyword| (*keyword).to_owned()).collect();
        Err(Misfit { template_id: self.id.clone(), missing, surplus })
    }
}

#[cfg(test)]
mod tests {
    use KeywordKind::{CharacterString, Phrase, Thing, Time};

    use super::*;
    use crate::WechatError;
    use crate::api::template::TemplateKind;

    fn template(keywords: &[&str]) -> Template {
        Template {
            id: "t1".into(),
            title: "接单通知".into(),
            content: keywords.iter().map(|keyword| format!("某项:{{{{{keyword}.DATA}}}}\n")).collect(),
            example: String::new(),
            kind: TemplateKind::OneTime,
            enums: Vec::new(),
        }
    }

    fn accepted() -> Template {
        template(&["character_string1", "thing2", "phrase3"])
    }

    #[test]
    fn numbers_and_order_are_the_accounts_own() {
        let template = template(&["time8", "thing7", "phrase1", "thing2", "character_string4"]);
        let chosen = template.keywords_of(&[CharacterString, Thing, Phrase, Time, Thing]).unwrap();
        assert_eq!(chosen, ["character_string4", "thing7", "phrase1", "time8", "thing2"]);
    }

    #[test]
    fn every_line_without_a_place_and_every_place_without_a_line_is_named() {
        let misfit = template(&["thing1", "thing2", "enum_string3"]).keywords_of(&[Time, Thing, Phrase]).unwrap_err();
        assert_eq!(
            (misfit.missing, misfit.surplus),
            (vec!["time".to_owned(), "phrase".to_owned()], vec!["thing2".to_owned(), "enum_string3".to_owned()],)
        );
    }

    #[test]
    fn a_second_line_of_a_kind_wants_a_second_keyword() {
        assert_eq!(template(&["thing1"]).keywords_of(&[Thing, Thing]).unwrap_err().missing, ["thing"]);
    }

    #[test]
    fn the_same_keywords_fit_in_any_order() {
        assert_eq!(accepted().check(&["phrase3", "thing2", "character_string1"]), Ok(()));
    }

    #[test]
    fn every_difference_is_named() {
        let misfit = accepted().check(&["thing2", "thing3", "character_string1"]).unwrap_err();
        assert_eq!(misfit.to_string(), "template t1 does not fit the message: lacks thing3; also wants phrase3;");
    }

    #[test]
    fn an_operator_has_to_act() {
        let misfit = accepted().check(&[]).unwrap_err();
        assert_eq!(misfit.surplus.len(), 3);
        assert_eq!(WechatError::from(misfit).class(), ErrorClass::Operator);
    }
}
