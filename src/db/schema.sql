-- The migrated schema, to be read: written by `node scripts/schema.mjs`, held equal to the migrations by a test.

-- schema
opsroom_door: usage

-- tables
accounts row level security
api_keys row level security
api_rates row level security
approvals row level security
artefacts row level security
audit_blocks row level security
audit_entries row level security
audit_segments row level security
bundles row level security
call_rates row level security
documents row level security
drafts row level security
events row level security
evidence row level security
ide_sessions row level security
intents row level security
invitations row level security
known_as row level security
lanes row level security
lost_workers row level security
mcp_servers row level security
mcp_sign_ins row level security
mcp_tools row level security
members row level security
migrations
model_calls row level security
notification_rules row level security
notifications row level security
organisations row level security
owner_links row level security
people row level security
plan_sources row level security
plans row level security
policy_versions row level security
proofs row level security
rate_buckets unlogged row level security
room_minutes
run_artefacts row level security
run_requests row level security
runs with (fillfactor=80) row level security
saved_views row level security
schedule_fires row level security
schedules row level security
secret_hosts row level security
secret_uses row level security
secrets row level security
session_runs row level security
sessions row level security
sign_in_states row level security
sign_ins row level security
signals row level security
signing_keys row level security
step_attempts with (fillfactor=85) row level security
step_log_chunks partition by RANGE (day) row level security
webhook_deliveries row level security
webhook_secrets row level security
webhooks row level security
workers

