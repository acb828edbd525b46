//! The contracts of the store ports, each held to on SQLite and on PostgreSQL.
//!
//! `HGJ_TEST_POSTGRES` names a server on which databases may be made, such as
//! `postgres://postgres@127.0.0.1:5432/postgres`.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

mod addresses;
mod answers;
mod attachments;
mod attempts;
mod audit;
mod bed;
mod bookings;
mod calls;
mod campaigns;
mod clocks;
mod commit;
mod content;
mod delegations;
mod deliveries;
mod detours;
mod directory;
mod duty;
mod entrances;
mod erasures;
mod feed;
mod figures;
mod grids;
mod history;
mod inbox;
mod lists;
mod mediations;
mod memberships;
mod migrations;
mod numbers;
mod operators;
mod outbox;
mod partners;
mod people;
mod residents;
mod retention;
mod round_trip;
mod second_factors;
mod services;
mod sight;
mod story;
mod tickets;
mod vault;
mod volunteers;
mod wechat;

macro_rules! contracts {
    ($($module:ident: $($name:ident),+ $(,)?;)+) => {
        mod on_sqlite {
            $(mod $module {$(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    crate::bed::on_sqlite(crate::$module::$name).await;
                }
            )+})+
        }

        mod on_postgres {
            $(mod $module {$(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    crate::bed::on_postgres(crate::$module::$name).await;
                }
            )+})+
        }
    };
}

