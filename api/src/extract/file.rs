use std::time::Duration;

use actix_multipart::Multipart;
use futures_util::TryStreamExt;

use crate::problem::{Code, Problem};

/// The largest file over a slow line; after that others get their turn.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is expected in the field `file`.
pub struct Wanted {
    /// For people: 「照片」.
    pub what: &'static str,
    /// Bytes.
    pub most: usize,
    pub too_large: fn() -> Problem,
}

/// The bytes of the field `file`. Never more than the limit is held in memory.
pub async fn file_in(form: Multipart, wanted: &Wanted) -> Result<Vec<u8>, Problem> {
    let Wanted { what, .. } = wanted;
    let too_slow =
        |_| Problem::new(Code::RequestTimeout, format!("网络太慢，{what}没有传完，请换个网络或压缩后再上传"));
    tokio::time::timeout(PATIENCE, read(form, wanted)).await.map_err(too_slow)?
}

async fn read(mut form: Multipart, wanted: &Wanted) -> Result<Vec<u8>, Problem> {
    let Wanted { what, most, too_large } = *wanted;
    let broken = |error: actix_multipart::MultipartError| {
        let detail = format!("{what}没有传完或格式不对，请检查网络后重新上传");
        Problem::new(Code::BadRequest, detail).because(anyhow::anyhow!("{error}"))
    };
    while let Some(mut field) = form.try_next().await.map_err(broken)? {
        if field.name() != Some("file") {
            while field.try_next().await.map_err(broken)?.is_some() {}
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = field.try_next().await.map_err(broken)? {
            if bytes.len() + chunk.len() > most {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        return Ok(bytes);
    }
    Err(Problem::field("/file", format!("请选择一个文件（{what}，表单字段名为 file）")))
}
