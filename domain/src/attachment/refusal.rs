use strum::EnumIter;
use thiserror::Error;

/// Why a photo is not taken. The message is for the log, [`advice`](Self::advice) for the person,
/// [`code`](Self::code) for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, Error)]
pub enum PhotoRefusal {
    #[error("the file is larger than an upload may be")]
    TooLarge,
    /// Or would take more memory to decode than there is for photos.
    #[error("the picture has more pixels than may be decoded")]
    TooManyPixels,
    #[error("the picture is HEIC")]
    Heic,
    /// Not a picture at all, whatever its name says, or of a kind that we do not read.
    #[error("the file is not a JPEG, PNG or WebP picture")]
    Unsupported,
    /// Cut off or damaged.
    #[error("the picture is incomplete or damaged")]
    Broken,
    /// It would be possible only to keep the file as it was sent, with all that it tells, and that never happens.
    #[error("the picture could not be re-encoded")]
    CannotReencode,
}

impl PhotoRefusal {
    /// Stable; listed in the API's table of codes.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "photo_too_large",
            Self::TooManyPixels => "photo_too_many_pixels",
            Self::Heic => "photo_heic",
            Self::Unsupported => "photo_unsupported",
            Self::Broken => "photo_broken",
            Self::CannotReencode => "photo_cannot_reencode",
        }
    }

    /// What the person can do now.
    pub fn advice(self) -> &'static str {
        match self {
            Self::TooLarge => "照片超过 20 MB，请在手机上压缩后再上传，或通过微信发送一次（不勾选原图），保存后再上传",
            Self::TooManyPixels => "照片尺寸太大（最多 5000 万像素），请把相机调到普通分辨率重拍，或截一张图再上传",
            Self::Heic => {
                "暂不支持 HEIC 格式。苹果手机请在「设置-相机-格式」中选择「兼容性最佳」后重拍；\
                 已拍好的照片，可先用微信发给「文件传输助手」，保存后再上传"
            }
            Self::Unsupported => {
                "这个文件不是能识别的照片，请上传 JPEG、PNG 或 WebP 格式的照片；如果不确定，截一张图再上传即可"
            }
            Self::Broken => "照片不完整或已损坏，可能是网络中断造成的，请重新选择并上传；如果仍不成功，请重拍一张",
            Self::CannotReencode => "这张照片无法处理，没有保存；请截一张图或重拍后再上传",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn each_refusal_has_its_own_code_and_advice() {
        let codes: HashSet<_> = PhotoRefusal::iter().map(PhotoRefusal::code).collect();
        let advice: HashSet<_> = PhotoRefusal::iter().map(PhotoRefusal::advice).collect();
        assert_eq!((codes.len(), advice.len()), (PhotoRefusal::iter().count(), PhotoRefusal::iter().count()));
        assert!(codes.iter().all(|code| code.starts_with("photo_")));
        assert!(advice.iter().all(|advice| advice.contains('请')), "says what to do");
    }

    #[test]
    fn heic_advice_names_the_setting() {
        assert!(PhotoRefusal::Heic.advice().contains("兼容性最佳"));
    }
}
