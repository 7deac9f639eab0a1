import { aiAudit } from './ai/audit.js';
import { aiLive } from './ai/live.js';
import { aiMetrics } from './ai/metrics.js';
import { aiStatus } from './ai/status.js';
import { aiTestOpenai } from './ai/test-openai.js';
import { getAuditEntry } from './audit/get.js';
import { auditConsistency, auditHead } from './audit/head.js';
import { listAudit } from './audit/list.js';
import { writeAudit } from './audit/write.js';
import { readDashboard } from './dashboard/read.js';
import { addDocument } from './documents/add.js';
import { draftDocument } from './documents/draft.js';
import { extractDocument } from './documents/extract.js';
import { getDocument } from './documents/get.js';
import { listDocumentsOperation } from './documents/list.js';
import { draftPlanOperation } from './drafts/draft.js';
import { estimateRun } from './estimates/get.js';
import { allowIdeApprovals } from './ide/allow.js';
import { endIdeSessionOperation } from './ide/end.js';
import { listIdeSessionsOperation } from './ide/list.js';
import { openIdeSession } from './ide/open.js';
import { aiIntent, aiIntents, aiPropose } from './intents/ai.js';
import { approveIntent, rejectIntent, withdrawIntent } from './intents/answers.js';
import { createIntent } from './intents/create.js';
import { getIntent } from './intents/get.js';
import { listIntentsOperation } from './intents/list.js';
import { createInvitation } from './invitations/create.js';
import { listInvitationsOperation } from './invitations/list.js';
import { revokeInvitationOperation } from './invitations/revoke.js';
import { createKey } from './keys/create.js';
import { listKeysOperation } from './keys/list.js';
import { revokeKeyOperation } from './keys/revoke.js';
import { getLimits, updateLimits } from './limits/limits.js';
import { logLines } from './logs/lines.js';
import { searchLog } from './logs/search.js';
import { consentToTools } from './mcp/consent.js';
import { getMcpTool, listMcpServers, listMcpTools } from './mcp/read.js';
import { signedInAtMcp, signInAtMcp, signOutOfMcp } from './mcp/sign-in.js';
import {
  checkMcpServer,
  createMcpServer,
  disableMcpServer,
  enableMcpServer,
  removeMcpServer,
  updateMcpServer,
} from './mcp/write.js';
import { getMe } from './me/get.js';
import { endMySignIn, listMySignIns } from './me/sign-ins.js';
import { listMembersOperation } from './members/list.js';
import { removeMember } from './members/remove.js';
import { setEmail } from './members/set-email.js';
import { setRole } from './members/set-role.js';
import { listModelCalls } from './models/calls.js';
import {
  createNotificationRule,
  listNotificationRules,
  removeNotificationRule,
  updateNotificationRule,
} from './notifications/rules.js';
import { listNotificationsOperation, retryNotificationOperation, testNotificationRule } from './notifications/told.js';
import type { Operation } from './operation.js';
import { createOrganisation } from './organisations/create.js';
import { listOrganisationsOperation } from './organisations/list.js';
import { switchOrganisation } from './organisations/switch.js';
import { compilePlanOperation } from './plans/compile.js';
import { diffPlansOperation } from './plans/diff.js';
import { dryRun } from './plans/dry-run.js';
import { exportPlanOperation } from './plans/export.js';
import { explainPolicies } from './policies/explain.js';
import { getPolicies } from './policies/get.js';
import { proofChain } from './proofs/chain.js';
import { verifyRunProof } from './proofs/check.js';
import { showEvidence } from './proofs/evidence.js';
import { exportProofs } from './proofs/export.js';
import { runboard } from './runboard/get.js';
import { archiveRun, unarchiveRun } from './runs/archive.js';
import { bulk, previewBulk } from './runs/bulk.js';
import { runDecisions } from './runs/decisions.js';
import { getRun } from './runs/get.js';
import { listRunsOperation } from './runs/list.js';
import { runLogs } from './runs/logs.js';
import { runPlan } from './runs/plan.js';
import { replay } from './runs/replay.js';
import { rerun } from './runs/rerun.js';
import { answerStep, cancelRun, confirmStep, pauseRun, resolveStep, resumeRun, rollbackRun } from './runs/signals.js';
import { startRun } from './runs/start.js';
import { fireSchedule, pauseScheduleOperation, removeSchedule, resumeScheduleOperation } from './schedules/control.js';
import { createSchedule } from './schedules/create.js';
import { getSchedule, listFiresOperation, listSchedulesOperation, previewSchedule } from './schedules/read.js';
import { updateScheduleOperation } from './schedules/update.js';
import { bindSecret } from './secrets/bind.js';
import { exportSecrets } from './secrets/export.js';
import { getSecret } from './secrets/get.js';
import { importSecrets } from './secrets/import.js';
import { listSecretsOperation } from './secrets/list.js';
import { removeSecret } from './secrets/remove.js';
import { setSecret } from './secrets/set.js';
import { allowTools } from './sessions/allow.js';
import { archiveSession, unarchiveSession } from './sessions/archive.js';
import { createSession } from './sessions/create.js';
import { getSession } from './sessions/get.js';
import { listSessionsOperation } from './sessions/list.js';
import { renameSession } from './sessions/rename.js';
import { getSkill } from './skills/get.js';
import { listSkillsOperation } from './skills/list.js';
import { getStep } from './steps/get.js';
import { getTemplate } from './templates/get.js';
import { listTemplatesOperation } from './templates/list.js';
import { previewTemplate } from './templates/preview.js';
import { createView } from './views/create.js';
import { deleteViewOperation } from './views/delete.js';
import { listViewsOperation } from './views/list.js';
import {
  pauseWebhookOperation,
  removeWebhook,
  resumeWebhookOperation,
  rotateWebhookSecret,
} from './webhooks/control.js';
import { createWebhook } from './webhooks/create.js';
import { getDelivery, getWebhook, listDeliveriesOperation, listWebhooksOperation } from './webhooks/read.js';
import { redeliver } from './webhooks/redeliver.js';
import { updateWebhookOperation } from './webhooks/update.js';

