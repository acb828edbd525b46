use crate::bed::Bed;
use crate::story::Story;

pub async fn up_down_up_makes_the_same_schema(bed: &Bed) {
    let first = schema(bed).await;
    assert!(first.iter().any(|line| line.contains("order_events_pkey") || line.contains("TABLE order_events")));
    Story::begin(bed).await;

    bed.db.revert_migrations().await.expect("taken back");
    assert_eq!(schema(bed).await, Vec::<String>::new());
    bed.db.migrate().await.expect("a schema");
    assert_eq!(schema(bed).await, first);
    // Once more changes nothing.
    bed.db.migrate().await.expect("a schema");
    assert_eq!(schema(bed).await, first);
}

/// Every table, column, constraint and index of ours in words.
async fn schema(bed: &Bed) -> Vec<String> {
    if !bed.is_postgres() {
        return bed
            .texts(
                "SELECT name || ': ' || coalesce(sql, '') FROM sqlite_schema
                 WHERE tbl_name <> 'seaql_migrations' ORDER BY name",
            )
            .await;
    }
    bed.texts(
        "SELECT line FROM (
             SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'
             UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
             FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace AND conrelid <> 'seaql_migrations'::regclass
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'seaql_migrations'
         ) AS lines ORDER BY line",
    )
    .await
}
