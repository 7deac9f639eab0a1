/** The pages that one comes to from anywhere; `short` where there is little room. */
export const PLACES = [
  { to: '/', text: 'Runboard', short: 'Board' },
  { to: '/approvals', text: 'Approvals', short: 'Approvals' },
  { to: '/runs', text: 'Runs', short: 'Runs' },
  { to: '/sessions', text: 'Sessions', short: 'Sessions' },
  { to: '/plan', text: 'Plan', short: 'Plan' },
  { to: '/dashboard', text: 'Dashboard', short: 'Dashboard' },
  { to: '/settings', text: 'Settings', short: 'Settings' },
] as const;
