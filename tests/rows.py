"""A network of very many, as rows that only the database made: what it plans depends on how many there are."""

from datetime import datetime

from django.db import connection

MANY = """
INSERT INTO privacy_key (id, wrapped, holder, made_at)
    SELECT md5('key' || n)::uuid, '\\x00', 'person', %(now)s FROM generate_series(1, %(many)s) n;
INSERT INTO organizations_organization (id, slug, key_id, name, kind, zip, admitted_at, founding, age_recipient,
                                 childcare_own_vouch)
    SELECT md5('organization' || n)::uuid, 'many-' || n, md5('key' || n)::uuid, '\\x00', 'faith', '60629',
           %(now)s, true, '', false FROM generate_series(1, 50) n;
INSERT INTO people_person (id, key_id, fingerprint, phone, name, languages, standing, safe_to_call, enrolled_at,
                           consent_on)
    SELECT md5('person' || n)::uuid, md5('key' || n)::uuid, sha256(('phone' || n)::bytea), '\\x00', '\\x00',
           '{es,en}', 'active', true, %(now)s - n * interval '1 minute', '2026-01-01'
    FROM generate_series(1, %(many)s) n;
INSERT INTO privacy_knownphone (fingerprint, key_id)
    SELECT sha256(('phone' || n)::bytea), md5('key' || n)::uuid FROM generate_series(1, %(many)s) n;
INSERT INTO people_member (id, person_id, key_id, organization_id, street, city, state, zip, attested_at,
                           frozen_for, homes_left)
    SELECT md5('member' || n)::uuid, md5('person' || n)::uuid, md5('key' || n)::uuid,
           md5('organization' || n %% 50 + 1)::uuid, '\\x00', '\\x00', 'IL', '60629',
           %(now)s - (n %% 80) * interval '1 day', '', '{}'
    FROM generate_series(1, %(many)s) n;
INSERT INTO trust_vouch (id, organization_id, person_id, role, met_in_person, founding, given_at, ends_at, held)
    SELECT md5('vouch' || n)::uuid, md5('organization' || n %% 50 + 1)::uuid, md5('person' || n)::uuid, 'member',
           false, true, %(now)s - interval '1 day', %(now)s + (60 + n %% 300) * interval '1 day', false
    FROM generate_series(1, %(many)s) n;
INSERT INTO messaging_contact (id, fingerprint, channel, key_id, phone, last_in_at, unasked)
    SELECT md5('contact' || n)::uuid, sha256(('phone' || n)::bytea), 'sms', md5('key' || n)::uuid, '\\x00',
           %(now)s - (n %% 60) * interval '1 day', 0
    FROM generate_series(1, %(many)s) n;
INSERT INTO messaging_inbound (id, account, sid, contact_id, ours, media, media_tries, received_at, came_at, fetched,
                               erase_tries, state, attempts, next_attempt_at, handled_at, understood, revives)
    SELECT md5('in' || n)::uuid, 'AC', 'SMi' || n, md5('contact' || n)::uuid, true, 0, 0,
           %(now)s - n * interval '1 minute', %(now)s - n * interval '1 minute', false, 0, 'handled', 1,
           %(now)s - n * interval '1 minute', %(now)s, 'Help', false
    FROM generate_series(1, %(many)s) n;
INSERT INTO messaging_outbound (id, contact_id, text, lane, segments, state, owed_at, not_before, attempts, sid,
                                sent_at, final_at, asked, erase_tries)
    SELECT md5('out' || n)::uuid, md5('contact' || n)::uuid, 'welcome', 1, 1, 'delivered',
           %(now)s - n * interval '1 minute', %(now)s - n * interval '1 minute', 1, 'SMo' || n, %(now)s, %(now)s, 0, 0
    FROM generate_series(1, %(many)s) n;
INSERT INTO support_supportrequest (id, number, member_id, key_id, kind, at_home, by_hand, duress, source, state,
                                    opened_at, closed_at, outcome)
    SELECT md5('request' || n)::uuid, 1000000 + n, md5('member' || n)::uuid, md5('key' || n)::uuid, 'accompaniment',
           true, false, false, 'text', 'closed', %(now)s - n * interval '1 hour', %(now)s - n * interval '1 hour',
           'helped'
    FROM generate_series(1, %(many)s) n;
INSERT INTO dispatch_search (id, support_request_id, wave, started_at, width, answer_by, answered_at)
    SELECT md5('search' || n)::uuid, md5('request' || n)::uuid, 2, %(now)s - n * interval '1 hour', 1,
           %(now)s - n * interval '1 hour', %(now)s - n * interval '1 hour'
    FROM generate_series(1, %(many)s) n;
INSERT INTO dispatch_offer (id, search_id, person_id, key_id, code, wave, by_hand, instead, width, state, drill,
                            asked_at, open_until, answered_at, released_at, holding, cells, settled_at)
    SELECT md5('offer' || n)::uuid, md5('search' || n)::uuid, md5('person' || n)::uuid, md5('key' || n)::uuid,
           10 + n %% 80, 1, false, false, 1, 'accepted', false, %(now)s - n * interval '1 hour',
           %(now)s - n * interval '1 hour', %(now)s - n * interval '1 hour', %(now)s - n * interval '1 hour', false,
           '', %(now)s
    FROM generate_series(1, %(many)s) n;
INSERT INTO visits_visit (id, support_request_id, offer_id, person_id, stage, plan, moves, views, gave_up, began_at, there_at,
                          ended_at)
    SELECT md5('visit' || n)::uuid, md5('request' || n)::uuid, md5('offer' || n)::uuid, md5('person' || n)::uuid,
           'done', '', 0, 1, false, %(now)s - n * interval '1 hour', %(now)s - n * interval '1 hour',
           %(now)s - n * interval '1 hour'
    FROM generate_series(1, %(many)s) n;
INSERT INTO desk_need (id, number, reason, about, subject, request_id, person_id, promise, grave, due_at, raised_at,
                       closed_at, closed_by, how)
    SELECT md5('need' || n)::uuid, 1000000 + n, 'person_please', 'person:' || md5('person' || n)::uuid,
           'request:' || md5('request' || n)::uuid, md5('request' || n)::uuid, md5('person' || n)::uuid, false, false,
           %(now)s - n * interval '1 hour', %(now)s - n * interval '1 hour', %(now)s - n * interval '1 hour',
           'engine', 'done'
    FROM generate_series(1, %(many)s) n;
INSERT INTO audit_line (at, actor, action, about, detail)
    SELECT %(now)s - n * interval '1 minute', 'engine', 'need.closed', 'need', '{}' FROM generate_series(1, %(many)s) n;
INSERT INTO audit_whom (line_id, key, actor, about, request_id, ids)
    SELECT id, '', '', 'need:' || md5('need' || n)::uuid, md5('request' || n)::uuid, '{}'
    FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM audit_line) l;
"""


def fill(many: int, *, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MANY, {"many": many, "now": now})
        cursor.execute("ANALYZE")
