import { open as openDbos } from './dbos.mjs';

/** DBOS Transact, every run through its durable queue. */
export const open = (job) => openDbos({ ...job, queued: true });