-- columns
accounts.org_id uuid not null default '00000000-0000-7000-8000-000000000001'::uuid
accounts.id uuid not null
accounts.person_id uuid not null
accounts.provider text not null
accounts.provider_account text not null
accounts.password text
accounts.scope text
accounts.created_at timestamp with time zone not null default clock_timestamp()
accounts.updated_at timestamp with time zone not null default clock_timestamp()
api_keys.org_id uuid not null
api_keys.id uuid not null
api_keys.name text not null
api_keys.hash bytea not null
api_keys.hint text not null
api_keys.scopes text[] not null
api_keys.created_by text not null
api_keys.created_at timestamp with time zone not null default clock_timestamp()
api_keys.expires_at timestamp with time zone
api_keys.last_used_at timestamp with time zone
api_keys.revoked_at timestamp with time zone
api_keys.revoked_by text
api_keys.agent text
api_keys.person_id uuid
api_rates.who text not null
api_rates.per_second double precision not null
api_rates.burst integer not null
api_rates.changed_by text not null
api_rates.changed_at timestamp with time zone not null default clock_timestamp()
approvals.org_id uuid not null
approvals.intent_id uuid not null
approvals.seq integer not null
approvals.person_id uuid
approvals.given_by text not null
approvals.role text
approvals.verdict text not null
approvals.reason text not null
approvals.form jsonb
approvals.break_glass boolean not null default false
approvals.bound jsonb not null
approvals.at timestamp with time zone not null default clock_timestamp()
artefacts.org_id uuid not null
artefacts.sha256 text not null
artefacts.size bigint not null
artefacts.media_type text not null
artefacts.body bytea storage e
artefacts.path text
artefacts.created_at timestamp with time zone not null default clock_timestamp()
audit_blocks.org_id uuid not null
audit_blocks.block bigint not null
audit_blocks.leaves bytea not null storage e
audit_blocks.root bytea not null
audit_entries.org_id uuid not null
audit_entries.seq bigint not null
audit_entries.at text not null
audit_entries.kind text not null
audit_entries.actor text not null
audit_entries.data jsonb not null
audit_entries.leaf_hash bytea not null
audit_segments.org_id uuid not null
audit_segments.from_seq bigint not null
audit_segments.to_seq bigint not null
audit_segments.tree_head jsonb not null
audit_segments.file_sha256 text not null
audit_segments.rotated_by text not null
audit_segments.rotated_at timestamp with time zone not null default clock_timestamp()
bundles.org_id uuid not null
bundles.run_id uuid not null
bundles.n integer not null
bundles.envelope json not null storage e
bundles.keyid text not null
bundles.head_seq integer not null
bundles.head text not null
bundles.audit_seq bigint not null
bundles.sealed_at timestamp with time zone not null
call_rates.org_id uuid not null
call_rates.name text not null
call_rates.per_second double precision not null
call_rates.burst integer not null
call_rates.changed_by text not null
call_rates.changed_at timestamp with time zone not null default clock_timestamp()
documents.org_id uuid not null
documents.id uuid not null
documents.name text not null
documents.kind text not null
documents.url text
documents.sha256 text not null
documents.bytes integer not null
documents.text text not null
documents.pages jsonb not null
documents.flags jsonb not null
documents.added_by text not null
documents.added_at timestamp with time zone not null default clock_timestamp()
drafts.org_id uuid not null
drafts.plan_digest text not null
drafts.goal text not null
drafts.model text not null
drafts.made_by text not null
drafts.made_at timestamp with time zone not null default clock_timestamp()
drafts.composed boolean not null default false
events.org_id uuid not null
events.run_id uuid not null
events.seq integer not null
events.type text not null
events.step_id text
events.item integer
events.attempt integer
events.data jsonb
events.at timestamp with time zone not null default clock_timestamp()
events.xid xid8 default pg_current_xact_id()
evidence.org_id uuid not null
evidence.digest text not null
evidence.body jsonb not null
evidence.created_at timestamp with time zone not null default clock_timestamp()
ide_sessions.org_id uuid not null
ide_sessions.id uuid not null
ide_sessions.person_id uuid not null
ide_sessions.name text not null
ide_sessions.hash bytea not null
ide_sessions.created_at timestamp with time zone not null default clock_timestamp()
ide_sessions.expires_at timestamp with time zone not null
ide_sessions.last_used_at timestamp with time zone
ide_sessions.ended_at timestamp with time zone
ide_sessions.ended_by text
intents.org_id uuid not null
intents.id uuid not null
intents.intent text not null
intents.title text not null
intents.reason text not null default ''::text
intents.claimed jsonb not null default '{}'::jsonb
intents.source jsonb not null
intents.plan_digest text not null
intents.inputs jsonb not null
intents.inputs_digest text not null
intents.target jsonb not null
intents.target_digest text not null
intents.queue jsonb not null
intents.proposed_by text not null
intents.proposer jsonb not null
intents.client text
intents.decision jsonb not null
intents.policy_digest text not null
intents.status text not null
intents.form jsonb not null default '{}'::jsonb
intents.created_at timestamp with time zone not null default clock_timestamp()
intents.expires_at timestamp with time zone
intents.starts_at timestamp with time zone
intents.run_id uuid
intents.word text not null default ''::text
intents.ended_at timestamp with time zone
intents.supersedes uuid
intents.superseded_by uuid
invitations.org_id uuid not null
invitations.id uuid not null
invitations.hash bytea not null
invitations.email text
invitations.role text not null
invitations.created_by text not null
invitations.person_id uuid
invitations.created_at timestamp with time zone not null default clock_timestamp()
invitations.expires_at timestamp with time zone not null
invitations.accepted_at timestamp with time zone
invitations.accepted_by text
invitations.revoked_at timestamp with time zone
invitations.revoked_by text
known_as.org_id uuid not null default '00000000-0000-7000-8000-000000000001'::uuid
known_as.name text not null
known_as.person_id uuid not null
known_as.since timestamp with time zone not null default clock_timestamp()
lanes.org_id uuid not null
lanes.lane text not null
lanes.width integer not null
lost_workers.id uuid not null
lost_workers.host text not null
lost_workers.pid integer not null
lost_workers.started_at timestamp with time zone not null
lost_workers.beat_at timestamp with time zone not null
lost_workers.lost_at timestamp with time zone not null default clock_timestamp()
mcp_servers.org_id uuid not null
mcp_servers.id uuid not null default gen_random_uuid()
mcp_servers.name text not null
mcp_servers.connection jsonb not null
mcp_servers.sandbox jsonb not null default '{"level": "none", "network": true}'::jsonb
mcp_servers.enabled boolean not null default false
mcp_servers.revision integer not null default 1
mcp_servers.created_by text not null
mcp_servers.created_at timestamp with time zone not null default clock_timestamp()
mcp_servers.changed_by text not null
mcp_servers.changed_at timestamp with time zone not null default clock_timestamp()
mcp_servers.changed_by_person boolean not null default false
mcp_servers.state text not null default 'unknown'::text
mcp_servers.state_since timestamp with time zone not null default clock_timestamp()
mcp_servers.looked_at timestamp with time zone
mcp_servers.error jsonb
mcp_servers.took_ms integer
mcp_servers.facts jsonb
mcp_servers.look_at timestamp with time zone not null default clock_timestamp()
mcp_servers.claimed_until timestamp with time zone
mcp_servers.first_look_at timestamp with time zone
mcp_sign_ins.org_id uuid not null
mcp_sign_ins.server_id uuid not null
mcp_sign_ins.kind text not null
mcp_sign_ins.n integer not null
mcp_sign_ins.state_hash text
mcp_sign_ins.issuer text not null
mcp_sign_ins.scope text not null default ''::text
mcp_sign_ins.by_whom text not null
mcp_sign_ins.at timestamp with time zone not null default clock_timestamp()
mcp_sign_ins.expires_at timestamp with time zone
mcp_sign_ins.refused text
mcp_sign_ins.vault_key_id text not null
mcp_sign_ins.data_key bytea not null
mcp_sign_ins.body bytea not null
mcp_sign_ins.renewing_until timestamp with time zone
mcp_tools.org_id uuid not null
mcp_tools.server_id uuid not null
mcp_tools.name text not null
mcp_tools.version integer not null
mcp_tools.digest text not null
mcp_tools.definition jsonb not null
mcp_tools.flags text[] not null default '{}'::text[]
mcp_tools.consented_by text
mcp_tools.consented_at timestamp with time zone
mcp_tools.first_seen_at timestamp with time zone not null default clock_timestamp()
mcp_tools.last_seen_at timestamp with time zone not null default clock_timestamp()
mcp_tools.gone_at timestamp with time zone
members.org_id uuid not null
members.person_id uuid not null
members.role text not null
members.created_at timestamp with time zone not null default clock_timestamp()
members.listed boolean not null default false
migrations.number integer not null
migrations.name text not null
migrations.sha256 text not null
migrations.applied_at timestamp with time zone not null default now()
model_calls.org_id uuid not null
model_calls.id uuid not null
model_calls.at timestamp with time zone not null default clock_timestamp()
model_calls.asked_by text not null
model_calls.provider text not null
model_calls.model text not null
model_calls.prompt text not null
model_calls.prompt_version integer not null
model_calls.prompt_digest text not null
model_calls.input_tokens integer
model_calls.output_tokens integer
model_calls.cost numeric(14,8)
model_calls.prices_as_of text not null
model_calls.ms integer not null
model_calls.outcome text not null
model_calls.plan_digest text
notification_rules.org_id uuid not null
notification_rules.id uuid not null
notification_rules.name text not null
notification_rules.place jsonb not null
notification_rules.events text[] not null
notification_rules.only_of jsonb not null default '{}'::jsonb
notification_rules.quiet jsonb
notification_rules.group_minutes integer not null default 10
notification_rules.paused boolean not null default false
notification_rules.created_by text not null
notification_rules.created_at timestamp with time zone not null default clock_timestamp()
notification_rules.looked_at timestamp with time zone not null default clock_timestamp()
notification_rules.tells_from timestamp with time zone not null default clock_timestamp()
notifications.org_id uuid not null
notifications.id uuid not null
notifications.rule_id uuid not null
notifications.event text not null
notifications.dedupe_key text not null
notifications.group_key text not null
notifications.facts jsonb not null
notifications.status text not null default 'pending'::text
notifications.attempts integer not null default 0
notifications.due_at timestamp with time zone not null
notifications.claimed_until timestamp with time zone
notifications.error text
notifications.created_at timestamp with time zone not null default clock_timestamp()
notifications.ended_at timestamp with time zone
organisations.id uuid not null
organisations.slug text not null
organisations.name text not null
organisations.created_at timestamp with time zone not null default now()
organisations.running_per_user integer not null default 10
organisations.ide_approvals boolean not null default false
organisations.model_usd_per_day numeric(12,2) default 20
owner_links.org_id uuid not null
owner_links.hash bytea not null
owner_links.person_id uuid
owner_links.created_at timestamp with time zone not null default clock_timestamp()
owner_links.expires_at timestamp with time zone not null
owner_links.used_at timestamp with time zone
owner_links.made_by text
people.org_id uuid not null default '00000000-0000-7000-8000-000000000001'::uuid
people.id uuid not null
people.name text not null
people.email text not null
people.email_verified boolean not null default false
people.image text
people.created_at timestamp with time zone not null default clock_timestamp()
people.updated_at timestamp with time zone not null default clock_timestamp()
plan_sources.org_id uuid not null
plan_sources.plan_digest text not null
plan_sources.file text not null
plan_sources.body text not null
plan_sources.places jsonb not null
plan_sources.at timestamp with time zone not null default clock_timestamp()
plans.org_id uuid not null
plans.digest text not null
plans.body jsonb not null storage e
plans.created_at timestamp with time zone not null default now()
plans.title text generated (body ->> 'title'::text)
plans.step_count integer generated jsonb_array_length((body -> 'steps'::text))
policy_versions.org_id uuid not null
policy_versions.n bigint not null
policy_versions.digest text not null
policy_versions.folder text not null
policy_versions.files jsonb not null
policy_versions.problems jsonb not null
policy_versions.noted_at timestamp with time zone not null default clock_timestamp()
proofs.org_id uuid not null
proofs.run_id uuid not null
proofs.seq integer not null
proofs.hash text not null
proofs.record json not null
rate_buckets.name text not null
rate_buckets.tokens double precision not null
rate_buckets.at timestamp with time zone not null
room_minutes.minute timestamp with time zone not null
room_minutes.state text not null
room_minutes.reason text
run_artefacts.org_id uuid not null
run_artefacts.run_id uuid not null
run_artefacts.step_id text not null
run_artefacts.item integer not null
run_artefacts.revision integer not null
run_artefacts.attempt integer not null
run_artefacts.name text not null
run_artefacts.sha256 text not null
run_requests.org_id uuid not null
run_requests.principal text not null
run_requests.key text not null
run_requests.request_digest text not null
run_requests.run_id uuid not null
run_requests.at timestamp with time zone not null default clock_timestamp()
runs.org_id uuid not null
runs.id uuid not null
runs.seqno bigint not null identity always
runs.plan_digest text not null
runs.title text not null
runs.inputs jsonb not null
runs.inputs_digest text not null
runs.target jsonb not null
runs.lane text not null
runs.priority integer not null default 0
runs.requested_by text not null
runs.concurrency_key text
runs.status text not null
runs.mode text not null default 'forward'::text
runs.rollback_cause text
runs.revision integer not null default 0
runs.epoch bigint not null default 0
runs.owner uuid
runs.host text
runs.workspace jsonb not null
runs.parked jsonb
runs.wake_at timestamp with time zone
runs.not_before timestamp with time zone
runs.takeovers integer not null default 0
runs.parent_id uuid
runs.fork jsonb
runs.restart integer not null default 1
runs.word text
runs.error jsonb
runs.created_at timestamp with time zone not null default clock_timestamp()
runs.queued_at timestamp with time zone not null default clock_timestamp()
runs.released_at timestamp with time zone
runs.started_at timestamp with time zone
runs.ended_at timestamp with time zone
runs.archived_at timestamp with time zone
runs.archived_by text
runs.allowed_tools jsonb
saved_views.org_id uuid not null
saved_views.id uuid not null
saved_views.name text not null
saved_views.owner text
saved_views.filter jsonb not null
saved_views.created_by text not null
saved_views.created_at timestamp with time zone not null default clock_timestamp()
schedule_fires.org_id uuid not null
schedule_fires.schedule_id uuid not null
schedule_fires.due_at timestamp with time zone not null
schedule_fires.cause text not null
schedule_fires.state text not null
schedule_fires.times integer not null default 1
schedule_fires.code text
schedule_fires.reason text
schedule_fires.run_id uuid
schedule_fires.intent_id uuid
schedule_fires.asked_by text
schedule_fires.came_at timestamp with time zone not null default clock_timestamp()
schedule_fires.claimed_at timestamp with time zone not null default clock_timestamp()
schedule_fires.tries integer not null default 1
schedule_fires.settled_at timestamp with time zone
schedule_fires.cancelled_at timestamp with time zone
schedules.org_id uuid not null
schedules.id uuid not null
schedules.name text not null
schedules.cron text not null
schedules.zone text not null
schedules.plan jsonb not null
schedules.plan_title text not null
schedules.inputs jsonb not null
schedules.lane text
schedules.session text
schedules.host text not null
schedules.folder text
schedules.overlap text not null
schedules.catch_up text not null
schedules.catch_up_most integer not null
schedules.jitter_s integer not null
schedules.made_by text not null
schedules.person_id uuid
schedules.key_id uuid
schedules.created_at timestamp with time zone not null default clock_timestamp()
schedules.changed_at timestamp with time zone not null default clock_timestamp()
schedules.paused_at timestamp with time zone
schedules.paused_by text
schedules.next_due timestamp with time zone not null
schedules.next_at timestamp with time zone not null
schedules.looked_at timestamp with time zone not null
secret_hosts.org_id uuid not null
secret_hosts.name text not null
secret_hosts.environment text not null default ''::text
secret_hosts.app text not null default ''::text
secret_hosts.hosts text[] not null
secret_hosts.set_by text not null
secret_hosts.set_at timestamp with time zone not null default clock_timestamp()
secret_uses.org_id uuid not null
secret_uses.run_id uuid not null
secret_uses.step_id text not null
secret_uses.name text not null
secret_uses.source text not null
secret_uses.environment text not null default ''::text
secret_uses.app text not null default ''::text
secret_uses.version integer not null default 0
secret_uses.at timestamp with time zone not null default clock_timestamp()
secrets.org_id uuid not null
secrets.name text not null
secrets.environment text not null default ''::text
secrets.app text not null default ''::text
secrets.version integer not null
secrets.key_id text not null
secrets.data_key bytea not null
secrets.body bytea not null
secrets.created_by text not null
secrets.created_at timestamp with time zone not null default clock_timestamp()
session_runs.org_id uuid not null
session_runs.run_id uuid not null
session_runs.session_id uuid not null
session_runs.at timestamp with time zone not null default clock_timestamp()
sessions.org_id uuid not null
sessions.id uuid not null
sessions.name text not null
sessions.intent text not null default ''::text
sessions.created_by text not null
sessions.created_at timestamp with time zone not null default clock_timestamp()
sessions.archived_at timestamp with time zone
sessions.archived_by text
sessions.allowed_tools text[]
sign_in_states.org_id uuid not null default '00000000-0000-7000-8000-000000000001'::uuid
sign_in_states.id uuid not null
sign_in_states.identifier text not null
sign_in_states.value text not null
sign_in_states.created_at timestamp with time zone not null default clock_timestamp()
sign_in_states.updated_at timestamp with time zone not null default clock_timestamp()
sign_in_states.expires_at timestamp with time zone not null
sign_ins.org_id uuid not null default '00000000-0000-7000-8000-000000000001'::uuid
sign_ins.id uuid not null
sign_ins.person_id uuid not null
sign_ins.token text not null
sign_ins.ip_address text
sign_ins.user_agent text
sign_ins.created_at timestamp with time zone not null default clock_timestamp()
sign_ins.updated_at timestamp with time zone not null default clock_timestamp()
sign_ins.expires_at timestamp with time zone not null
signals.id bigint not null identity always
signals.org_id uuid not null
signals.run_id uuid not null
signals.kind text not null
signals.payload jsonb not null
signals.sent_by text not null
signals.created_at timestamp with time zone not null default clock_timestamp()
signals.consumed_at timestamp with time zone
signals.outcome text
signing_keys.org_id uuid not null
signing_keys.keyid text not null
signing_keys.public_key text not null
signing_keys.first_used_at timestamp with time zone not null default clock_timestamp()
step_attempts.org_id uuid not null
step_attempts.run_id uuid not null
step_attempts.step_id text not null
step_attempts.item integer not null default '-1'::integer
step_attempts.revision integer not null default 0
step_attempts.attempt integer not null
step_attempts.status text not null
step_attempts.epoch bigint not null
step_attempts.started_at timestamp with time zone not null
step_attempts.ended_at timestamp with time zone
step_attempts.args jsonb
step_attempts.baseline jsonb
step_attempts.output jsonb
step_attempts.output_digest text
step_attempts.word text
step_attempts.verdicts jsonb
step_attempts.error jsonb
step_attempts.isolation text
step_attempts.log_digest text
step_attempts.artefacts jsonb
step_attempts.person jsonb
step_attempts.wake_at timestamp with time zone
step_attempts.reused_from uuid
step_log_chunks.org_id uuid not null
step_log_chunks.run_id uuid not null
step_log_chunks.step_id text not null
step_log_chunks.item integer not null
step_log_chunks.revision integer not null
step_log_chunks.attempt integer not null
step_log_chunks.seq integer not null
step_log_chunks.day date not null default CURRENT_DATE
step_log_chunks.first_line bigint not null
step_log_chunks.lines integer not null
step_log_chunks.codec smallint not null
step_log_chunks.body bytea not null storage e
step_log_chunks.at timestamp with time zone not null default clock_timestamp()
webhook_deliveries.org_id uuid not null
webhook_deliveries.webhook_id uuid not null
webhook_deliveries.id uuid not null
webhook_deliveries.sender_id text not null
webhook_deliveries.event text not null
webhook_deliveries.received_at timestamp with time zone not null default clock_timestamp()
webhook_deliveries.headers jsonb not null
webhook_deliveries.body_digest text not null
webhook_deliveries.signed_once text not null
webhook_deliveries.body_bytes integer not null
webhook_deliveries.body bytea not null
webhook_deliveries.cut boolean not null
webhook_deliveries.redelivery_of uuid
webhook_deliveries.redelivered_by text
webhook_deliveries.state text not null
webhook_deliveries.code text
webhook_deliveries.reason text
webhook_deliveries.run_id uuid
webhook_deliveries.intent_id uuid
webhook_deliveries.claimed_at timestamp with time zone not null default clock_timestamp()
webhook_deliveries.tries integer not null default 1
webhook_deliveries.settled_at timestamp with time zone
webhook_secrets.org_id uuid not null
webhook_secrets.webhook_id uuid not null
webhook_secrets.n integer not null
webhook_secrets.vault_key_id text not null
webhook_secrets.data_key bytea not null
webhook_secrets.body bytea not null
webhook_secrets.created_at timestamp with time zone not null default clock_timestamp()
webhook_secrets.created_by text not null
webhook_secrets.expires_at timestamp with time zone
webhooks.org_id uuid not null
webhooks.id uuid not null
webhooks.name text not null
webhooks.form text not null
webhooks.plan jsonb not null
webhooks.plan_title text not null
webhooks.inputs jsonb not null
webhooks.filter text
webhooks.lane text
webhooks.session text
webhooks.host text not null
webhooks.folder text
webhooks.made_by text not null
webhooks.person_id uuid
webhooks.key_id uuid
webhooks.created_at timestamp with time zone not null default clock_timestamp()
webhooks.changed_at timestamp with time zone not null default clock_timestamp()
webhooks.paused_at timestamp with time zone
webhooks.paused_by text
workers.id uuid not null
workers.host text not null
workers.pid integer not null
workers.pool_id text
workers.takes text not null
workers.draining boolean not null default false
workers.beats bigint not null default 0
workers.started_at timestamp with time zone not null default clock_timestamp()
workers.beat_at timestamp with time zone not null default clock_timestamp()
workers.runs integer

