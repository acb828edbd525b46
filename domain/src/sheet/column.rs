use strum::{EnumIter, IntoEnumIterator};

/// The columns that we read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum Column {
    Compound,
    Building,
    Unit,
    Room,
    Name,
    Phone,
    Note,
    Grid,
}

impl Column {
    /// As it stands over the column.
    pub fn head(self) -> &'static str {
        match self {
            Self::Compound => "小区",
            Self::Building => "楼栋",
            Self::Unit => "单元",
            Self::Room => "室",
            Self::Name => "姓名",
            Self::Phone => "电话",
            Self::Note => "备注",
            Self::Grid => "网格",
        }
    }

    /// Other words that people use for it.
    fn also(self) -> &'static [&'static str] {
        match self {
            Self::Compound => &["小区名称"],
            Self::Building => &["楼号", "楼栋号", "楼"],
            Self::Unit => &["单元号"],
            Self::Room => &["室号", "房号", "房间号", "门牌号"],
            Self::Name => &["户主", "住户姓名"],
            Self::Phone => &["手机", "手机号", "联系电话", "电话号码"],
            Self::Note => &["说明", "情况说明"],
            Self::Grid => &["网格名称", "所属网格"],
        }
    }

    /// Characters.
    pub(super) fn most(self) -> usize {
        match self {
            Self::Compound | Self::Grid => 50,
            Self::Building | Self::Unit | Self::Room => 20,
            Self::Name => 30,
            Self::Phone => 20,
            Self::Note => 200,
        }
    }

    pub(super) fn called(head: &str) -> Option<Self> {
        Self::iter().find(|column| column.head() == head || column.also().contains(&head))
    }
}
