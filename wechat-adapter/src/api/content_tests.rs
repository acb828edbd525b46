use super::*;

#[test]
fn a_short_text_is_one_piece() {
    for length in [1, 2499, 2500] {
        assert_eq!(pieces(&"字".repeat(length)).len(), 1, "{length}");
    }
}

#[test]
fn a_long_text_is_covered_and_no_word_is_cut_unseen() {
    let text: String = (0..7000_u32).filter_map(|place| char::from_u32(0x4E00 + place)).collect();
    let pieces = pieces(&text);
    assert!(pieces.iter().all(|piece| piece.chars().count() <= 2500));
    let characters: Vec<char> = text.chars().collect();
    for word in characters.windows(SHARED) {
        let word: String = word.iter().collect();
        assert!(pieces.iter().any(|piece| piece.contains(&word)));
    }
}

#[test]
fn nothing_is_asked_twice_for_the_shared_end_alone() {
    assert_eq!(pieces(&"字".repeat(2501)).len(), 2);
    assert_eq!(pieces(&"字".repeat(2500 + 2450)).len(), 2);
    assert_eq!(pieces(&"字".repeat(2500 + 2451)).len(), 3);
}

#[test]
fn the_body_has_wechats_own_words() {
    let text = TextCheck::new("o1", ContentScene::Comment, "谢谢").with_title("题").with_nickname("王");
    assert_eq!(
        text.body("谢谢"),
        json!({ "version": 2, "openid": "o1", "scene": 2, "content": "谢谢", "title": "题", "nickname": "王" })
    );
}

#[test]
fn a_signature_is_for_profiles_and_a_text_has_words() {
    let motto = |scene| TextCheck::new("o1", scene, "好").with_signature("座右铭").check();
    assert!(motto(ContentScene::Profile).is_ok());
    assert!(motto(ContentScene::Forum).is_err());
    assert!(TextCheck::new("o1", ContentScene::Forum, "").check().is_err());
}