-- constraints
accounts.accounts_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
accounts.accounts_person_id_fkey FOREIGN KEY (person_id) REFERENCES opsroom.people(id) ON DELETE CASCADE
accounts.accounts_pkey PRIMARY KEY (org_id, id)
accounts.accounts_provider_provider_account_key UNIQUE (provider, provider_account)
api_keys.api_keys_agent_check CHECK ((agent ~ '^[a-z][a-z0-9-]{0,31}$'::text))
api_keys.api_keys_hash_check CHECK ((length(hash) = 32))
api_keys.api_keys_hash_key UNIQUE (hash)
api_keys.api_keys_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'::text))
api_keys.api_keys_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
api_keys.api_keys_person_id_fkey FOREIGN KEY (person_id) REFERENCES opsroom.people(id) ON DELETE SET NULL
api_keys.api_keys_pkey PRIMARY KEY (org_id, id)
api_keys.api_keys_scopes_check CHECK ((cardinality(scopes) > 0))
api_rates.api_rates_burst_check CHECK (((burst >= 1) AND (burst <= 1000000)))
api_rates.api_rates_per_second_check CHECK (((per_second > (0)::double precision) AND (per_second <= (100000)::double precision)))
api_rates.api_rates_pkey PRIMARY KEY (who)
api_rates.api_rates_who_check CHECK ((who = ANY (ARRAY['key'::text, 'stranger'::text])))
approvals.approvals_org_id_intent_id_fkey FOREIGN KEY (org_id, intent_id) REFERENCES opsroom.intents(org_id, id) ON DELETE CASCADE
approvals.approvals_pkey PRIMARY KEY (org_id, intent_id, seq)
approvals.approvals_reason_check CHECK ((length(reason) <= 2000))
approvals.approvals_verdict_check CHECK ((verdict = ANY (ARRAY['approve'::text, 'reject'::text])))
artefacts.artefacts_check CHECK (((body IS NULL) <> (path IS NULL)))
artefacts.artefacts_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
artefacts.artefacts_pkey PRIMARY KEY (org_id, sha256)
artefacts.artefacts_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
artefacts.artefacts_size_check CHECK ((size >= 0))
audit_blocks.audit_blocks_block_check CHECK ((block >= 0))
audit_blocks.audit_blocks_leaves_check CHECK ((length(leaves) = (256 * 32)))
audit_blocks.audit_blocks_pkey PRIMARY KEY (org_id, block)
audit_blocks.audit_blocks_root_check CHECK ((length(root) = 32))
audit_entries.audit_entries_leaf_hash_check CHECK ((length(leaf_hash) = 32))
audit_entries.audit_entries_pkey PRIMARY KEY (org_id, seq)
audit_entries.audit_entries_seq_check CHECK ((seq >= 0))
audit_segments.audit_segments_check CHECK (((to_seq > from_seq) AND ((to_seq % (256)::bigint) = 0)))
audit_segments.audit_segments_file_sha256_check CHECK ((file_sha256 ~ '^[0-9a-f]{64}$'::text))
audit_segments.audit_segments_from_seq_check CHECK (((from_seq >= 0) AND ((from_seq % (256)::bigint) = 0)))
audit_segments.audit_segments_pkey PRIMARY KEY (org_id, from_seq)
bundles.bundles_n_check CHECK ((n >= 1))
bundles.bundles_org_id_keyid_fkey FOREIGN KEY (org_id, keyid) REFERENCES opsroom.signing_keys(org_id, keyid)
bundles.bundles_pkey PRIMARY KEY (org_id, run_id, n)
call_rates.call_rates_burst_check CHECK (((burst >= 1) AND (burst <= 100000)))
call_rates.call_rates_name_check CHECK ((name ~ '^(tool|mcp):[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'::text))
call_rates.call_rates_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
call_rates.call_rates_per_second_check CHECK (((per_second > (0)::double precision) AND (per_second <= (10000)::double precision)))
call_rates.call_rates_pkey PRIMARY KEY (org_id, name)
documents.documents_kind_check CHECK ((kind = ANY (ARRAY['markdown'::text, 'pdf'::text, 'docx'::text, 'html'::text, 'image'::text])))
documents.documents_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
documents.documents_pkey PRIMARY KEY (org_id, id)
documents.documents_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
drafts.drafts_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
drafts.drafts_pkey PRIMARY KEY (org_id, plan_digest)
drafts.drafts_plan_digest_check CHECK ((plan_digest ~ '^[0-9a-f]{64}$'::text))
events.events_pkey PRIMARY KEY (org_id, run_id, seq)
evidence.evidence_pkey PRIMARY KEY (org_id, digest)
ide_sessions.ide_sessions_hash_check CHECK ((length(hash) = 32))
ide_sessions.ide_sessions_hash_key UNIQUE (hash)
ide_sessions.ide_sessions_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'::text))
ide_sessions.ide_sessions_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
ide_sessions.ide_sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES opsroom.people(id) ON DELETE CASCADE
ide_sessions.ide_sessions_pkey PRIMARY KEY (org_id, id)
intents.intents_intent_check CHECK (((length(intent) >= 1) AND (length(intent) <= 500)))
intents.intents_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
intents.intents_org_id_plan_digest_fkey FOREIGN KEY (org_id, plan_digest) REFERENCES opsroom.plans(org_id, digest)
intents.intents_pkey PRIMARY KEY (org_id, id)
intents.intents_reason_check CHECK ((length(reason) <= 2000))
intents.intents_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'approved'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'rolled_back'::text, 'cancelled'::text, 'denied'::text, 'rejected'::text, 'expired'::text, 'withdrawn'::text, 'superseded'::text, 'void'::text])))
invitations.invitations_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 320))))
invitations.invitations_hash_check CHECK ((length(hash) = 32))
invitations.invitations_hash_key UNIQUE (hash)
invitations.invitations_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
invitations.invitations_person_id_fkey FOREIGN KEY (person_id) REFERENCES opsroom.people(id) ON DELETE SET NULL
invitations.invitations_pkey PRIMARY KEY (org_id, id)
invitations.invitations_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'approver'::text, 'operator'::text, 'viewer'::text])))
known_as.known_as_name_key UNIQUE (name)
known_as.known_as_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
known_as.known_as_person_id_fkey FOREIGN KEY (person_id) REFERENCES opsroom.people(id) ON DELETE CASCADE
known_as.known_as_pkey PRIMARY KEY (org_id, name)
lanes.lanes_lane_check CHECK ((lane = ANY (ARRAY['A'::text, 'B'::text, 'C'::text, 'D'::text])))
lanes.lanes_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
lanes.lanes_pkey PRIMARY KEY (org_id, lane)
lanes.lanes_width_check CHECK ((width > 0))
lost_workers.lost_workers_pkey PRIMARY KEY (id)
mcp_servers.mcp_servers_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'::text))
mcp_servers.mcp_servers_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
mcp_servers.mcp_servers_org_id_name_key UNIQUE (org_id, name)
mcp_servers.mcp_servers_pkey PRIMARY KEY (org_id, id)
mcp_servers.mcp_servers_state_check CHECK ((state = ANY (ARRAY['unknown'::text, 'ok'::text, 'failing'::text])))
mcp_sign_ins.mcp_sign_ins_kind_check CHECK ((kind = ANY (ARRAY['begun'::text, 'held'::text])))
mcp_sign_ins.mcp_sign_ins_org_id_server_id_fkey FOREIGN KEY (org_id, server_id) REFERENCES opsroom.mcp_servers(org_id, id) ON DELETE CASCADE
mcp_sign_ins.mcp_sign_ins_pkey PRIMARY KEY (org_id, server_id, kind)
mcp_tools.mcp_tools_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text))
mcp_tools.mcp_tools_name_check CHECK (((length(name) >= 1) AND (length(name) <= 128)))
mcp_tools.mcp_tools_org_id_server_id_fkey FOREIGN KEY (org_id, server_id) REFERENCES opsroom.mcp_servers(org_id, id) ON DELETE CASCADE
mcp_tools.mcp_tools_pkey PRIMARY KEY (org_id, server_id, name, version)
mcp_tools.mcp_tools_version_check CHECK ((version > 0))
members.members_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
members.members_person_id_fkey FOREIGN KEY (person_id) REFERENCES opsroom.people(id) ON DELETE CASCADE
members.members_pkey PRIMARY KEY (org_id, person_id)
members.members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'approver'::text, 'operator'::text, 'viewer'::text])))
migrations.migrations_pkey PRIMARY KEY (number)
model_calls.model_calls_cost_check CHECK ((cost >= (0)::numeric))
model_calls.model_calls_input_tokens_check CHECK ((input_tokens >= 0))
model_calls.model_calls_ms_check CHECK ((ms >= 0))
model_calls.model_calls_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
model_calls.model_calls_outcome_check CHECK ((outcome = ANY (ARRAY['used'::text, 'refused'::text, 'failed'::text])))
model_calls.model_calls_output_tokens_check CHECK ((output_tokens >= 0))
model_calls.model_calls_pkey PRIMARY KEY (org_id, id)
model_calls.model_calls_prompt_digest_check CHECK ((prompt_digest ~ '^[0-9a-f]{64}$'::text))
notification_rules.notification_rules_events_check CHECK ((cardinality(events) > 0))
notification_rules.notification_rules_group_minutes_check CHECK (((group_minutes >= 0) AND (group_minutes <= 1440)))
notification_rules.notification_rules_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)))
notification_rules.notification_rules_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
notification_rules.notification_rules_org_id_name_key UNIQUE (org_id, name)
notification_rules.notification_rules_pkey PRIMARY KEY (org_id, id)
notifications.notifications_org_id_rule_id_dedupe_key_key UNIQUE (org_id, rule_id, dedupe_key)
notifications.notifications_org_id_rule_id_fkey FOREIGN KEY (org_id, rule_id) REFERENCES opsroom.notification_rules(org_id, id) ON DELETE CASCADE
notifications.notifications_pkey PRIMARY KEY (org_id, id)
notifications.notifications_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text, 'failed'::text])))
organisations.organisations_model_usd_per_day_check CHECK ((model_usd_per_day >= (0)::numeric))
organisations.organisations_pkey PRIMARY KEY (id)
organisations.organisations_running_per_user_check CHECK ((running_per_user > 0))
organisations.organisations_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
organisations.organisations_slug_key UNIQUE (slug)
owner_links.owner_links_hash_check CHECK ((length(hash) = 32))
owner_links.owner_links_hash_key UNIQUE (hash)
owner_links.owner_links_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
owner_links.owner_links_person_id_fkey FOREIGN KEY (person_id) REFERENCES opsroom.people(id) ON DELETE CASCADE
owner_links.owner_links_pkey PRIMARY KEY (org_id, hash)
people.people_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 320))))
people.people_id_key UNIQUE (id)
people.people_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
people.people_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
people.people_pkey PRIMARY KEY (org_id, id)
plan_sources.plan_sources_body_check CHECK ((octet_length(body) <= 1048576))
plan_sources.plan_sources_org_id_plan_digest_fkey FOREIGN KEY (org_id, plan_digest) REFERENCES opsroom.plans(org_id, digest) ON DELETE CASCADE
plan_sources.plan_sources_pkey PRIMARY KEY (org_id, plan_digest)
plans.plans_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text))
plans.plans_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
plans.plans_pkey PRIMARY KEY (org_id, digest)
policy_versions.policy_versions_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text))
policy_versions.policy_versions_n_check CHECK ((n >= 0))
policy_versions.policy_versions_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id)
policy_versions.policy_versions_pkey PRIMARY KEY (org_id, n)
proofs.proofs_pkey PRIMARY KEY (org_id, run_id, seq)
rate_buckets.rate_buckets_name_check CHECK ((length(name) <= 400))
rate_buckets.rate_buckets_pkey PRIMARY KEY (name)
room_minutes.room_minutes_pkey PRIMARY KEY (minute)
room_minutes.room_minutes_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'not ready'::text, 'stopped'::text])))
run_artefacts.run_artefacts_pkey PRIMARY KEY (org_id, run_id, step_id, item, revision, attempt, name)
run_requests.run_requests_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
run_requests.run_requests_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
run_requests.run_requests_pkey PRIMARY KEY (org_id, principal, key)
runs.runs_check CHECK (((owner IS NOT NULL) = (status = ANY ('{running,pausing}'::text[]))))
runs.runs_lane_check CHECK ((lane = ANY ('{A,B,C,D}'::text[])))
runs.runs_mode_check CHECK ((mode = ANY ('{forward,rollback}'::text[])))
runs.runs_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
runs.runs_org_id_plan_digest_fkey FOREIGN KEY (org_id, plan_digest) REFERENCES opsroom.plans(org_id, digest)
runs.runs_pkey PRIMARY KEY (org_id, id)
runs.runs_rollback_cause_check CHECK ((rollback_cause = ANY ('{failure,cancel,request}'::text[])))
runs.runs_status_check CHECK ((status = ANY ('{queued,released,running,waiting,pausing,paused,succeeded,failed,rolled_back,cancelled}'::text[])))
saved_views.saved_views_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)))
saved_views.saved_views_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
saved_views.saved_views_pkey PRIMARY KEY (org_id, id)
schedule_fires.schedule_fires_cause_check CHECK ((cause = ANY (ARRAY['time'::text, 'catch-up'::text, 'now'::text])))
schedule_fires.schedule_fires_org_id_schedule_id_fkey FOREIGN KEY (org_id, schedule_id) REFERENCES opsroom.schedules(org_id, id) ON DELETE CASCADE
schedule_fires.schedule_fires_pkey PRIMARY KEY (org_id, schedule_id, due_at)
schedule_fires.schedule_fires_state_check CHECK ((state = ANY (ARRAY['claimed'::text, 'queued'::text, 'started'::text, 'asked'::text, 'skipped'::text, 'missed'::text, 'refused'::text])))
schedule_fires.schedule_fires_times_check CHECK ((times > 0))
schedules.schedules_catch_up_check CHECK ((catch_up = ANY (ARRAY['none'::text, 'last'::text, 'all'::text])))
schedules.schedules_catch_up_most_check CHECK (((catch_up_most >= 1) AND (catch_up_most <= 100)))
schedules.schedules_cron_check CHECK (((length(cron) >= 1) AND (length(cron) <= 200)))
schedules.schedules_jitter_s_check CHECK (((jitter_s >= 0) AND (jitter_s <= 3600)))
schedules.schedules_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'::text))
schedules.schedules_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
schedules.schedules_org_id_name_key UNIQUE (org_id, name)
schedules.schedules_overlap_check CHECK ((overlap = ANY (ARRAY['skip'::text, 'queue'::text, 'cancel'::text, 'allow'::text])))
schedules.schedules_pkey PRIMARY KEY (org_id, id)
schedules.schedules_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 64)))
secret_hosts.secret_hosts_app_check CHECK ((length(app) <= 100))
secret_hosts.secret_hosts_environment_check CHECK ((length(environment) <= 100))
secret_hosts.secret_hosts_hosts_check CHECK (((cardinality(hosts) >= 1) AND (cardinality(hosts) <= 50)))
secret_hosts.secret_hosts_name_check CHECK ((name ~ '^[A-Za-z_][A-Za-z0-9_]{0,99}$'::text))
secret_hosts.secret_hosts_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
secret_hosts.secret_hosts_pkey PRIMARY KEY (org_id, name, environment, app)
secret_uses.secret_uses_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
secret_uses.secret_uses_pkey PRIMARY KEY (org_id, run_id, step_id, name, source, environment, app, version)
secret_uses.secret_uses_source_check CHECK ((source = ANY (ARRAY['vault'::text, 'environment'::text, 'file'::text])))
secrets.secrets_app_check CHECK ((length(app) <= 100))
secrets.secrets_body_check CHECK ((length(body) > 28))
secrets.secrets_data_key_check CHECK ((length(data_key) = 60))
secrets.secrets_environment_check CHECK ((length(environment) <= 100))
secrets.secrets_key_id_check CHECK ((key_id ~ '^[0-9a-f]{16}$'::text))
secrets.secrets_name_check CHECK ((name ~ '^[A-Za-z_][A-Za-z0-9_]{0,99}$'::text))
secrets.secrets_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
secrets.secrets_pkey PRIMARY KEY (org_id, name, environment, app, version)
secrets.secrets_version_check CHECK ((version > 0))
session_runs.session_runs_org_id_session_id_fkey FOREIGN KEY (org_id, session_id) REFERENCES opsroom.sessions(org_id, id) ON DELETE CASCADE
session_runs.session_runs_pkey PRIMARY KEY (org_id, run_id)
sessions.sessions_intent_check CHECK ((length(intent) <= 2000))
sessions.sessions_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120)))
sessions.sessions_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
sessions.sessions_pkey PRIMARY KEY (org_id, id)
sign_in_states.sign_in_states_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
sign_in_states.sign_in_states_pkey PRIMARY KEY (org_id, id)
sign_ins.sign_ins_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
sign_ins.sign_ins_person_id_fkey FOREIGN KEY (person_id) REFERENCES opsroom.people(id) ON DELETE CASCADE
sign_ins.sign_ins_pkey PRIMARY KEY (org_id, id)
sign_ins.sign_ins_token_key UNIQUE (token)
signals.signals_kind_check CHECK ((kind = ANY (ARRAY['cancel'::text, 'pause'::text, 'resume'::text, 'confirm'::text, 'answer'::text, 'resolve'::text, 'rollback'::text])))
signals.signals_pkey PRIMARY KEY (id)
signing_keys.signing_keys_keyid_check CHECK ((keyid ~ '^[0-9a-f]{64}$'::text))
signing_keys.signing_keys_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
signing_keys.signing_keys_pkey PRIMARY KEY (org_id, keyid)
step_attempts.step_attempts_pkey PRIMARY KEY (org_id, run_id, step_id, item, revision, attempt)
step_attempts.step_attempts_status_check CHECK ((status = ANY ('{running,waiting,done,failed,skipped,unknown,cancelled}'::text[])))
step_log_chunks.step_log_chunks_codec_check CHECK ((codec = ANY (ARRAY[0, 1])))
step_log_chunks.step_log_chunks_pkey PRIMARY KEY (org_id, run_id, step_id, item, revision, attempt, seq, day)
webhook_deliveries.webhook_deliveries_org_id_webhook_id_fkey FOREIGN KEY (org_id, webhook_id) REFERENCES opsroom.webhooks(org_id, id) ON DELETE CASCADE
webhook_deliveries.webhook_deliveries_pkey PRIMARY KEY (org_id, id)
webhook_deliveries.webhook_deliveries_sender_id_check CHECK (((length(sender_id) >= 1) AND (length(sender_id) <= 200)))
webhook_deliveries.webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['claimed'::text, 'started'::text, 'asked'::text, 'filtered'::text, 'ignored'::text, 'refused'::text])))
webhook_secrets.webhook_secrets_org_id_webhook_id_fkey FOREIGN KEY (org_id, webhook_id) REFERENCES opsroom.webhooks(org_id, id) ON DELETE CASCADE
webhook_secrets.webhook_secrets_pkey PRIMARY KEY (org_id, webhook_id, n)
webhooks.webhooks_form_check CHECK ((form = ANY (ARRAY['github'::text, 'standard'::text])))
webhooks.webhooks_id_key UNIQUE (id)
webhooks.webhooks_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'::text))
webhooks.webhooks_org_id_fkey FOREIGN KEY (org_id) REFERENCES opsroom.organisations(id) ON DELETE CASCADE
webhooks.webhooks_org_id_name_key UNIQUE (org_id, name)
webhooks.webhooks_pkey PRIMARY KEY (org_id, id)
workers.workers_pkey PRIMARY KEY (id)
workers.workers_runs_check CHECK ((runs > 0))
workers.workers_takes_check CHECK ((takes = ANY (ARRAY['all'::text, 'own'::text])))

