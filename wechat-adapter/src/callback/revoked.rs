/// A kind of data whose authorisation a person took back.
///
/// <https://developers.weixin.qq.com/miniprogram/dev/server/event_push/platform/authorized_user_information_changes>
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RevokedItem {
    NumberPlate,
    Address,
    Invoice,
    Bluetooth,
    Microphone,
    NicknameAndAvatar,
    Camera,
    PhoneNumber,
    Steps,
    Location,
    ChosenMedia,
    ChosenFile,
    Email,
    ChosenPlace,
    TypedNickname,
    ChosenAvatar,
    /// As WeChat wrote it: a number that its page did not have, or no number at all.
    Other(String),
}

impl RevokedItem {
    /// From WeChat's number.
    #[must_use]
    pub fn numbered(number: &str) -> Self {
        match number {
            "1" => Self::NumberPlate,
            "2" => Self::Address,
            "3" => Self::Invoice,
            "4" => Self::Bluetooth,
            "5" => Self::Microphone,
            "6" => Self::NicknameAndAvatar,
            "7" => Self::Camera,
            "8" => Self::PhoneNumber,
            "12" => Self::Steps,
            "13" => Self::Location,
            "14" => Self::ChosenMedia,
            "15" => Self::ChosenFile,
            "16" => Self::Email,
            "18" => Self::ChosenPlace,
            "19" => Self::TypedNickname,
            "20" => Self::ChosenAvatar,
            other => Self::Other(other.to_owned()),
        }
    }

    /// WeChat's number.
    #[must_use]
    pub fn number(&self) -> &str {
        match self {
            Self::NumberPlate => "1",
            Self::Address => "2",
            Self::Invoice => "3",
            Self::Bluetooth => "4",
            Self::Microphone => "5",
            Self::NicknameAndAvatar => "6",
            Self::Camera => "7",
            Self::PhoneNumber => "8",
            Self::Steps => "12",
            Self::Location => "13",
            Self::ChosenMedia => "14",
            Self::ChosenFile => "15",
            Self::Email => "16",
            Self::ChosenPlace => "18",
            Self::TypedNickname => "19",
            Self::ChosenAvatar => "20",
            Self::Other(other) => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_has_one_item() {
        for number in (1..=21).map(|number: u8| number.to_string()) {
            assert_eq!(RevokedItem::numbered(&number).number(), number);
        }
        assert_eq!(RevokedItem::numbered("8"), RevokedItem::PhoneNumber);
        assert_eq!(RevokedItem::numbered("20"), RevokedItem::ChosenAvatar);
        assert_eq!(RevokedItem::numbered("9"), RevokedItem::Other("9".into()));
    }
}
