//! Whether a message was made for the template that the account has.

use std::fmt;

use super::template::Template;
use crate::error::ErrorClass;

/// How a template differs from what a message wants. Somebody has to choose
/// another template in the console, or its keywords in another order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub template_id: String,
    /// What the message says and the template has no place for.
    pub missing: Vec<String>,
    /// What the template demands and the message does not say.
    pub surplus: Vec<String>,
    /// Pairs of the wanted keyword and the template's of the same number:
    /// `thing3`, `phrase3`.
    pub other_kind: Vec<(String, String)>,
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
        for (wanted, has) in &self.other_kind {
            write!(f, " has {has} in place of {wanted};")?;
        }
        Ok(())
    }
}

impl Template {
    /// Compares the template with the keywords that a message is made of,
    /// such as `thing2`. Their order does not matter to WeChat.
    ///
    /// # Errors
    /// [`Misfit`], which names every keyword that is missing, surplus or of
    /// another kind.
    pub fn check(&self, wanted: &[&str]) -> Result<(), Misfit> {
        let own: Vec<&str> = self.keywords().collect();
        let mut misfit =
            Misfit { template_id: self.id.clone(), missing: Vec::new(), surplus: Vec::new(), other_kind: Vec::new() };
        for keyword in wanted.iter().filter(|keyword| !own.contains(keyword)) {
            match namesake(keyword, &own) {
                Some(own) => misfit.other_kind.push(((*keyword).to_owned(), own.to_owned())),
                None => misfit.missing.push((*keyword).to_owned()),
            }
        }
        let unsaid = |keyword: &&str| !wanted.contains(keyword) && namesake(keyword, wanted).is_none();
        misfit.surplus = own.into_iter().filter(unsaid).map(str::to_owned).collect();
        let fits = misfit.missing.is_empty() && misfit.surplus.is_empty() && misfit.other_kind.is_empty();
        if fits { Ok(()) } else { Err(misfit) }
    }
}

/// The keyword among `others` with the same number, which a template gives
/// only once. Old templates have keywords without a number (`first`).
fn namesake<'a>(keyword: &str, others: &[&'a str]) -> Option<&'a str> {
    let wanted = Some(number(keyword)).filter(|number| !number.is_empty())?;
    others.iter().copied().find(|other| number(other) == wanted)
}

fn number(keyword: &str) -> &str {
    keyword.trim_start_matches(|c: char| !c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WechatError;
    use crate::api::template::TemplateKind;

    fn template() -> Template {
        Template {
            id: "t1".into(),
            title: "接单通知".into(),
            content: "单号:{{character_string1.DATA}}\n事项:{{thing2.DATA}}\n状态:{{phrase3.DATA}}\n".into(),
            example: String::new(),
            kind: TemplateKind::OneTime,
            enums: Vec::new(),
        }
    }

    #[test]
    fn the_same_keywords_fit_in_any_order() {
        assert_eq!(template().check(&["phrase3", "thing2", "character_string1"]), Ok(()));
    }

    #[test]
    fn every_difference_is_named() {
        let misfit = template().check(&["thing2", "thing3", "time4"]).unwrap_err();
        assert_eq!(misfit.missing, ["time4"]);
        assert_eq!(misfit.surplus, ["character_string1"]);
        assert_eq!(misfit.other_kind, [("thing3".to_owned(), "phrase3".to_owned())]);
        assert_eq!(
            misfit.to_string(),
            "template t1 does not fit the message: lacks time4; also wants character_string1; \
             has phrase3 in place of thing3;"
        );
    }

    #[test]
    fn an_operator_has_to_act() {
        let misfit = template().check(&[]).unwrap_err();
        assert_eq!(misfit.surplus.len(), 3);
        assert_eq!(WechatError::from(misfit).class(), ErrorClass::Operator);
    }
}