-- indexes
CREATE INDEX accounts_person ON opsroom.accounts USING btree (person_id)
CREATE UNIQUE INDEX api_keys_in_use ON opsroom.api_keys USING btree (org_id, name) WHERE (revoked_at IS NULL)
CREATE UNIQUE INDEX approvals_once ON opsroom.approvals USING btree (org_id, intent_id, COALESCE((person_id)::text, given_by), verdict)
CREATE INDEX artefacts_old ON opsroom.artefacts USING btree (created_at)
CREATE INDEX audit_entries_actor ON opsroom.audit_entries USING btree (org_id, actor, seq)
CREATE INDEX audit_entries_at ON opsroom.audit_entries USING btree (org_id, at COLLATE "C")
CREATE INDEX audit_entries_kind ON opsroom.audit_entries USING btree (org_id, kind COLLATE "C", seq)
CREATE INDEX audit_entries_refused ON opsroom.audit_entries USING btree (org_id, seq) WHERE ((data ->> 'outcome'::text) <> 'ok'::text)
CREATE INDEX documents_newest ON opsroom.documents USING btree (org_id, added_at DESC, id DESC)
CREATE INDEX events_room ON opsroom.events USING btree (org_id, xid) WHERE (xid IS NOT NULL)
CREATE INDEX ide_sessions_person ON opsroom.ide_sessions USING btree (org_id, person_id, created_at DESC)
CREATE INDEX intents_newest ON opsroom.intents USING btree (org_id, created_at DESC, id DESC)
CREATE INDEX intents_open ON opsroom.intents USING btree (status, created_at) WHERE (status = ANY (ARRAY['waiting'::text, 'approved'::text, 'running'::text]))
CREATE INDEX intents_run ON opsroom.intents USING btree (org_id, run_id) WHERE (run_id IS NOT NULL)
CREATE INDEX intents_waiting_of ON opsroom.intents USING btree (org_id, proposed_by) WHERE (status = 'waiting'::text)
CREATE INDEX invitations_listed ON opsroom.invitations USING btree (org_id, created_at DESC)
CREATE UNIQUE INDEX invitations_open ON opsroom.invitations USING btree (org_id, email) WHERE ((email IS NOT NULL) AND (accepted_at IS NULL) AND (revoked_at IS NULL))
CREATE INDEX known_as_person ON opsroom.known_as USING btree (person_id)
CREATE INDEX lost_workers_at ON opsroom.lost_workers USING btree (lost_at)
CREATE INDEX mcp_servers_due ON opsroom.mcp_servers USING btree (look_at) WHERE enabled
CREATE UNIQUE INDEX mcp_sign_ins_state ON opsroom.mcp_sign_ins USING btree (state_hash) WHERE (state_hash IS NOT NULL)
CREATE INDEX members_person ON opsroom.members USING btree (person_id)
CREATE INDEX model_calls_newest ON opsroom.model_calls USING btree (org_id, at DESC, id DESC)
CREATE INDEX model_calls_of_plan ON opsroom.model_calls USING btree (org_id, plan_digest) WHERE (plan_digest IS NOT NULL)
CREATE INDEX notifications_due ON opsroom.notifications USING btree (due_at) WHERE (status = ANY (ARRAY['pending'::text, 'sending'::text]))
CREATE INDEX notifications_group ON opsroom.notifications USING btree (org_id, rule_id, group_key, ended_at DESC) WHERE (status = 'sent'::text)
CREATE INDEX notifications_newest ON opsroom.notifications USING btree (org_id, created_at DESC, id DESC)
CREATE UNIQUE INDEX people_email ON opsroom.people USING btree (email)
CREATE INDEX run_artefacts_of ON opsroom.run_artefacts USING btree (org_id, sha256)
CREATE INDEX run_requests_at ON opsroom.run_requests USING btree (org_id, at)
CREATE INDEX runs_active ON opsroom.runs USING btree (org_id, lane, requested_by) WHERE (status = ANY (ARRAY['released'::text, 'running'::text, 'pausing'::text]))
CREATE INDEX runs_archived ON opsroom.runs USING btree (org_id, created_at DESC, id DESC) WHERE (archived_at IS NOT NULL)
CREATE UNIQUE INDEX runs_by_id ON opsroom.runs USING btree (id)
CREATE INDEX runs_children ON opsroom.runs USING btree (org_id, parent_id) WHERE (parent_id IS NOT NULL)
CREATE INDEX runs_done_of_plan ON opsroom.runs USING btree (org_id, plan_digest, created_at DESC) WHERE (status = 'succeeded'::text)
CREATE INDEX runs_done_of_title ON opsroom.runs USING btree (org_id, md5(title), created_at DESC) WHERE (status = 'succeeded'::text)
CREATE INDEX runs_ended ON opsroom.runs USING btree (org_id, ended_at DESC) WHERE (ended_at IS NOT NULL)
CREATE INDEX runs_in_trouble ON opsroom.runs USING btree (org_id, status, created_at DESC, id DESC) WHERE (status = ANY (ARRAY['waiting'::text, 'paused'::text, 'failed'::text, 'rolled_back'::text, 'cancelled'::text]))
CREATE INDEX runs_keyed ON opsroom.runs USING btree (org_id, concurrency_key) WHERE ((concurrency_key IS NOT NULL) AND (status <> ALL (ARRAY['succeeded'::text, 'failed'::text, 'rolled_back'::text, 'cancelled'::text])))
CREATE INDEX runs_newest ON opsroom.runs USING btree (org_id, created_at DESC, id DESC)
CREATE INDEX runs_owned ON opsroom.runs USING btree (owner) WHERE (owner IS NOT NULL)
CREATE INDEX runs_parked ON opsroom.runs USING btree (org_id) WHERE (status = ANY (ARRAY['waiting'::text, 'paused'::text]))
CREATE INDEX runs_queued ON opsroom.runs USING btree (org_id, lane, priority DESC, seqno) WHERE (status = 'queued'::text)
CREATE INDEX runs_wake ON opsroom.runs USING btree (wake_at) WHERE ((status = 'waiting'::text) AND (wake_at IS NOT NULL))
CREATE UNIQUE INDEX saved_views_named ON opsroom.saved_views USING btree (org_id, COALESCE(owner, ''::text), lower(name))
CREATE INDEX schedule_fires_going ON opsroom.schedule_fires USING btree (org_id, schedule_id, due_at) WHERE (state = ANY (ARRAY['claimed'::text, 'queued'::text, 'started'::text, 'asked'::text]))
CREATE INDEX schedule_fires_open ON opsroom.schedule_fires USING btree (state, claimed_at) WHERE (state = ANY (ARRAY['claimed'::text, 'queued'::text]))
CREATE INDEX schedules_next ON opsroom.schedules USING btree (next_at) WHERE (paused_at IS NULL)
CREATE INDEX secret_uses_latest ON opsroom.secret_uses USING btree (org_id, name, environment, app, at DESC)
CREATE INDEX secrets_changed ON opsroom.secrets USING btree (org_id, created_at DESC)
CREATE INDEX session_runs_newest ON opsroom.session_runs USING btree (org_id, session_id, at DESC, run_id DESC)
CREATE UNIQUE INDEX sessions_open ON opsroom.sessions USING btree (org_id, lower(name)) WHERE (archived_at IS NULL)
CREATE INDEX sessions_recent ON opsroom.sessions USING btree (org_id, created_at DESC, id DESC)
CREATE INDEX sign_in_states_identifier ON opsroom.sign_in_states USING btree (identifier)
CREATE INDEX sign_ins_person ON opsroom.sign_ins USING btree (person_id, created_at DESC)
CREATE INDEX signals_open ON opsroom.signals USING btree (run_id, id) WHERE (consumed_at IS NULL)
CREATE INDEX step_attempts_asking ON opsroom.step_attempts USING btree (org_id, run_id) WHERE (((status = 'waiting'::text) AND (wake_at IS NULL)) OR ((status = 'unknown'::text) AND ((error ->> 'code'::text) = 'ASKED'::text)))
CREATE UNIQUE INDEX step_attempts_done ON opsroom.step_attempts USING btree (org_id, run_id, step_id, item, revision) WHERE (status = ANY (ARRAY['done'::text, 'skipped'::text]))
CREATE INDEX webhook_deliveries_bodies ON opsroom.webhook_deliveries USING btree (org_id, webhook_id, received_at DESC, id DESC) WHERE (octet_length(body) > 0)
CREATE INDEX webhook_deliveries_newest ON opsroom.webhook_deliveries USING btree (org_id, webhook_id, received_at DESC, id DESC)
CREATE UNIQUE INDEX webhook_deliveries_once ON opsroom.webhook_deliveries USING btree (org_id, webhook_id, sender_id) WHERE (redelivery_of IS NULL)
CREATE INDEX webhook_deliveries_open ON opsroom.webhook_deliveries USING btree (claimed_at) WHERE (state = 'claimed'::text)
CREATE UNIQUE INDEX webhook_deliveries_signed ON opsroom.webhook_deliveries USING btree (org_id, webhook_id, signed_once) WHERE (redelivery_of IS NULL)

