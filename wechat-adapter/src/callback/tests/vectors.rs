//! Pushes that others made.

use super::*;

fn official() -> Callback {
    Callback::new(CallbackConfig {
        app_id: "wxba5fad812f8e6fb9".into(),
        token: "AAAAA".into(),
        encoding_aes_key: Some("A".repeat(43).into()),
        require_encryption: false,
    })
    .unwrap()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

/// All official ones: <https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html>
#[test]
fn the_official_check_of_the_address_is_answered() {
    let query = CallbackQuery::parse(
        "signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249&timestamp=1714036504&nonce=1514711492",
    );
    assert_eq!(official().echo(&query, at(1_714_036_504)).as_deref(), Ok("4375120948345356249"));
    assert_eq!(official().echo(&query, at(1_714_037_105)), Err(CallbackError::Timestamp));
}

#[test]
fn the_official_plain_push_is_opened() {
    let query = "signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059&nonce=486452656";
    let body = r#"{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
        "CreateTime":1714037059,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}"#;
    let push = official().open(&CallbackQuery::parse(query), body.as_bytes(), at(1_714_037_059)).unwrap();
    assert_eq!(push.created_at, at(1_714_037_059));
    assert_eq!(push.event, Event::Unknown { name: "debug_demo".into(), raw: body.into() });
}

/// 19 bytes of padding.
#[test]
fn the_official_safe_push_is_opened() {
    let query = "signature=6c5c811b55cc85e0e1b54100749188c20beb3f5d&timestamp=1714112445&nonce=415670741\
                 &openid=o9AgO5Kd5ggOC-bXrbNODIiE3bGY&encrypt_type=aes&msg_signature=046e02f8204d34f8ba5fa3b1db94908f3df2e9b3";
    let sealed = "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzD\
                  pVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrK\
                  EYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJG\
                  j04=";
    let query = CallbackQuery::parse(query);
    let message = r#"{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}"#;
    for body in [
        format!(r#"{{"ToUserName":"gh_97417a04a28d","Encrypt":"{sealed}"}}"#),
        format!(
            "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        ),
    ] {
        let push = official().open(&query, body.as_bytes(), at(1_714_112_445)).unwrap();
        assert_eq!(push.event, Event::Unknown { name: "debug_demo".into(), raw: message.into() });
    }
}

/// Made with openssl: 24 bytes of padding, and a key with trailing bits.
#[test]
fn a_push_that_openssl_made_is_opened() {
    let query = "timestamp=1767225600&nonce=880011&msg_signature=fc17d997875d19fc3ed6ff7856bbe4955a797769";
    let body = r#"{"ToUserName":"gh_1","Encrypt":"Q3stYC6hdFzMh9T8HCvyDGwY57K1jXJJX/n/hzFMEPyFocCICJGkJ48qwQDJWhp7VeuAt/3hJweJxOiBvOO3yCZ+n5jY3ZKbHUEgufRJD45LjfZLmBM8ZSo3YPU10+a+"}"#;
    let push = callback().open(&CallbackQuery::parse(query), body.as_bytes(), now()).unwrap();
    let raw = r#"{"MsgType":"event","Event":"demo"}"#.into();
    assert_eq!(push.event, Event::Unknown { name: "demo".into(), raw });
    // The message does not say when: the address does.
    assert_eq!(push.created_at, now());
}
