import { createStore } from '../kit/store.js';

/** Whether the sheet of keys is open. */
export const sheetOpen = createStore(false);