-- sequences
runs_seqno_seq start 1 step 1
signals_id_seq start 1 step 1

-- policies
accounts.accounts_door permissive for select to opsroom_door using opsroom.is_member(person_id)
api_keys.api_keys_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
api_rates.api_rates_door permissive for select to opsroom_door using true
approvals.approvals_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
artefacts.artefacts_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
audit_blocks.audit_blocks_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
audit_entries.audit_entries_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
audit_segments.audit_segments_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
bundles.bundles_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
call_rates.call_rates_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
documents.documents_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
drafts.drafts_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
events.events_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
evidence.evidence_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
ide_sessions.ide_sessions_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
intents.intents_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
invitations.invitations_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
known_as.known_as_door permissive for select to opsroom_door using opsroom.is_member(person_id)
lanes.lanes_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
lost_workers.lost_workers_door permissive for select to opsroom_door using true
mcp_servers.mcp_servers_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
mcp_sign_ins.mcp_sign_ins_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
mcp_tools.mcp_tools_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
members.members_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
model_calls.model_calls_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
notification_rules.notification_rules_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
notifications.notifications_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
organisations.own_organisation permissive for select to opsroom_door using (id = opsroom.current_org())
people.people_door permissive for select to opsroom_door using opsroom.is_member(id)
plan_sources.plan_sources_door permissive for all to opsroom_door using (org_id = opsroom.current_org()) with check (org_id = opsroom.current_org())
plans.plans_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
policy_versions.policy_versions_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
proofs.proofs_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
run_artefacts.run_artefacts_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
run_requests.run_requests_door permissive for all to opsroom_door using (org_id = opsroom.current_org()) with check (org_id = opsroom.current_org())
runs.runs_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
saved_views.saved_views_door permissive for all to opsroom_door using (org_id = opsroom.current_org()) with check (org_id = opsroom.current_org())
schedule_fires.schedule_fires_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
schedules.schedules_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
secret_hosts.secret_hosts_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
secret_uses.secret_uses_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
secrets.secrets_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
session_runs.session_runs_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
sessions.sessions_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
sign_ins.sign_ins_door permissive for select to opsroom_door using opsroom.is_member(person_id)
signals.signals_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
signing_keys.signing_keys_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
step_attempts.step_attempts_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
step_log_chunks.step_log_chunks_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
webhook_deliveries.webhook_deliveries_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
webhook_secrets.webhook_secrets_door permissive for select to opsroom_door using (org_id = opsroom.current_org())
webhooks.webhooks_door permissive for select to opsroom_door using (org_id = opsroom.current_org())

-- grants
accounts (created_at) to opsroom_door: select
accounts (id) to opsroom_door: select
accounts (org_id) to opsroom_door: select
accounts (person_id) to opsroom_door: select
accounts (provider) to opsroom_door: select
api_keys (agent) to opsroom_door: select
api_keys (created_at) to opsroom_door: select
api_keys (created_by) to opsroom_door: select
api_keys (expires_at) to opsroom_door: select
api_keys (hint) to opsroom_door: select
api_keys (id) to opsroom_door: select
api_keys (last_used_at) to opsroom_door: select
api_keys (name) to opsroom_door: select
api_keys (org_id) to opsroom_door: select
api_keys (person_id) to opsroom_door: select
api_keys (revoked_at) to opsroom_door: select
api_keys (revoked_by) to opsroom_door: select
api_keys (scopes) to opsroom_door: select
api_rates to opsroom_door: select
approvals to opsroom_door: select
artefacts to opsroom_door: select
audit_blocks to opsroom_door: select
audit_entries to opsroom_door: select
audit_segments to opsroom_door: select
bundles to opsroom_door: select
call_rates to opsroom_door: select
documents to opsroom_door: select
drafts to opsroom_door: select
events to opsroom_door: select
evidence to opsroom_door: select
ide_sessions (created_at) to opsroom_door: select
ide_sessions (ended_at) to opsroom_door: select
ide_sessions (ended_by) to opsroom_door: select
ide_sessions (expires_at) to opsroom_door: select
ide_sessions (id) to opsroom_door: select
ide_sessions (last_used_at) to opsroom_door: select
ide_sessions (name) to opsroom_door: select
ide_sessions (org_id) to opsroom_door: select
ide_sessions (person_id) to opsroom_door: select
intents to opsroom_door: select
invitations (accepted_at) to opsroom_door: select
invitations (accepted_by) to opsroom_door: select
invitations (created_at) to opsroom_door: select
invitations (created_by) to opsroom_door: select
invitations (email) to opsroom_door: select
invitations (expires_at) to opsroom_door: select
invitations (id) to opsroom_door: select
invitations (org_id) to opsroom_door: select
invitations (person_id) to opsroom_door: select
invitations (revoked_at) to opsroom_door: select
invitations (revoked_by) to opsroom_door: select
invitations (role) to opsroom_door: select
known_as to opsroom_door: select
lanes to opsroom_door: select
lost_workers to opsroom_door: select
mcp_servers to opsroom_door: select
mcp_sign_ins (at) to opsroom_door: select
mcp_sign_ins (by_whom) to opsroom_door: select
mcp_sign_ins (expires_at) to opsroom_door: select
mcp_sign_ins (issuer) to opsroom_door: select
mcp_sign_ins (kind) to opsroom_door: select
mcp_sign_ins (org_id) to opsroom_door: select
mcp_sign_ins (refused) to opsroom_door: select
mcp_sign_ins (scope) to opsroom_door: select
mcp_sign_ins (server_id) to opsroom_door: select
mcp_tools to opsroom_door: select
members to opsroom_door: select
model_calls to opsroom_door: select
notification_rules to opsroom_door: select
notifications to opsroom_door: select
organisations (ide_approvals) to opsroom_door: select
organisations to opsroom_door: select
people to opsroom_door: select
plan_sources to opsroom_door: insert, select, update
plans to opsroom_door: select
policy_versions to opsroom_door: select
proofs to opsroom_door: select
room_minutes to opsroom_door: select
run_artefacts to opsroom_door: select
run_requests to opsroom_door: delete, insert, select, update
runs to opsroom_door: select
saved_views to opsroom_door: delete, insert, select
schedule_fires to opsroom_door: select
schedules to opsroom_door: select
secret_hosts to opsroom_door: select
secret_uses to opsroom_door: select
secrets (app) to opsroom_door: select
secrets (created_at) to opsroom_door: select
secrets (created_by) to opsroom_door: select
secrets (environment) to opsroom_door: select
secrets (key_id) to opsroom_door: select
secrets (name) to opsroom_door: select
secrets (org_id) to opsroom_door: select
secrets (version) to opsroom_door: select
session_runs to opsroom_door: select
sessions to opsroom_door: select
sign_ins (created_at) to opsroom_door: select
sign_ins (expires_at) to opsroom_door: select
sign_ins (id) to opsroom_door: select
sign_ins (ip_address) to opsroom_door: select
sign_ins (org_id) to opsroom_door: select
sign_ins (person_id) to opsroom_door: select
sign_ins (updated_at) to opsroom_door: select
sign_ins (user_agent) to opsroom_door: select
signals to opsroom_door: select
signing_keys to opsroom_door: select
step_attempts to opsroom_door: select
step_log_chunks to opsroom_door: select
webhook_deliveries to opsroom_door: select
webhook_secrets (created_at) to opsroom_door: select
webhook_secrets (created_by) to opsroom_door: select
webhook_secrets (expires_at) to opsroom_door: select
webhook_secrets (n) to opsroom_door: select
webhook_secrets (org_id) to opsroom_door: select
webhook_secrets (webhook_id) to opsroom_door: select
webhooks to opsroom_door: select
workers to opsroom_door: select

