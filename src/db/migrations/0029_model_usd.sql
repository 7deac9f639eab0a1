-- US dollars that calls of language models may cost in a day (UTC); null: no limit.
alter table opsroom.organisations add column model_usd_per_day numeric(12, 2) default 20 check (model_usd_per_day >= 0);
