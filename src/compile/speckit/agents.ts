/** Agents that the tool `agent` knows. */
export const AGENT_PRESETS = ['claude-code', 'codex', 'cursor'] as const;
export type AgentPreset = (typeof AGENT_PRESETS)[number];
