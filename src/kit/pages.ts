/** Where the room's pages are, below its address; the app's routes (web/app/router.tsx) are the other end. */
export const intentPage = (intent: string): string => `/approvals?intent=${intent}`;
export const runPage = (run: string): string => `/runs/${run}`;