-- triggers
CREATE TRIGGER approvals_never_change BEFORE UPDATE ON opsroom.approvals FOR EACH ROW EXECUTE FUNCTION opsroom.refuse_change()
CREATE TRIGGER audit_blocks_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON opsroom.audit_blocks FOR EACH STATEMENT EXECUTE FUNCTION opsroom.append_only()
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR TRUNCATE ON opsroom.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION opsroom.append_only()
CREATE TRIGGER audit_entries_rotated BEFORE DELETE ON opsroom.audit_entries FOR EACH ROW EXECUTE FUNCTION opsroom.audit_entry_rotated()
CREATE TRIGGER audit_segments_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON opsroom.audit_segments FOR EACH STATEMENT EXECUTE FUNCTION opsroom.append_only()
CREATE TRIGGER audit_segments_sealed BEFORE INSERT ON opsroom.audit_segments FOR EACH ROW EXECUTE FUNCTION opsroom.audit_segment_sealed()
CREATE TRIGGER bundles_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON opsroom.bundles FOR EACH STATEMENT EXECUTE FUNCTION opsroom.append_only()
CREATE TRIGGER documents_never_change BEFORE UPDATE ON opsroom.documents FOR EACH ROW EXECUTE FUNCTION opsroom.refuse_change()
CREATE TRIGGER drafts_never_change BEFORE UPDATE ON opsroom.drafts FOR EACH ROW EXECUTE FUNCTION opsroom.refuse_change()
CREATE TRIGGER organisations_mcp_servers AFTER INSERT ON opsroom.organisations FOR EACH ROW EXECUTE FUNCTION opsroom.seed_mcp_servers()
CREATE TRIGGER keep_name AFTER INSERT OR UPDATE OF email ON opsroom.people FOR EACH ROW EXECUTE FUNCTION opsroom.keep_name()
CREATE TRIGGER plans_never_change BEFORE UPDATE ON opsroom.plans FOR EACH ROW EXECUTE FUNCTION opsroom.refuse_change()
CREATE TRIGGER policy_versions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON opsroom.policy_versions FOR EACH STATEMENT EXECUTE FUNCTION opsroom.append_only()
CREATE TRIGGER proofs_never_change BEFORE UPDATE ON opsroom.proofs FOR EACH ROW EXECUTE FUNCTION opsroom.refuse_change()

-- functions
CREATE OR REPLACE FUNCTION opsroom.advance_job(p_org uuid, p_run uuid, p_host text, p_priority integer)
 RETURNS graphile_worker.job_spec
 LANGUAGE sql
 STABLE
 SET search_path TO 'opsroom', 'pg_catalog'
AS $function$
  -- Graphile Worker's priority is ascending. One attempt: the hint is worth nothing once the ledger has moved on.
  select (case when p_host is null then 'advance' else 'advance@' || p_host end,
          json_build_object('org', p_org, 'run', p_run), null, null, 25, null, -p_priority, null)::graphile_worker.job_spec
$function$
CREATE OR REPLACE FUNCTION opsroom.append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $function$
CREATE OR REPLACE FUNCTION opsroom.audit_entry_rotated()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if exists (select 1 from opsroom.audit_segments s
    where s.org_id = old.org_id and old.seq >= s.from_seq and old.seq < s.to_seq) then
    return old;
  end if;
  raise exception 'audit_entries is append-only' using errcode = 'restrict_violation';
