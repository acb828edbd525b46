use super::*;

#[test]
fn a_key_tells_its_kind() {
    assert_eq!(KeywordKind::of_key("thing2"), Some(KeywordKind::Thing));
    assert_eq!(KeywordKind::of_key("character_string12"), Some(KeywordKind::CharacterString));
    assert_eq!(KeywordKind::of_key("enum_string1"), None);
}

#[test]
fn a_long_thing_is_cut_with_the_ellipsis_inside_twenty() {
    let long = "东门外的路灯已经坏了三天晚上很黑请尽快派人来看一下";
    let cut = clean_value("thing2", long).unwrap();
    assert_eq!(cut.chars().count(), 20);
    assert_eq!(cut, "东门外的路灯已经坏了三天晚上很黑请尽快…");

    let exact = "一二三四五六七八九十一二三四五六七八九十";
    assert_eq!(clean_value("thing2", exact).unwrap(), exact);
}

#[test]
fn noise_goes_before_counting() {
    assert_eq!(clean_value("thing2", " 楼道灯\r\n不亮\u{0}了👨‍👩‍👧☎️ ").unwrap(), "楼道灯 不亮 了");
    assert_eq!(clean_value("thing2", "👍\n"), Err(ValueError::Empty));
    assert_eq!(clean_value("enum_string1", "\t"), Err(ValueError::Empty));
}

#[test]
fn nothing_but_a_thing_is_cut() {
    assert_eq!(clean_value("phrase3", "正在等待处理"), Err(ValueError::TooLong { limit: 5 }));
}

#[test]
fn each_kind_has_its_rule() {
    let table: &[(&str, &[&str], &[&str])] = &[
        ("number1", &["42", "3.14"], &["-1", "1.2.3", ".5", "一"]),
        ("letter1", &["abcXYZ"], &["a1", "甲"]),
        ("symbol1", &["!?"], &["a", "甲", "!!!!!!"]),
        ("character_string1", &["XY-20261123-0042"], &["单号42", "123456789012345678901234567890123"]),
        ("amount1", &["￥12.50", "12元", "$3"], &["十元", "￥￥1", "12345678901"]),
        ("phone_number1", &["+86-0766-66888866"], &["110转1", "+86-0766-668888661"]),
        ("car_number1", &["粤A12345", "粤A1234警"], &["粤粤12345", "粤A12345678"]),
        ("name1", &["李阿姨", "Li Ming"], &["用户410774", "一二三四五六七八九十一"]),
        ("phrase1", &["已接单"], &["已接单!", "OK"]),
    ];
    for (key, good, bad) in table {
        for value in *good {
            assert_eq!(clean_value(key, value).as_deref(), Ok(*value), "{key}");
        }
        for value in *bad {
            assert!(clean_value(key, value).is_err(), "{key} {value}");
        }
    }
}

#[test]
fn the_strict_check_neither_cleans_nor_cuts() {
    let thing = KeywordKind::Thing;
    assert_eq!(thing.check("两行\n字"), Err(ValueError::NotOfKind(thing)));
    assert_eq!(thing.check(&"长".repeat(21)), Err(ValueError::TooLong { limit: 20 }));
}
