use futures_util::future::join_all;
use serde_json::json;
use tests::{Program, community, id, on_both};
use wechat_adapter::Endpoint;

const PROCESSES: usize = 5;

on_both! {
    /// Where there is a Redis; without one, each process asks for itself and is given the same token.
    async fn a_dead_token_is_replaced_once_for_all_processes(app: &TestApp) {
        let cast = app.xiyuan().await;
        let made = cast.clerk.post(&format!("/v1/communities/{}/entrances", community("XY"))).json(&json!({})).await.ok();
        let path = format!("/v1/entrances/{}/code", id(&made));
        let mut programs = Vec::new();
        for _ in 0..PROCESSES {
            programs.push(Program::serve(&app.environment().await).await);
        }
        let everywhere = || {
            let ask = |program| app.at(program, &cast.clerk.access_token).get(&path).send();
            join_all(programs.iter().map(ask))
        };
        let all_answer = |replies: Vec<reqwest::Result<tests::Reply>>| {
            replies.into_iter().all(|reply| reply.is_ok_and(|reply| reply.status == 200))
        };
        assert!(all_answer(everywhere().await));
        let before = app.wechat().calls_to(Endpoint::StableToken);
        app.wechat().revoke_tokens();
        assert!(all_answer(everywhere().await), "nobody notices");
        let calls = app.wechat().calls_to(Endpoint::StableToken) - before;
        let most = if app.database.redis_url.is_some() { 1 } else { PROCESSES as u64 };
        assert!((1..=most).contains(&calls), "{calls} calls for a token");
        for program in programs {
            program.is_told_to_stop().await;
            program.ends().await;
        }
    }
}
