use secrecy::ExposeSecret;
use wechat_adapter::ErrorClass;

use crate::stage::{NOBODY_LISTENS, RESIDENT, SECRET, Stage, client_at, client_of, refused};

#[tokio::test]
async fn a_code_becomes_a_session_though_the_answer_is_text_plain() {
    let stage = Stage::set().await;
    let code = stage.wechat().login(RESIDENT);

    let session = stage.client.code_to_session(&code).await.unwrap();

    assert_eq!(session.openid, RESIDENT);
    assert!(session.unionid.is_some());
    assert_eq!(session.session_key.expose_secret().len(), 24);
    assert!(stage.wechat().unexpected().is_empty());
}

#[tokio::test]
async fn a_used_code_asks_the_person_for_a_new_one() {
    let stage = Stage::set().await;
    let code = stage.wechat().login(RESIDENT);
    stage.client.code_to_session(&code).await.unwrap();

    let error = stage.client.code_to_session(&code).await.unwrap_err();

    assert_eq!(error.class(), ErrorClass::User);
    assert!(!error.retryable());
    assert_eq!(refused(error).errcode, 40163);
}

#[tokio::test]
async fn a_code_expires_after_five_minutes() {
    let stage = Stage::set().await;
    let code = stage.wechat().login(RESIDENT);
    stage.wechat_clock.advance_seconds(300);

    let error = stage.client.code_to_session(&code).await.unwrap_err();

    assert_eq!(refused(error).errcode, 40029);
}

#[tokio::test]
async fn a_wrong_secret_is_the_operators_to_mend() {
    let stage = Stage::set().await;
    let client = client_of(&stage.sandbox, "wrong");
    let code = stage.wechat().login(RESIDENT);

    let error = client.code_to_session(&code).await.unwrap_err();

    assert_eq!(error.class(), ErrorClass::Operator);
    assert_eq!(refused(error).errcode, 40125);
}

#[tokio::test]
async fn the_phone_button_gives_the_number_to_its_owner_only() {
    let stage = Stage::set().await;
    let code = stage.wechat().phone_code(RESIDENT, "13800000001");
    let phone = stage.client.phone_number(&code, RESIDENT).await.unwrap();
    assert_eq!(phone.pure_number, "13800000001");
    assert_eq!(phone.country_code, "86");

    let again = stage.client.phone_number(&code, RESIDENT).await;
    assert_eq!(refused(again.unwrap_err()).errcode, 40029);

    let swapped = stage.wechat().phone_code(RESIDENT, "13800000001");
    let error = stage.client.phone_number(&swapped, "somebody-else").await;
    assert_eq!(error.unwrap_err().class(), ErrorClass::Drop);
}

#[tokio::test]
async fn a_login_code_is_no_phone_code() {
    let stage = Stage::set().await;
    let code = stage.wechat().login(RESIDENT);
    let error = stage.client.phone_number(&code, RESIDENT).await;
    assert_eq!(refused(error.unwrap_err()).errcode, 40029);
}

#[tokio::test]
async fn nothing_printed_names_a_secret_or_a_person() {
    let stage = Stage::set().await;
    let code = stage.wechat().login(RESIDENT);
    let session = stage.client.code_to_session(&code).await.unwrap();
    let phone_code = stage.wechat().phone_code(RESIDENT, "13800000001");
    let phone = stage.client.phone_number(&phone_code, RESIDENT).await;
    let refusal = stage.client.code_to_session(&code).await.unwrap_err();
    let wrong = client_of(&stage.sandbox, "wrong-secret");
    let mistake = wrong.phone_number("some-code", RESIDENT).await.unwrap_err();
    let nowhere = client_at(NOBODY_LISTENS, SECRET);
    let unreachable = nowhere.code_to_session(&code).await.unwrap_err();

    assert!(unreachable.retryable());
    let session_key = session.session_key.expose_secret().to_owned();
    let errors = format!("{refusal} {refusal:?} {mistake} {mistake:?} {unreachable} {unreachable:?}");
    let printed = format!("{errors} {:?} {session:?} {phone:?}", stage.client);
    for private in
        ["jscode2session", "access_token", SECRET, RESIDENT, &code, &session_key, "wrong-secret", "13800000001"]
    {
        assert!(!printed.contains(private), "{printed}");
    }
}