end $function$
CREATE OR REPLACE FUNCTION opsroom.audit_segment_sealed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  head jsonb;
begin
  head := convert_from(decode(new.tree_head->>'payload', 'base64'), 'UTF8')::jsonb;
  if (head->>'size')::bigint < new.to_seq then
    raise exception 'the tree head does not cover the segment' using errcode = 'restrict_violation';
  end if;
  if new.from_seq <> (select coalesce(max(to_seq), 0) from opsroom.audit_segments where org_id = new.org_id) then
    raise exception 'a segment follows the one before it' using errcode = 'restrict_violation';
  end if;
  if new.to_seq > (select max(seq) from opsroom.audit_entries where org_id = new.org_id) then
    raise exception 'the newest entry stays' using errcode = 'restrict_violation';
  end if;
  if new.to_seq - new.from_seq <> (
    select count(*) from opsroom.audit_entries e join opsroom.audit_blocks b on b.org_id = e.org_id and b.block = e.seq / 256
    where e.org_id = new.org_id and e.seq >= new.from_seq and e.seq < new.to_seq
      and substring(b.leaves from (e.seq % 256)::int * 32 + 1 for 32) = e.leaf_hash
  ) then
    raise exception 'the leaves of the segment are not kept whole' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION opsroom.beat(p_worker uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
AS $function$
begin
  perform set_config('synchronous_commit', 'off', true);
  update workers set beats = beats + 1, beat_at = clock_timestamp() where id = p_worker;
  if not found then
    return null;
  end if;
  return jsonb_build_object(
    -- What workers reckon their timers by, so that no clock but the database's counts.
    'nowMs', extract(epoch from clock_timestamp()) * 1000,
    'others', coalesce((select jsonb_object_agg(w.id, w.beats) from workers w where w.id <> p_worker), '{}'),
    'owned', coalesce((select jsonb_agg(r.id) from runs r where r.owner = p_worker), '[]'),
    'signalled', coalesce((select jsonb_agg(distinct s.run_id) from signals s join runs r on r.id = s.run_id
      where s.consumed_at is null and r.owner = p_worker), '[]'),
    -- Released a while ago and still not taken: the hint was lost, so the worker takes them unasked.
    'overdue', coalesce((select jsonb_agg(jsonb_build_object('org', o.org_id, 'run', o.id)) from (
      select r.org_id, r.id from runs r join workers w on w.id = p_worker and w.takes = 'all' and not w.draining
      where r.status = 'released' and r.released_at < clock_timestamp() - interval '3 seconds' and (r.host is null or r.host = w.host)
      order by r.priority desc, r.seqno limit 16) o), '[]'));
end $function$
CREATE OR REPLACE FUNCTION opsroom.commit_turns(p_turns jsonb, p_finished jsonb, p_started jsonb, p_proofs jsonb, p_evidence jsonb, p_events jsonb)
 RETURNS integer[]
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET jit TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  -- Ordinals of the turns whose fence holds, and beside each, in the same place, what it is of.
  held int[];
  orgs uuid[];
  its_runs uuid[];
  epochs bigint[];
  unread int[];
  expected int;
  touched int;
begin
  select array_agg(n), array_agg(org), array_agg(run), array_agg(epoch) into held, orgs, its_runs, epochs from (
    select t.n, t.org, t.run, t.epoch from jsonb_to_recordset(p_turns) t (n int, org uuid, run uuid, epoch bigint, owner uuid)
    join runs r on r.org_id = t.org and r.id = t.run
    where r.epoch = t.epoch and r.owner = t.owner and r.status in ('running', 'pausing')
    order by r.id for no key update of r) locked;
  if held is null then
    return '{}';
  end if;

  if p_finished <> '[]' then
    update step_attempts a set
      status = f.status, ended_at = f.ended_at, output = f.output, output_digest = f.output_digest, word = f.word, verdicts = f.verdicts,
      error = f.error, isolation = f.isolation, log_digest = f.log_digest, artefacts = f.artefacts, person = f.person, wake_at = f.wake_at
    from jsonb_to_recordset(p_finished) f (n int, step text, item int, revision int, attempt int, status text,
      ended_at timestamptz, output jsonb, output_digest text, word text, verdicts jsonb, error jsonb, isolation text, log_digest text, artefacts jsonb,
      person jsonb, wake_at timestamptz)
    where f.n = any (held) and a.org_id = orgs[array_position(held, f.n)] and a.run_id = its_runs[array_position(held, f.n)]
      and a.step_id = f.step and a.item = f.item
      and a.revision = f.revision and a.attempt = f.attempt and a.status in ('running', 'waiting', 'unknown');
    get diagnostics touched = row_count;
    if touched <> jsonb_array_length(p_finished) then
      select count(*) into expected from jsonb_to_recordset(p_finished) f (n int) where f.n = any (held);
      if touched <> expected then
        raise exception 'finished % attempts, but % of them were open', expected, touched;
      end if;
    end if;
  end if;

  if p_started <> '[]' then
    insert into step_attempts (org_id, run_id, step_id, item, revision, attempt, status, epoch, started_at, ended_at, args, baseline, output,
      output_digest, word, error, isolation, person, wake_at)
    select orgs[array_position(held, s.n)], its_runs[array_position(held, s.n)], s.step, s.item, s.revision, s.attempt, s.status,
      epochs[array_position(held, s.n)], s.started_at, s.ended_at, s.args, s.baseline, s.output, s.output_digest, s.word, s.error, s.isolation, s.person, s.wake_at
    from jsonb_to_recordset(p_started) s (n int, step text, item int, revision int, attempt int, status text,
      started_at timestamptz, ended_at timestamptz, args jsonb, baseline jsonb, output jsonb, output_digest text, word text, error jsonb,
      isolation text, person jsonb, wake_at timestamptz)
    where s.n = any (held);
  end if;

  if p_evidence <> '[]' then
    insert into evidence (org_id, digest, body)
    -- A JSON null comes out of the record set as an SQL NULL.
    select orgs[array_position(held, e.n)], e.digest, coalesce(e.body, 'null')
    from jsonb_to_recordset(p_evidence) e (n int, digest text, body jsonb)
    where e.n = any (held) order by 1, 2
    on conflict do nothing;
  end if;

  if p_proofs <> '[]' then
    insert into proofs (org_id, run_id, seq, hash, record)
    select orgs[array_position(held, p.n)], its_runs[array_position(held, p.n)], (p.record->>'seq')::int, p.record->>'hash', p.record
    from jsonb_to_recordset(p_proofs) p (n int, record jsonb)
    where p.n = any (held);
  end if;

  if p_events <> '[]' then
    insert into events (org_id, run_id, seq, type, step_id, item, attempt, data, at)
    select orgs[array_position(held, e.n)], its_runs[array_position(held, e.n)], e.seq, e.type, e.step, e.item, e.attempt, e.data, e.at
    from jsonb_to_recordset(p_events) e (n int, seq int, type text, step text, item int, attempt int, data jsonb, at timestamptz)
    where e.n = any (held);
  end if;

  if jsonb_path_exists(p_turns, '$[*].signals[*]') then
    update signals s set consumed_at = clock_timestamp(), outcome = c.outcome
    from jsonb_to_recordset(p_turns) t (n int, signals jsonb), jsonb_to_recordset(t.signals) c (id bigint, outcome text)
    where t.n = any (held) and s.id = c.id and s.consumed_at is null;
  end if;

  if jsonb_path_exists(p_turns, '$[*].status') then
    -- A signal that came while its run came to rest was sent to an owner who will not read it: a run that parks is queued
    -- instead, so that somebody does; of a run that ends nothing more can be wished. The pause is done with by now: a word on a
    -- step must not have the run go on, and is heard when somebody resumes it.
    update signals s set consumed_at = clock_timestamp(), outcome = 'refused: the run has ended'
    from jsonb_to_recordset(p_turns) t (n int, run uuid, status text)
    where t.status in ('succeeded', 'failed', 'rolled_back', 'cancelled') and t.n = any (held) and s.run_id = t.run and s.consumed_at is null;
    select coalesce(array_agg(t.n), '{}') into unread
    from jsonb_to_recordset(p_turns) t (n int, run uuid, status text)
    where t.status in ('waiting', 'paused') and t.n = any (held)
      and exists (select 1 from signals s where s.run_id = t.run and s.consumed_at is null
        and not (t.status = 'paused' and s.kind in ('confirm', 'answer', 'resolve')));

    update runs r set
      status = case when t.n = any (unread) then 'queued' else t.status end,
      owner = case when t.status in ('running', 'pausing') then r.owner end,
      mode = coalesce(t.mode, r.mode), rollback_cause = coalesce(t.rollback_cause, r.rollback_cause),
      parked = case when not t.n = any (unread) then t.parked end, wake_at = case when not t.n = any (unread) then t.wake_at end,
      word = coalesce(t.word, r.word), error = coalesce(t.error, r.error),
      queued_at = case when t.status = 'queued' or t.n = any (unread) then clock_timestamp() else r.queued_at end,
      ended_at = case when t.status in ('succeeded', 'failed', 'rolled_back', 'cancelled') then clock_timestamp() end
    from jsonb_to_recordset(p_turns) t (n int, org uuid, run uuid, status text, mode text, rollback_cause text, parked jsonb, wake_at timestamptz, word text, error jsonb)
    where t.status is not null and t.n = any (held) and r.org_id = t.org and r.id = t.run;
  end if;

  return held;
end $function$
CREATE OR REPLACE FUNCTION opsroom.commit_turns(p_orgs uuid[], p_runs uuid[], p_epochs bigint[], p_owners uuid[], p_finished jsonb, p_started jsonb, p_evidence jsonb, p_proofs text, p_events jsonb, p_signals jsonb, p_changes jsonb)
 RETURNS integer[]
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_memoize TO 'off'
 SET jit TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  held int[];
  unread int[];
  expected int;
  touched int;
begin
  -- A run that is owned is running or pausing: a check of the table. (See take_runs for the form.)
  select coalesce(array_agg(turn.n), '{}') into held
  from (select * from unnest(p_orgs, p_runs, p_epochs, p_owners) with ordinality t (org, run, epoch, owner, n) where owner is not null order by run) turn
  cross join lateral (
    select from runs where id = turn.run and org_id is not distinct from turn.org and epoch = turn.epoch and owner is not distinct from turn.owner
    for no key update) fence;
  if cardinality(held) < cardinality(p_runs) then
    -- From here on a row whose turn did not hold is of no run.
    select array_agg(case when n = any (held) then run end order by n) into p_runs from unnest(p_runs) with ordinality t (run, n);
  end if;

  if p_finished <> '[]' then
    update step_attempts a set
      status = f.status, ended_at = f.ended_at, output = f.output, output_digest = f.output_digest, word = f.word, verdicts = f.verdicts,
      error = f.error, isolation = f.isolation, log_digest = f.log_digest, artefacts = f.artefacts, person = f.person, wake_at = f.wake_at
    from jsonb_to_recordset(p_finished) f (n int, step text, item int, revision int, attempt int, status text,
      ended_at timestamptz, output jsonb, output_digest text, word text, verdicts jsonb, error jsonb, isolation text, log_digest text, artefacts jsonb,
      person jsonb, wake_at timestamptz)
    -- Said once more, so that the planner takes the rows for few and looks each attempt up by its key.
    where f.n = any (held) and a.org_id = p_orgs[f.n] and a.run_id = p_runs[f.n] and a.step_id = f.step and a.item = f.item
      and a.revision = f.revision and a.attempt = f.attempt and a.status in ('running', 'waiting', 'unknown');
    get diagnostics touched = row_count;
    if touched <> jsonb_array_length(p_finished) then
      select count(*) into expected from jsonb_to_recordset(p_finished) f (n int) where p_runs[f.n] is not null;
      if touched <> expected then
        raise exception 'finished % attempts, but % of them were open', expected, touched;
      end if;
    end if;
  end if;

  if p_started <> '[]' then
    insert into step_attempts (org_id, run_id, step_id, item, revision, attempt, status, epoch, started_at, ended_at, args, baseline, output,
      output_digest, word, error, isolation, person, wake_at)
    select p_orgs[s.n], p_runs[s.n], s.step, s.item, s.revision, s.attempt, s.status, p_epochs[s.n], s.started_at, s.ended_at, s.args, s.baseline,
      s.output, s.output_digest, s.word, s.error, s.isolation, s.person, s.wake_at
    from jsonb_to_recordset(p_started) s (n int, step text, item int, revision int, attempt int, status text,
      started_at timestamptz, ended_at timestamptz, args jsonb, baseline jsonb, output jsonb, output_digest text, word text, error jsonb,
      isolation text, person jsonb, wake_at timestamptz)
    where p_runs[s.n] is not null;
  end if;

  if p_evidence <> '[]' then
    insert into evidence (org_id, digest, body)
    -- A JSON null comes out of the record set as an SQL NULL.
    select p_orgs[e.n], e.digest, coalesce(e.body, 'null') from jsonb_to_recordset(p_evidence) e (n int, digest text, body jsonb)
    where p_runs[e.n] is not null order by 1, 2
    on conflict do nothing;
  end if;

  if p_proofs <> '' then
    insert into proofs (org_id, run_id, seq, hash, record)
    select p_orgs[n], p_runs[n], seq, hash, record from (
      select f[1]::int n, f[2]::int seq, f[3] hash, f[4]::json record
      from (select string_to_array(line, e'\t') f from string_to_table(p_proofs, e'\n') line offset 0) fields offset 0) p
    where p_runs[n] is not null;
  end if;

  if p_events <> '[]' then
    insert into events (org_id, run_id, seq, type, step_id, item, attempt, data, at)
    select p_orgs[e.n], p_runs[e.n], e.seq, e.type, e.step, e.item, e.attempt, e.data, e.at
    from jsonb_to_recordset(p_events) e (n int, seq int, type text, step text, item int, attempt int, data jsonb, at timestamptz)
    where p_runs[e.n] is not null;
  end if;

  if p_signals <> '[]' then
    update signals s set consumed_at = clock_timestamp(), outcome = c.outcome
    from jsonb_to_recordset(p_signals) c (n int, id bigint, outcome text)
    where p_runs[c.n] is not null and s.id = c.id and s.consumed_at is null;
  end if;

  if p_changes <> '[]' then
    -- A signal that came while its run came to rest was sent to an owner who will not read it: a run that parks is queued
    -- instead, so that somebody does; of a run that ends nothing more can be wished. The pause is done with by now: a word on a
    -- step must not have the run go on, and is heard when somebody resumes it.
    update signals s set consumed_at = clock_timestamp(), outcome = 'refused: the run has ended'
    from jsonb_to_recordset(p_changes) t (n int, status text)
    where t.status in ('succeeded', 'failed', 'rolled_back', 'cancelled') and s.run_id = p_runs[t.n] and s.consumed_at is null;
    select coalesce(array_agg(t.n), '{}') into unread
    from jsonb_to_recordset(p_changes) t (n int, status text)
    where t.status in ('waiting', 'paused')
      and exists (select 1 from signals s where s.run_id = p_runs[t.n] and s.consumed_at is null
        and not (t.status = 'paused' and s.kind in ('confirm', 'answer', 'resolve')));

    update runs r set
      status = case when t.n = any (unread) then 'queued' else t.status end,
      owner = case when t.status in ('running', 'pausing') then r.owner end,
      mode = coalesce(t.mode, r.mode), rollback_cause = coalesce(t.rollback_cause, r.rollback_cause),
      parked = case when not t.n = any (unread) then t.parked end, wake_at = case when not t.n = any (unread) then t.wake_at end,
      word = coalesce(t.word, r.word), error = coalesce(t.error, r.error),
      queued_at = case when t.status = 'queued' or t.n = any (unread) then clock_timestamp() else r.queued_at end,
      ended_at = case when t.status in ('succeeded', 'failed', 'rolled_back', 'cancelled') then clock_timestamp() end
    from jsonb_to_recordset(p_changes) t (n int, status text, mode text, rollback_cause text, parked jsonb, wake_at timestamptz, word text, error jsonb)
    where t.n = any (held) and r.id = p_runs[t.n];
  end if;

  return held;
end $function$
CREATE OR REPLACE FUNCTION opsroom.current_org()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('opsroom.org_id'::text, true), ''::text))::uuid
CREATE OR REPLACE FUNCTION opsroom.depose(p_worker uuid, p_beats bigint, p_parked jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
AS $function$
declare
  pool text;
  given int;
begin
  with gone as (delete from workers where id = p_worker and beats = p_beats returning *),
  noted as (
    insert into lost_workers (id, host, pid, started_at, beat_at)
    select id, host, pid, started_at, beat_at from gone where takes = 'all' on conflict do nothing)
  select pool_id into pool from gone;
  if not found then
    return 0;
  end if;
  select count(*) into given from give_up_runs(p_worker, null, true, p_parked);
  if pool is not null then
    perform graphile_worker.force_unlock_workers(array[pool]);
    -- Unlocking sends no notification of its own.
    perform pg_notify('jobs:insert', '{"count":1}');
  end if;
  return given;
end $function$
CREATE OR REPLACE FUNCTION opsroom.give_up_runs(p_owner uuid, p_runs uuid[], p_count boolean, p_parked jsonb)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
AS $function$
begin
  return query
  with mine as (
    select r.id from runs r where r.owner = p_owner and (p_runs is null or r.id = any (p_runs)) order by r.id for no key update),
  given as (
    update runs r set
      owner = null, epoch = r.epoch + 1, takeovers = r.takeovers + p_count::int,
      status = case when p_count and r.takeovers >= 3 then 'waiting' else 'released' end,
      released_at = clock_timestamp(),
      parked = case when p_count and r.takeovers >= 3 then p_parked end
    from mine where r.id = mine.id
    returning r.org_id, r.id, r.host, r.priority, r.status),
  hinted as (
    select graphile_worker.add_jobs(array_agg(advance_job(g.org_id, g.id, g.host, g.priority))) from given g
    where g.status = 'released' having count(*) > 0)
  -- The count is asked for: a left join that nobody reads is removed by the planner, and the hints with it.
  select g.id from given g, (select count(*) as n from hinted) h where h.n >= 0;
end $function$
CREATE OR REPLACE FUNCTION opsroom.insert_runs(p_plans jsonb, p_runs jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
 SET jit TO 'off'
AS $function$
begin
  -- Plans never change, so one that is there already stays as it is.
  insert into plans (org_id, digest, body)
    select org, digest, body from jsonb_to_recordset(p_plans) p (org uuid, digest text, body jsonb) order by org, digest
    on conflict do nothing;
  with given as materialized (
    select * from jsonb_to_recordset(p_runs) r (org uuid, id uuid, "planDigest" text, title text, inputs jsonb, "inputsDigest" text, target jsonb,
      lane text, priority int, "requestedBy" text, "concurrencyKey" text, host text, workspace jsonb, "delayMs" float8, parent uuid,
      fork jsonb, restart int, genesis jsonb, reuse text[], "allowedTools" jsonb)),
  run as (
    insert into runs (org_id, id, plan_digest, title, inputs, inputs_digest, target, lane, priority, requested_by, concurrency_key, status, host,
      workspace, not_before, parent_id, fork, restart, allowed_tools)
    select org, id, "planDigest", title, inputs, "inputsDigest", target, lane, priority, "requestedBy", "concurrencyKey", 'queued', host,
      workspace, clock_timestamp() + make_interval(secs => "delayMs" / 1000), parent, fork, restart,
      nullif("allowedTools", 'null') from given),
  proof as (
    insert into proofs (org_id, run_id, seq, hash, record) select org, id, 0, genesis->>'hash', coalesce(genesis->>'text', genesis->>'record')::json from given)
  insert into events (org_id, run_id, seq, type, data)
    select org, id, 1, 'run.created', jsonb_build_object('by', "requestedBy", 'parent', parent) from given;
  if jsonb_path_exists(p_runs, '$[*].reuse[*]') then
    insert into step_attempts (org_id, run_id, step_id, item, revision, attempt, status, epoch, started_at, ended_at, args, baseline, output,
      output_digest, word, verdicts, isolation, log_digest, artefacts, person, reused_from)
    select a.org_id, g.id, a.step_id, a.item, 0, a.attempt, a.status, 0, a.started_at, a.ended_at, null, a.baseline, a.output,
      a.output_digest, a.word, a.verdicts, a.isolation, a.log_digest, a.artefacts, a.person, coalesce(a.reused_from, a.run_id)
    from jsonb_to_recordset(p_runs) g (org uuid, id uuid, parent uuid, reuse text[])
    join step_attempts a on a.org_id = g.org and a.run_id = g.parent
    where a.step_id = any (g.reuse) and a.status in ('done', 'skipped');
  end if;
end $function$
CREATE OR REPLACE FUNCTION opsroom.is_member(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (EXISTS (SELECT FROM opsroom.members m WHERE ((m.org_id = opsroom.current_org()) AND (m.person_id = is_member.person))))
-- execute to public
-- execute to opsroom_door
CREATE OR REPLACE FUNCTION opsroom.keep_name()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  known text := 'person:' || new.email;
begin
  insert into opsroom.known_as (name, person_id) values (known, new.id) on conflict (name) do nothing;
  if not exists (select from opsroom.known_as k where k.name = known and k.person_id = new.id) then
    raise unique_violation using message = 'somebody else was known by this e-mail', constraint = 'known_as_name_key';
  end if;
  return null;
end
$function$
CREATE OR REPLACE FUNCTION opsroom.prepare_log_partitions(p_from date, p_to date)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
AS $function$
declare
  d date;
  partition text;
begin
  perform pg_advisory_xact_lock(7000, 4);
  for d in select generate_series(p_from, p_to, interval '1 day')::date loop
    partition := 'step_log_chunks_' || to_char(d, 'YYYYMMDD');
    continue when to_regclass('opsroom.' || partition) is not null;
    execute format('create table opsroom.%I (like opsroom.step_log_chunks including defaults including constraints including indexes including storage)', partition);
    execute format('alter table opsroom.%I enable row level security', partition);
    execute format('revoke all on opsroom.%I from opsroom_door', partition);
    execute format('alter table opsroom.step_log_chunks attach partition opsroom.%I for values from (%L) to (%L)', partition, d, d + 1);
  end loop;
end $function$
CREATE OR REPLACE FUNCTION opsroom.prune_log_partitions(p_before date)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
 SET lock_timeout TO '2s'
AS $function$
declare
  partition regclass;
  dropped int := 0;
begin
  for partition in
    select c.oid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'opsroom.step_log_chunks'::regclass
      and c.relname ~ '^step_log_chunks_\d{8}$' and to_date(right(c.relname, 8), 'YYYYMMDD') < p_before
  loop
    execute format('drop table %s', partition);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $function$
CREATE OR REPLACE FUNCTION opsroom.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% rows never change', tg_table_name using errcode = 'restrict_violation';
end $function$
CREATE OR REPLACE FUNCTION opsroom.release_runs(p_worker uuid DEFAULT NULL::uuid, p_room integer DEFAULT 0, OUT released integer, OUT near jsonb)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
 SET jit TO 'off'
AS $function$
declare
  its_host text;
  mine jsonb;
  batch graphile_worker.job_spec[];
  jobs graphile_worker.job_spec[] := '{}';
begin
  released := 0;
  near := '[]';
  if not exists (select 1 from runs where status = 'queued' and (not_before is null or not_before <= clock_timestamp())) then
    return;
  end if;
  select w.host into its_host from workers w
  where w.id = p_worker and not exists (select 1 from workers o where o.id <> w.id and o.takes = 'all' and not o.draining);
  perform set_config('synchronous_commit', 'off', true);
  perform pg_advisory_xact_lock(7001);
  loop
    with used as materialized (
      select org_id, lane, requested_by, count(*)::int n from runs where status in ('released', 'running', 'pausing')
      group by 1, 2, 3),
    free as materialized (
      select l.org_id, l.lane, l.width - coalesce((select sum(u.n) from used u where u.org_id = l.org_id and u.lane = l.lane), 0)::int n
      from lanes l),
    by_user as materialized (select org_id, requested_by, sum(n)::int n from used group by 1, 2),
    -- A key is held from a run's first step to its end, also while the run waits for a person in between.
    held as materialized (
      select org_id, concurrency_key, id from runs
      where concurrency_key is not null and status not in ('succeeded', 'failed', 'rolled_back', 'cancelled')
        and (started_at is not null or status in ('released', 'running', 'pausing'))),
    candidate as materialized (
      select c.*, o.running_per_user cap from free f join organisations o on o.id = f.org_id
      cross join lateral (
        select r.org_id, r.id, r.lane, r.requested_by, r.priority, r.seqno, r.concurrency_key from runs r
        where r.org_id = f.org_id and r.lane = f.lane and r.status = 'queued'
          and (r.not_before is null or r.not_before <= clock_timestamp())
          and not exists (select 1 from by_user b where b.org_id = r.org_id and b.requested_by = r.requested_by and b.n >= o.running_per_user)
          and not exists (select 1 from held h where h.org_id = r.org_id and h.concurrency_key = r.concurrency_key and h.id <> r.id)
        order by r.priority desc, r.seqno limit f.n + 50) c
      where f.n > 0),
    first_of_key as (
      select c.*, row_number() over (partition by org_id, coalesce(concurrency_key, id::text) order by priority desc, seqno) of_key from candidate c),
    of_user as (
      select k.*, row_number() over (partition by org_id, requested_by order by priority desc, seqno)
        + coalesce((select b.n from by_user b where b.org_id = k.org_id and b.requested_by = k.requested_by), 0) place
      from first_of_key k where of_key = 1),
    of_lane as (
      select u.*, row_number() over (partition by org_id, lane order by priority desc, seqno) place_in_lane from of_user u where place <= cap),
    moved as (
      update runs r set status = 'released', epoch = r.epoch + 1, released_at = clock_timestamp()
      from of_lane l join free f using (org_id, lane)
      where r.id = l.id and r.status is not distinct from 'queued' and l.place_in_lane <= f.n
      returning r.org_id, r.id, r.host, r.priority, r.seqno),
    placed as (
      select m.*, its_host is not null and coalesce(m.host, its_host) = its_host
        and row_number() over (partition by coalesce(m.host, its_host) = its_host order by priority desc, seqno) <= p_room - jsonb_array_length(near) is_near
      from moved m)
    select array_agg(advance_job(org_id, id, host, priority) order by priority desc, seqno) filter (where not is_near),
      jsonb_agg(jsonb_build_object('org', org_id, 'run', id) order by priority desc, seqno) filter (where is_near)
    into batch, mine from placed;
    exit when batch is null and mine is null;
    jobs := jobs || batch;
    near := near || coalesce(mine, '[]');
    -- Another round lets others in where runs of users at their cap stood in front.
    exit when not exists (select 1 from runs where status = 'queued' and (not_before is null or not_before <= clock_timestamp()));
  end loop;
  if cardinality(jobs) > 0 then
    perform graphile_worker.add_jobs(jobs);
  end if;
  released := cardinality(jobs) + jsonb_array_length(near);
end $function$
CREATE OR REPLACE FUNCTION opsroom.rotate_audit(org uuid, to_seq bigint, tree_head jsonb, file_sha256 text, rotated_by text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  first bigint;
  gone bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('opsroom.audit/' || org, 0));
  select coalesce(max(s.to_seq), 0) into first from opsroom.audit_segments s where s.org_id = org;
  insert into opsroom.audit_segments (org_id, from_seq, to_seq, tree_head, file_sha256, rotated_by)
  values (org, first, rotate_audit.to_seq, rotate_audit.tree_head, rotate_audit.file_sha256, rotate_audit.rotated_by);
  delete from opsroom.audit_entries e where e.org_id = org and e.seq >= first and e.seq < rotate_audit.to_seq;
  get diagnostics gone = row_count;
  return gone;
end $function$
CREATE OR REPLACE FUNCTION opsroom.seed_mcp_servers()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
AS $function$
begin
  insert into mcp_servers (org_id, name, connection, created_by, changed_by)
  select new.id, s.name, s.connection::jsonb, 'opsroom', 'opsroom' from (values
    ('desktop-commander', '{"transport":"stdio","command":"npx","args":["-y","@wonderwhy-er/desktop-commander@0.2.52"],"env":{}}'),
    ('docker', '{"transport":"stdio","command":"npx","args":["-y","docker-mcp@1.0.0"],"env":{}}'),
    ('github', '{"transport":"http","url":"https://api.githubcopilot.com/mcp/","headers":{"Authorization":"Bearer {{ secrets.GITHUB_TOKEN }}"},"allowAddresses":[]}'),
    ('kubernetes', '{"transport":"stdio","command":"npx","args":["-y","mcp-server-kubernetes@4.1.7"],"env":{}}')
  ) s (name, connection)
  on conflict do nothing;
  return null;
end $function$
CREATE OR REPLACE FUNCTION opsroom.sweep()
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
AS $function$
begin
  perform set_config('synchronous_commit', 'off', true);
  update runs set status = 'queued', parked = null, wake_at = null, queued_at = clock_timestamp()
  where status = 'waiting' and wake_at <= clock_timestamp();
  return (select r.released from release_runs() r);
end $function$
CREATE OR REPLACE FUNCTION opsroom.take_runs(p_worker uuid, p_hints jsonb)
 RETURNS SETOF opsroom.runs
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
 SET jit TO 'off'
AS $function$
begin
  perform set_config('synchronous_commit', 'off', true);
  perform 1 from workers where id = p_worker for key share;
  if not found then
    return;
  end if;
  return query
    with mine as materialized (
      select r.* from (select * from jsonb_to_recordset(p_hints) h (org uuid, run uuid) order by run) hint
      cross join lateral (
        select id from runs where id = hint.run and org_id is not distinct from hint.org and status is not distinct from 'released'
        for no key update) r)
    update runs r set status = 'running', owner = p_worker, epoch = epoch + 1, started_at = coalesce(started_at, clock_timestamp())
    from mine where r.id = mine.id
    returning r.*;
end $function$
CREATE OR REPLACE FUNCTION opsroom.take_tokens(p_name text, p_most integer, p_per_second double precision, p_burst integer, OUT taken integer, OUT wait_ms double precision)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
AS $function$
declare
  now timestamptz := clock_timestamp();
  there double precision;
begin
  insert into rate_buckets as b (name, tokens, at) values (p_name, p_burst, now)
  on conflict (name) do update set
    tokens = least(p_burst, b.tokens + greatest(0, extract(epoch from now - b.at)) * p_per_second), at = greatest(b.at, now)
  returning b.tokens into there;
  taken := greatest(0, least(p_most, floor(there)::int));
  wait_ms := case when taken > 0 then 0 else ceil((1 - there) / p_per_second * 1000) end;
  if taken > 0 then
    update rate_buckets set tokens = there - taken where name = p_name;
  end if;
end $function$
CREATE OR REPLACE FUNCTION opsroom.write_seals(p_org uuid, p_keyid text, p_public_key text, p_at timestamp with time zone, p_runs uuid[], p_ns integer[], p_read integer[], p_head_seqs integer[], p_heads text[], p_ends text, p_envelopes text, p_entries text)
 RETURNS integer[]
 LANGUAGE plpgsql
 SET search_path TO 'opsroom', 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET jit TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  fit int[];
  next bigint;
begin
  perform 1 from runs where id = any (p_runs) and org_id is not distinct from p_org order by id for no key update;
  select coalesce(array_agg(t.n), '{}') into fit from unnest(p_runs, p_ns, p_read) with ordinality t (run, bundle, seq, n)
  where t.seq = (select max(p.seq) from proofs p where p.org_id = p_org and p.run_id = t.run)
    and t.bundle = 1 + coalesce((select max(b.n) from bundles b where b.org_id = p_org and b.run_id = t.run), 0);
  if cardinality(fit) = 0 then
    return fit;
  end if;
  insert into proofs (org_id, run_id, seq, hash, record)
    select p_org, p_runs[n], p_head_seqs[n], p_heads[n], line::json from string_to_table(p_ends, e'\n') with ordinality t (line, n)
    where line <> '' and n = any (fit);
  insert into signing_keys (org_id, keyid, public_key) values (p_org, p_keyid, p_public_key) on conflict do nothing;
  -- Appends to one tree wait for each other from here on, until the end of the transaction.
  perform pg_advisory_xact_lock(hashtextextended('opsroom.audit/' || p_org, 0));
  select coalesce(max(seq) + 1, 0) into next from audit_entries where org_id = p_org;
  insert into audit_entries (org_id, seq, at, kind, actor, data, leaf_hash)
    select p_org, seq, entry->>'at', entry->>'kind', entry->>'actor', entry->'data', sha256('\x00' || convert_to(entry::text, 'UTF8'))
    from (select seq, (line || seq || '}')::json entry from (
      select line, next + row_number() over (order by n) - 1 seq from string_to_table(p_entries, e'\n') with ordinality t (line, n)
      where n = any (fit)) placed offset 0) whole;
  insert into bundles (org_id, run_id, n, envelope, keyid, head_seq, head, audit_seq, sealed_at)
    select p_org, p_runs[n], p_ns[n], line::json, p_keyid, p_head_seqs[n], p_heads[n], next + row_number() over (order by n) - 1, p_at
    from string_to_table(p_envelopes, e'\n') with ordinality t (line, n)
    where n = any (fit);
  return fit;
end $function$
