import { createStore } from '../kit/store.js';

/** Whether the palette is open. */
export const paletteOpen = createStore(false);
