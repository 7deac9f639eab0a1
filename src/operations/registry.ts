import { createKey } from './keys/create.js';
import { listKeysOperation } from './keys/list.js';
import { revokeKeyOperation } from './keys/revoke.js';
import { getMe } from './me/get.js';
import { endMySignIn, listMySignIns } from './me/sign-ins.js';
import type { Operation } from './operation.js';
import { compilePlanOperation } from './plans/compile.js';
import { dryRun } from './plans/dry-run.js';
import { exportProofs } from './proofs/export.js';
import { archiveRun, unarchiveRun } from './runs/archive.js';
import { bulk, previewBulk } from './runs/bulk.js';
import { getRun } from './runs/get.js';
import { listRunsOperation } from './runs/list.js';
import { runLogs } from './runs/logs.js';
import { rerun } from './runs/rerun.js';
import { runboard } from './runboard/get.js';
import { cancelRun, confirmStep, pauseRun, resolveStep, resumeRun, rollbackRun } from './runs/signals.js';
import { startRun } from './runs/start.js';
import { archiveSession, unarchiveSession } from './sessions/archive.js';
import { createSession } from './sessions/create.js';
import { getSession } from './sessions/get.js';
import { listSessionsOperation } from './sessions/list.js';
import { renameSession } from './sessions/rename.js';
import { createView } from './views/create.js';
import { deleteViewOperation } from './views/delete.js';
import { listViewsOperation } from './views/list.js';

/** Every use case, once; doors are made from this list. Each member keeps its own types where it is imported by name. */
export const OPERATIONS: readonly Operation[] = [
  runboard,
  compilePlanOperation,
  dryRun,
  startRun,
  rerun,
  listRunsOperation,
  getRun,
  runLogs,
  cancelRun,
  pauseRun,
  resumeRun,
  rollbackRun,
  confirmStep,
  resolveStep,
  archiveRun,
  unarchiveRun,
  previewBulk,
  bulk,
  exportProofs,
  createSession,
  listSessionsOperation,
  getSession,
  renameSession,
  archiveSession,
  unarchiveSession,
  createView,
  listViewsOperation,
  deleteViewOperation,
  createKey,
  listKeysOperation,
  revokeKeyOperation,
  getMe,
  listMySignIns,
  endMySignIn,
];
