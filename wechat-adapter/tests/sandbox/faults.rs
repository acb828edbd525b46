use wechat_adapter::sandbox::Fault;
use wechat_adapter::{Endpoint, ErrorClass, TransportCause, WechatError};

use crate::stage::{RESIDENT, Stage, refused};

#[tokio::test]
async fn a_busy_wechat_may_be_asked_again_with_the_same_code() {
    let stage = Stage::set().await;
    stage.wechat().fault(Fault::errcode(Endpoint::CodeToSession, -1).times(2));
    let code = stage.wechat().login(RESIDENT);

    for _ in 0..2 {
        let error = stage.client.code_to_session(&code).await.unwrap_err();
        assert_eq!(error.class(), ErrorClass::Retry);
        assert!(error.retryable());
        assert!(refused(error).rid.is_some_and(|rid| rid.len() == 26));
    }
    stage.client.code_to_session(&code).await.unwrap();
    assert!(stage.wechat().unexpected().is_empty());
}

#[tokio::test]
async fn broken_answers_are_transport_failures_of_unknown_outcome() {
    let stage = Stage::set().await;
    let cases = [
        (Fault::garbage(Endpoint::CodeToSession), TransportCause::NotJson),
        (Fault::http_status(Endpoint::CodeToSession, 502), TransportCause::Status(502)),
    ];
    for (fault, expected) in cases {
        stage.wechat().fault(fault);
        let error = stage.client.code_to_session("any").await.unwrap_err();
        assert!(error.retryable() && error.outcome_unknown());
        assert!(matches!(error, WechatError::Transport { cause, .. } if cause == expected));
    }
}

#[tokio::test]
async fn a_scripted_mistake_is_not_the_clients() {
    let stage = Stage::set().await;
    stage.wechat().fault(Fault::errcode(Endpoint::TemplateList, 47001));
    let error = stage.client.templates().await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Bug);
    assert!(stage.wechat().unexpected().is_empty());
}
