//! Lists what the library offers to the account, and checks the account's own
//! templates against a message.
//!
//!     WECHAT_APP_ID=… WECHAT_SECRET=… KEYWORDS=thing2,time4 cargo run --example templates
//!
//! `KEYWORDS` are those of the message. `WECHAT_BASE_URL` leads to a sandbox.

mod account;

use std::sync::Arc;

use account::{Outcome, config, wanted};
use wechat_adapter::{MemoryTokenStore, MiniProgram, TitleQuery};

#[tokio::main]
async fn main() -> Outcome {
    let wechat = MiniProgram::new(config()?, Arc::new(MemoryTokenStore::default()))?;
    let keywords = wanted("KEYWORDS")?;
    let keywords: Vec<_> = keywords.split(',').collect();
    for template in wechat.templates().await? {
        let fit = match template.check(&keywords) {
            Ok(()) => "fits".to_owned(),
            Err(misfit) => misfit.to_string(),
        };
        println!("{} {:?} {}: {fit}", template.id, template.kind, template.title);
    }

    let categories = wechat.template_categories().await?;
    for category in &categories {
        println!("category {} {}", category.id, category.name);
    }
    let page = wechat.template_titles(&TitleQuery::of(categories.iter().map(|category| category.id))).await?;
    println!("{} titles, of which {}:", page.count, page.titles.len());
    for title in page.titles.iter().take(3) {
        let keywords = wechat.template_keywords(title.tid).await?;
        let keywords: Vec<_> = keywords.iter().map(|keyword| format!("{} {}", keyword.name, keyword.rule)).collect();
        println!("{} {:?} {}: {}", title.tid, title.kind, title.title, keywords.join(", "));
    }
    Ok(())
}