contracts! {
    answers: the_answer_comes_back_as_given, a_key_is_taken_once, old_answers_are_swept;
    attachments: a_photo_comes_back_as_given, only_photos_without_an_order_are_swept;
    audit:
        lines_come_back_as_they_were_written,
        lines_are_found_by_person_action_and_time,
        old_lines_go_from_the_front;
    attempts: five_wrong_tries_at_once_are_five, a_right_try_forgets_the_wrong_ones, long_ago_is_swept;
    calls:
        a_call_says_whom_about_what_and_why,
        whoever_took_an_account_over_is_called_for_it,
        each_desk_calls_its_own,
        of_two_who_called_the_first_stands,
        what_is_not_true_any_more_is_not_told;
    campaigns:
        a_campaign_comes_back_as_given,
        a_partner_that_is_taken_out_leaves_its_doors,
        the_answer_is_written_with_what_it_tells_of,
        each_sees_the_campaigns_and_doors_that_are_theirs,
        a_door_is_enlisted_once_however_it_is_written,
        of_many_doors_all_or_none_are_enlisted,
        of_two_who_record_a_round_one_is_too_late,
        a_closed_campaign_takes_no_more,
        doors_are_listed_by_how_they_stand,
        totals_are_counted_without_a_key,
        a_photo_joins_one_visit_only,
        verified_homes_are_found_in_their_compounds,
        whoever_closes_the_account_goes_from_the_households,
        ten_thousand_doors_are_enlisted_in_one_go,
        a_closed_campaign_is_forgotten_in_time;
    clocks:
        a_clock_reminds_once_at_each_of_its_marks,
        an_unreadable_order_is_reminded_of_by_nobody_and_hides_no_other,
        the_digest_comes_whatever_became_of_the_reminders,
        a_digest_is_written_once_a_day,
        a_paper_that_ends_is_told_of_once_on_each_of_its_days,
        nobody_is_told_of_a_partner_without_work,
        papers_are_found_by_their_day;
    commit:
        of_two_commits_of_one_order_one_is_stale,
        of_two_commits_under_one_key_one_is_refused,
        the_second_request_with_a_key_learns_that_before_anything_else,
        a_merge_is_written_whole_or_not_at_all,
        opposite_merges_never_wait_for_each_other,
        a_photo_joins_one_order_only,
        a_photo_of_somebody_else_is_unavailable,
        an_import_reference_is_taken_once,
        a_whole_history_is_one_commit,
        many_orders_are_imported_in_one_commit;
    content:
        marked_words_wait_and_are_forgotten_when_decided,
        where_asking_brings_nothing_no_copy_is_kept,
        the_desk_clears_words_and_photos_and_hides_what_it_must,
        a_photo_is_checked_once_it_belongs_to_an_open_matter,
        two_workers_never_hold_the_same_photo;
    delegations:
        of_two_who_accept_at_once_one_is_too_late,
        a_newer_one_takes_the_place_of_an_older,
        an_offer_is_kept_under_a_blind_index;
    deliveries:
        two_workers_never_hold_the_same,
        a_parcel_has_all_that_its_words_are_made_of,
        without_a_right_nothing_is_sent_and_it_is_said,
        a_rung_that_fails_leads_to_the_next,
        equal_messages_are_folded,
        danger_overtakes_and_knows_no_night,
        a_call_in_vain_is_called_for_again,
        whose_lease_ended_sends_nothing,
        what_was_late_waits_for_the_morning,
        what_a_dead_worker_held_is_settled_by_the_sweep,
        a_closed_channel_keeps_its_messages,
        a_try_that_says_nothing_of_the_message_does_not_count,
        what_waits_too_long_expires,
        what_did_not_arrive_after_all_goes_on_up_the_ladder,
        silence_is_kept_but_for_danger,
        counts_add_up;
    bookings: of_two_dates_at_once_a_person_has_as_many_as_the_rule_says, nobody_is_given_a_seat_that_is_not_there, a_seat_that_is_given_back_goes_to_whoever_waits_first,
        what_is_resolved_was_served_and_what_is_refused_is_free, what_is_held_for_no_order_is_free_again,
        a_move_keeps_the_old_seat_until_the_new_one_is_sure, two_who_change_places_do_not_wait_for_each_other,
        who_waits_for_a_date_that_begins_is_told, a_closed_date_ends_its_queue, a_move_books_no_date_twice,
        of_a_sealed_order_only_those_see_the_seat_who_see_it,
        dates_are_there_once_and_come_by_their_starts;
    services: a_change_is_a_new_version_and_the_old_one_stays, who_did_not_see_the_latest_changes_nothing,
        a_line_that_was_taken_off_counts_on, new_lines_stand_behind_the_others, two_writers_at_once_make_one_version;
    detours:
        an_emergency_is_held_by_no_equal_message,
        danger_goes_round_a_closed_channel,
        danger_takes_the_first_way_that_opens,
        a_rung_that_fails_leads_past_a_closed_one,
        a_name_in_wecom_ends_with_the_role;
    directory: it_comes_back_in_its_order, saving_again_updates_and_removes_nothing, codes_may_contradict_each_other;
    duty: who_is_on_duty_is_told_while_the_turn_runs, a_desk_has_a_number;
    addresses:
        an_address_is_known_once_however_it_is_written,
        two_who_enter_the_same_at_once_enter_it_once,
        a_building_belongs_to_a_grid,
        pages_go_forward_within_the_area;
    grids:
        a_border_is_drawn_anew_and_rubbed_out,
        only_borders_around_the_point_are_read,
        of_two_that_draw_over_each_other_one_is_refused;
    entrances: a_code_leads_somewhere_until_it_is_taken_down;
    erasures:
        an_erased_order_is_what_its_events_make,
        a_move_that_was_decided_before_is_stale,
        words_go_only_where_no_photo_is_left,
        a_beneficiary_is_taken_out_of_the_order,
        a_tombstone_is_nobody,
        an_order_for_somebody_who_lives_stays,
        whoever_is_gone_keeps_no_order,
        sharing_ends_also_on_orders_that_others_placed,
        an_unreadable_order_keeps_no_other,
        a_shared_contact_is_a_consent_until_it_is_taken_back;
    figures:
        counts_add_up_by_day_service_and_compound,
        counts_are_apart_by_channel_and_by_how_long_it_took,
        what_a_place_says_of_a_certificate_is_read_with_the_directory;
    feed:
        changes_and_inboxes_come_as_one_sequence,
        a_change_says_who_may_know,
        the_end_names_whose_work_it_ended,
        an_end_stays_told_when_the_order_is_reopened,
        whoever_reads_along_misses_nothing,
        what_is_swept_is_said_to_be_gone,
        a_stretch_takes_few_statements,
        an_unreadable_dispatch_hides_nothing_else;
    history: a_walk_meets_every_order_once_and_verifies, a_walk_shows_one_moment, a_changed_body_is_found, an_unreadable_order_hides_no_other;
    inbox: items_come_newest_first_page_by_page, what_was_read_stays_read_and_others_stay_out_of_it;
    lists:
        pages_stay_whole_while_orders_come_in,
        each_desk_shows_its_own,
        an_order_with_two_handlers_takes_one_place_on_the_page,
        narrowing_by_status_service_and_words,
        what_is_overdue,
        emergencies_only,
        a_partners_dispatches;
    mediations:
        a_case_comes_back_as_it_was_written,
        of_two_steps_at_once_one_is_stale,
        an_order_has_one_open_case,
        the_store_keeps_the_rule_of_sight,
        a_code_leads_to_its_case_once,
        what_one_party_said_goes_and_the_others_stay,
        a_case_goes_with_the_words_of_its_order,
        a_follow_up_is_told_once,
        a_mediator_whose_time_is_over_is_released;
    memberships: a_role_is_granted_once, a_role_runs_out_and_may_be_given_again, leaving_closes_every_session,
        the_name_in_wecom_goes_with_the_last_role;
    migrations: up_down_up_makes_the_same_schema;
    numbers: fifty_at_once_get_fifty_numbers, days_and_communities_count_for_themselves,
        whoever_goes_away_holds_up_nobody;
    operators:
        what_ended_badly_is_found,
        calls_that_wait_are_listed_as_calls,
        what_reached_nobody_is_sent_again,
        what_may_have_arrived_is_sent_again_by_name_only,
        nobody_is_told_again_whom_another_way_reached,
        the_night_stays_quiet,
        an_order_tells_what_was_told_of_it,
        what_is_allowed_comes_by_account,
        names_in_wecom_are_kept_by_place,
        no_look_at_deliveries_reads_them_all;
    outbox:
        two_relays_never_hold_the_same,
        a_lease_that_ended_gives_the_notice_back,
        who_only_watches_leaves_notices_to_others,
        what_happened_to_an_order_is_passed_on_in_that_order,
        a_notice_is_expanded_once,
        a_partner_is_all_its_staff,
        an_alarm_reaches_those_on_duty_once,
        nobody_is_told_what_they_did_themselves,
        a_complaint_is_not_told_to_whom_it_is_about;
    partners:
        what_is_kept_comes_back_as_given,
        a_code_stands_once_in_a_community,
        of_those_who_send_at_once_only_as_many_get_through_as_there_is_room,
        the_record_is_what_the_orders_say;
    people:
        signing_in_twice_is_one_person,
        a_unionid_leads_from_one_mini_program_to_another,
        newcomers_are_people_once,
        the_person_behind_a_session_has_every_role,
        the_profile_is_kept,
        of_two_rotations_at_once_one_is_a_theft,
        tokens_that_are_of_no_use,
        a_desk_that_nobody_uses_signs_out,
        devices_are_listed_and_closed_by_their_owner,
        expired_tokens_are_swept,
        the_last_word_on_a_subscription_stands;
    residents:
        homes_come_back_as_given_and_the_first_is_the_main_one,
        a_main_home_gives_way_to_another,
        homes_are_found_in_their_area_only,
        a_kept_account_is_found_where_it_lives,
        a_kept_account_is_taken_over_once,
        a_kept_account_is_not_given_away_lightly,
        a_delegate_who_comes_again_takes_nothing_over,
        a_former_self_is_told_under_its_new_name;
    retention: unreadable_orders_keep_nothing_else;
    round_trip: every_field_of_every_state, a_status_that_contradicts_its_state_is_corrupt, an_unknown_name_is_corrupt;
    second_factors: one_that_is_on_is_not_begun_anew, a_code_works_once;
    sight:
        a_stranger_sees_nothing,
        each_hat_sees_what_is_its_own,
        a_returned_dispatch_closes_the_view,
        the_store_keeps_the_rule_of_sight,
        a_complaint_is_hidden_from_whom_it_is_about;
    tickets: of_two_scanners_one_owns_the_ticket, of_two_claims_one_gets_the_session, tickets_are_swept;
    vault:
        nothing_that_speaks_of_people_lies_open,
        a_value_opens_in_its_own_place_only,
        a_wrong_master_key_opens_nothing,
        another_master_key_takes_over,
        keys_change_while_others_write;
    volunteers:
        volunteers_are_found_by_what_they_can_do,
        hours_count_once_the_desk_has_said_so,
        what_a_volunteer_was_goes_with_the_account;
    wechat:
        what_is_told_eight_times_happens_once,
        of_changes_at_once_none_is_lost,
        accounts_come_in_the_order_that_is_asked_for,
        what_is_taken_back_is_noted_until_it_is_gone,
        followers_are_asked_about_once,
        a_verdict_finds_its_photo_however_late,
        strange_things_are_kept_locked_and_swept;
}
