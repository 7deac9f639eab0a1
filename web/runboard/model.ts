import type { operations } from '../api/schema.js';

/** The Runboard as the room tells it. */
export type Board = operations['runboard.get']['responses'][200]['content']['application/json'];
export type BoardRun = Board['runs'][number];
export type Segment = BoardRun['steps'][number];
export type BoardEvent = Board['events'][number];
export type Lane = Board['lanes'][number];
export type Cause = Board['causes'][number];
export type Need = Board['needsYou'][number];
export type BoardWorker = Board['workers'][number];