/** Every use case, once; doors are made from this list. Each member keeps its own types where it is imported by name. */
export const OPERATIONS: readonly Operation[] = [
  runboard,
  compilePlanOperation,
  dryRun,
  exportPlanOperation,
  draftPlanOperation,
  addDocument,
  listDocumentsOperation,
  getDocument,
  draftDocument,
  extractDocument,
  listModelCalls,
  listTemplatesOperation,
  getTemplate,
  previewTemplate,
  listSkillsOperation,
  getSkill,
  startRun,
  rerun,
  listRunsOperation,
  getRun,
  runPlan,
  runDecisions,
  replay,
  diffPlansOperation,
  getStep,
  estimateRun,
  runLogs,
  logLines,
  searchLog,
  cancelRun,
  pauseRun,
  resumeRun,
  rollbackRun,
  confirmStep,
  answerStep,
  resolveStep,
  archiveRun,
  unarchiveRun,
  previewBulk,
  bulk,
  exportProofs,
  verifyRunProof,
  proofChain,
  showEvidence,
  createIntent,
  listIntentsOperation,
  getIntent,
  approveIntent,
  rejectIntent,
  withdrawIntent,
  aiPropose,
  aiIntents,
  aiIntent,
  readDashboard,
  listAudit,
  getAuditEntry,
  auditHead,
  auditConsistency,
  aiStatus,
  aiLive,
  aiMetrics,
  aiAudit,
  writeAudit,
  aiTestOpenai,
  createSession,
  listSessionsOperation,
  getSession,
  renameSession,
  allowTools,
  archiveSession,
  unarchiveSession,
  createView,
  listViewsOperation,
  deleteViewOperation,
  createKey,
  listKeysOperation,
  revokeKeyOperation,
  listSecretsOperation,
  getSecret,
  setSecret,
  bindSecret,
  removeSecret,
  importSecrets,
  exportSecrets,
  listNotificationRules,
  createNotificationRule,
  updateNotificationRule,
  removeNotificationRule,
  testNotificationRule,
  listNotificationsOperation,
  retryNotificationOperation,
  listSchedulesOperation,
  createSchedule,
  previewSchedule, // before those that name one: its address looks like a name
  getSchedule,
  updateScheduleOperation,
  pauseScheduleOperation,
  resumeScheduleOperation,
  removeSchedule,
  fireSchedule,
  listFiresOperation,
  getPolicies,
  explainPolicies,
  listMembersOperation,
  setRole,
  setEmail,
  removeMember,
  createInvitation,
  listInvitationsOperation,
  revokeInvitationOperation,
  createOrganisation,
  listOrganisationsOperation,
  switchOrganisation,
  listWebhooksOperation,
  createWebhook,
  getWebhook,
  updateWebhookOperation,
  pauseWebhookOperation,
  resumeWebhookOperation,
  removeWebhook,
  rotateWebhookSecret,
  listDeliveriesOperation,
  getDelivery,
  redeliver,
  listMcpServers,
  createMcpServer,
  listMcpTools, // before those that name one: its address looks like a name
  updateMcpServer,
  enableMcpServer,
  disableMcpServer,
  removeMcpServer,
  checkMcpServer,
  getMcpTool,
  consentToTools,
  signInAtMcp,
  signedInAtMcp,
  signOutOfMcp,
  getLimits,
  updateLimits,
  openIdeSession,
  listIdeSessionsOperation,
  endIdeSessionOperation,
  allowIdeApprovals,
  getMe,
  listMySignIns,
  endMySignIn,
];
