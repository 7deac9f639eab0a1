-- Bodies that are kept, the latest first: what is beyond a webhook's share goes.
create index webhook_deliveries_bodies on opsroom.webhook_deliveries (org_id, webhook_id, received_at desc, id desc) where octet_length(body) > 0;
